import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;

/** What the checks share: the provider, its key store, and signatures that other providers verify. */
final class Token {
  static final byte[] DOCUMENT = "a document".getBytes(StandardCharsets.UTF_8);

  final Provider provider;
  final KeyStore keys;

  Token(String configuration) throws Exception {
    provider = Security.getProvider("SunPKCS11").configure(configuration);
    Security.addProvider(provider);
    keys = load();
  }

  static char[] pin() {
    return System.getenv("PIN").toCharArray();
  }

  KeyStore load() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS11", provider);
    store.load(null, pin());
    return store;
  }

  PrivateKey privateKey(String alias) throws Exception {
    return (PrivateKey) keys.getKey(alias, null);
  }

  /** As the certificate has it, in software. */
  PublicKey publicKey(String alias) throws Exception {
    return keys.getCertificate(alias).getPublicKey();
  }

  byte[] sign(String algorithm, PrivateKey key, byte[] data) throws Exception {
    Signature signature = Signature.getInstance(algorithm, provider);
    signature.initSign(key);
    signature.update(data);
    return signature.sign();
  }

  /** Verifies with a provider that knows nothing of the token. */
  static boolean verifies(String algorithm, PublicKey key, byte[] data, byte[] made) throws Exception {
    String software = key.getAlgorithm().equals("EC") ? "SunEC" : "SunRsaSign";
    Signature signature = Signature.getInstance(algorithm, software);
    signature.initVerify(key);
    signature.update(data);
    return signature.verify(made);
  }

  void signAndVerify(String algorithm, String alias) throws Exception {
    byte[] made = sign(algorithm, privateKey(alias), DOCUMENT);
    check(verifies(algorithm, publicKey(alias), DOCUMENT, made), algorithm + " with " + alias);
  }

  static void check(boolean right, String what) {
    if (!right) throw new AssertionError(what);
  }
}
