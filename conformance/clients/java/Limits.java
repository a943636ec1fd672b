import java.io.FileInputStream;
import java.security.InvalidKeyException;
import java.security.KeyPairGenerator;
import java.security.KeyStoreException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;

/** What lies beside signatures: the rest that the provider offers, what the token refuses, what is left unfinished. */
final class Limits {
  private static final int MANY = 200;

  private final Token token;

  Limits(Token token) {
    this.token = token;
  }

  private interface Step {
    void run() throws Exception;
  }

  private static void refused(String what, Class<? extends Exception> with, Step step) throws Exception {
    try {
      step.run();
    } catch (Exception refusal) {
      Token.check(with.isInstance(refusal), what + " ends in " + refusal);
      System.out.println("  " + what + ": " + refusal.getMessage());
      return;
    }
    throw new AssertionError(what + " was not refused");
  }

  void run() throws Exception {
    digestsAndRandom();
    loginIsLost();
    verifies("SHA256withRSA", "seal-rsa");
    verifies("SHA256withECDSA", "seal-ec");
    abandoned();
    refusals();
  }

  private void digestsAndRandom() throws Exception {
    byte[] block = new byte[100_000];
    for (String name : new String[] {"SHA-256", "SHA-384", "SHA-512"}) {
      MessageDigest here = MessageDigest.getInstance(name, token.provider);
      MessageDigest there = MessageDigest.getInstance(name, "SUN");
      for (int i = 0; i < 20; i++) {
        here.update(block);
        there.update(block);
      }
      Token.check(Arrays.equals(here.digest(), there.digest()), name);
    }
    byte[] first = new byte[64];
    byte[] second = new byte[64];
    SecureRandom random = SecureRandom.getInstance("PKCS11", token.provider);
    random.nextBytes(first);
    random.nextBytes(second);
    Token.check(!Arrays.equals(first, second), "random numbers");
  }

  /**
   * SunPKCS11 closes the session of each digest of several parts. Here it was the last one, and with the last session a
   * token logs out (PKCS#11 3.0, 5.6.2): the private keys are gone until the PIN is given once more.
   */
  private void loginIsLost() throws Exception {
    Token.check(token.privateKey("seal-rsa") == null, "the login outlived its last session: the page says otherwise");
    token.load();
    Token.check(token.privateKey("seal-rsa") != null, "the key after another login");
  }

  /** By the token's own verification. */
  private void verifies(String algorithm, String alias) throws Exception {
    byte[] document = new byte[5000];
    byte[] made = token.sign(algorithm, token.privateKey(alias), document);
    Signature signature = Signature.getInstance(algorithm, token.provider);
    signature.initVerify(token.publicKey(alias));
    signature.update(document);
    Token.check(signature.verify(made), algorithm + " on the token");
    document[0] = 1;
    signature.update(document);
    Token.check(!signature.verify(made), algorithm + " on the token, of another document");
  }

  /** Started and never finished, by objects that are thrown away and by one that begins anew. */
  private void abandoned() throws Exception {
    PrivateKey rsa = token.privateKey("seal-rsa");
    Signature signature = Signature.getInstance("SHA256withRSA", token.provider);
    for (int i = 0; i < MANY; i++) {
      Signature dropped = Signature.getInstance("SHA256withECDSA", token.provider);
      dropped.initSign(token.privateKey("seal-ec"));
      dropped.update(Token.DOCUMENT);
      signature.initSign(rsa);
      signature.update(new byte[i]);
    }
    signature.initSign(rsa);
    signature.update(Token.DOCUMENT);
    Token.check(Token.verifies("SHA256withRSA", token.publicKey("seal-rsa"), Token.DOCUMENT, signature.sign()),
        "a signature after abandoned ones");
  }

  /** The appliance masks with the hash that the document has. */
  private void maskedByAnotherHash() throws Exception {
    Signature signature = Signature.getInstance("RSASSA-PSS", token.provider);
    signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA512, 32, 1));
    signature.initSign(token.privateKey("seal-rsa"));
  }

  private void refusals() throws Exception {
    Certificate root;
    try (FileInputStream in = new FileInputStream("ca/root.pem")) {
      root = CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    refused("a trusted certificate", KeyStoreException.class, () -> token.keys.setCertificateEntry("root", root));
    refused("a secret key", KeyStoreException.class,
        () -> token.keys.setKeyEntry("aes", new SecretKeySpec(new byte[16], "AES"), null, null));
    refused("a key from outside", KeyStoreException.class, () -> token.keys.setKeyEntry("outside",
        KeyPairGenerator.getInstance("EC", "SunEC").generateKeyPair().getPrivate(), null, new Certificate[] {root}));
    refused("PSS masked by another hash", InvalidKeyException.class, this::maskedByAnotherHash);
    refused("a key that is too short", Exception.class,
        () -> KeyPairGenerator.getInstance("RSA", token.provider).initialize(1024));
    refused("a key of another type", Exception.class,
        () -> token.sign("SHA256withRSA", token.privateKey("seal-ec"), Token.DOCUMENT));
  }
}
