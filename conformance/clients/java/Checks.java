import java.io.FileInputStream;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** java Checks CONFIGURATION CHECK...: each check is a method below; the first that fails ends the program. */
final class Checks {
  private final Token token;

  private Checks(Token token) {
    this.token = token;
  }

  public static void main(String[] args) throws Exception {
    Checks checks = new Checks(new Token(args[0]));
    for (int i = 1; i < args.length; i++) {
      checks.run(args[i]);
      System.out.println(args[i] + ": ok");
    }
  }

  private void run(String name) throws Exception {
    switch (name) {
      case "store" -> store();
      case "algorithms" -> new Algorithms(token).run();
      case "generation" -> generation();
      case "chain" -> chain();
      case "rename" -> rename();
      case "threads" -> threads();
      case "tls" -> new Tls(token).run();
      case "callback" -> new Logins(token).callback();
      case "wrong-pin" -> new Logins(token).wrongPin();
      case "limits" -> new Limits(token).run();
      case "outage" -> new Outage(token).run();
      case "long" -> new LongRun(token).run(10_000);
      default -> throw new IllegalArgumentException(name);
    }
  }

  private void store() throws Exception {
    List<String> aliases = Collections.list(token.keys.aliases());
    Collections.sort(aliases);
    Token.check(aliases.equals(List.of("seal-ec", "seal-rsa", "seal-rsa4096")), "aliases are " + aliases);
    for (String alias : aliases) {
      Token.check(token.keys.isKeyEntry(alias), alias + " is no key");
      Key key = token.keys.getKey(alias, null);
      Token.check(key.getEncoded() == null, alias + " shows its private key");
      Token.check(key.getAlgorithm().equals(token.publicKey(alias).getAlgorithm()), alias + " has another algorithm");
      Token.check(token.keys.getCertificateAlias(token.keys.getCertificate(alias)).equals(alias), alias);
    }
    Token.check(((RSAPublicKey) token.publicKey("seal-rsa4096")).getModulus().bitLength() == 4096, "the size");
  }

  private void generation() throws Exception {
    for (int size : new int[] {2048, 3072, 4096}) generated("RSA", size, null, "SHA256withRSA");
    for (String curve : List.of("secp256r1", "secp384r1", "secp521r1")) generated("EC", 0, curve, "SHA384withECDSA");
  }

  private void generated(String type, int size, String curve, String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(type, token.provider);
    if (curve == null) {
      generator.initialize(size);
    } else {
      generator.initialize(new ECGenParameterSpec(curve));
    }
    KeyPair pair = generator.generateKeyPair();
    byte[] made = token.sign(algorithm, pair.getPrivate(), Token.DOCUMENT);
    // As software's own key: the token's is tied to its provider.
    PublicKey copy = KeyFactory.getInstance(type, type.equals("EC") ? "SunEC" : "SunRsaSign")
        .generatePublic(new X509EncodedKeySpec(pair.getPublic().getEncoded()));
    Token.check(Token.verifies(algorithm, copy, Token.DOCUMENT, made), "a new key: " + type + size + curve);
  }

  private static List<Certificate> certificates(String file) throws Exception {
    try (FileInputStream in = new FileInputStream(file)) {
      return new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(in));
    }
  }

  /** The issuers' certificates go to the token as well, and come back with the key. */
  private void chain() throws Exception {
    for (String alias : List.of("seal-rsa", "seal-ec")) {
      List<Certificate> chain = certificates(alias + ".pem");
      chain.addAll(certificates("ca/ca.pem"));
      token.keys.setKeyEntry(alias, token.privateKey(alias), null, chain.toArray(new Certificate[0]));
      Certificate[] again = token.load().getCertificateChain(alias);
      Token.check(List.of(again).equals(chain), alias + "'s chain has " + again.length);
      token.signAndVerify(alias.equals("seal-ec") ? "SHA256withECDSA" : "SHA256withRSA", alias);
    }
  }

  private void rename() throws Exception {
    rename("seal-ec", "renamed");
    token.signAndVerify("SHA256withECDSA", "renamed");
    rename("renamed", "seal-ec");
    token.signAndVerify("SHA256withECDSA", "seal-ec");
  }

  private void rename(String from, String to) throws Exception {
    PrivateKey key = token.privateKey(from);
    Certificate[] chain = token.keys.getCertificateChain(from);
    token.keys.setKeyEntry(to, key, null, chain);
    KeyStore again = token.load();
    Token.check(again.isKeyEntry(to), "there is no " + to);
    Token.check(!again.containsAlias(from), from + " is still there");
    Token.check(List.of(again.getCertificateChain(to)).equals(List.of(chain)), to + "'s chain");
  }

  private void threads() throws Exception {
    int threads = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<Void>> runs = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      boolean ec = i % 2 == 0;
      Callable<Void> run = () -> {
        for (int n = 0; n < 20; n++) token.signAndVerify(ec ? "SHA256withECDSA" : "SHA256withRSA", ec ? "seal-ec" : "seal-rsa");
        return null;
      };
      runs.add(pool.submit(run));
    }
    for (Future<Void> run : runs) run.get();
    pool.shutdown();
  }
}
