import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.io.FileInputStream;

/**
 * One process, two users of the module: SunPKCS11, and a JNI library that loads it by itself.
 *
 * <p>java JniUser java|jni signet.cfg LIBRARY MODULE: who loads the module first.
 */
final class JniUser {
  private static final int SIGNATURES = 60;
  private static final byte[] DOCUMENT = "a document".getBytes();

  /** Loads the module, or joins whoever has initialised it; logs in, unless that has been done. */
  private static native void open(String module, String pin);

  /** SHA256-RSA-PKCS over the data with the key of this label. */
  private static native byte[] sign(String label, byte[] data);

  private interface Signer {
    byte[] sign() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    System.load(args[2]);
    String pin = System.getenv("PIN");
    if (args[0].equals("jni")) open(args[3], pin);
    Provider token = Security.getProvider("SunPKCS11").configure(args[1]);
    Security.addProvider(token);
    KeyStore keys = KeyStore.getInstance("PKCS11", token);
    keys.load(null, pin.toCharArray());
    PrivateKey key = (PrivateKey) keys.getKey("seal-ec", null);
    if (args[0].equals("java")) open(args[3], pin);

    Thread java = signing("SHA256withECDSA", "seal-ec.pem", () -> {
      Signature signature = Signature.getInstance("SHA256withECDSA", token);
      signature.initSign(key);
      signature.update(DOCUMENT);
      return signature.sign();
    });
    Thread jni = signing("SHA256withRSA", "seal-rsa.pem", () -> sign("seal-rsa", DOCUMENT));
    java.join();
    jni.join();
    System.out.println("both signed at once");
  }

  private static Thread signing(String algorithm, String certificate, Signer signer) {
    Thread thread = new Thread(() -> {
      try (FileInputStream in = new FileInputStream(certificate)) {
        Signature verifier = Signature.getInstance(algorithm, algorithm.endsWith("RSA") ? "SunRsaSign" : "SunEC");
        verifier.initVerify(CertificateFactory.getInstance("X.509").generateCertificate(in));
        for (int n = 0; n < SIGNATURES; n++) {
          byte[] made = signer.sign();
          verifier.update(DOCUMENT);
          if (!verifier.verify(made)) throw new IllegalStateException("signature " + n + " does not verify");
        }
      } catch (Throwable failure) {
        failure.printStackTrace();
        Runtime.getRuntime().halt(1);
      }
    });
    thread.start();
    return thread;
  }
}
