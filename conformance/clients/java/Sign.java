import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;

/** Signs a file with a key of the token: java Sign.java signet.cfg ALIAS ALGORITHM FILE SIGNATURE. */
final class Sign {
  public static void main(String[] args) throws Exception {
    Provider token = Security.getProvider("SunPKCS11").configure(args[0]);
    Security.addProvider(token);
    KeyStore keys = KeyStore.getInstance("PKCS11", token);
    keys.load(null, System.getenv("PIN").toCharArray());

    Signature signature = Signature.getInstance(args[2]);
    signature.initSign((PrivateKey) keys.getKey(args[1], null));
    signature.update(Files.readAllBytes(Path.of(args[3])));
    Files.write(Path.of(args[4]), signature.sign());
  }
}
