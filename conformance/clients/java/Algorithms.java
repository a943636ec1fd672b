import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Every signature algorithm that the provider offers with the token's mechanisms, with every key that fits. */
final class Algorithms {
  private static final List<String> EXPECTED = List.of(
      "NONEwithECDSA", "NONEwithECDSAinP1363Format", "RSASSA-PSS", "SHA224withECDSA", "SHA224withRSA",
      "SHA256withECDSA", "SHA256withECDSAinP1363Format", "SHA256withRSA", "SHA256withRSASSA-PSS", "SHA384withECDSA",
      "SHA384withECDSAinP1363Format", "SHA384withRSA", "SHA384withRSASSA-PSS", "SHA512withECDSA",
      "SHA512withECDSAinP1363Format", "SHA512withRSA", "SHA512withRSASSA-PSS");

  private final Token token;

  Algorithms(Token token) {
    this.token = token;
  }

  void run() throws Exception {
    Set<String> offered = new TreeSet<>();
    for (Provider.Service service : token.provider.getServices()) {
      if (service.getType().equals("Signature")) offered.add(service.getAlgorithm());
    }
    System.out.println(offered);
    for (String name : EXPECTED) {
      Token.check(offered.contains(name), "the token lacks " + name);
    }
    for (String name : offered) {
      if (name.startsWith("SHA1with")) {
        refused(name, name.contains("ECDSA") ? "seal-ec" : "seal-rsa");
      } else if (name.contains("ECDSA")) {
        one(name, "seal-ec");
      } else {
        one(name, "seal-rsa");
        one(name, "seal-rsa4096");
      }
    }
    withoutCipher();
  }

  private void one(String algorithm, String alias) throws Exception {
    if (algorithm.contains("PSS")) {
      pss(algorithm, alias);
    } else if (algorithm.startsWith("NONE")) {
      digest(algorithm, alias);
    } else {
      token.signAndVerify(algorithm, alias);
    }
    System.out.println("  " + algorithm + " with " + alias);
  }

  private void digest(String algorithm, String alias) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Token.DOCUMENT);
    byte[] made = token.sign(algorithm, token.privateKey(alias), digest);
    Token.check(Token.verifies(algorithm, token.publicKey(alias), digest, made), algorithm);
  }

  /** The token lists SHA-1 for verifying; signing with it must be allowed in its configuration. */
  private void refused(String algorithm, String alias) throws Exception {
    try {
      token.sign(algorithm, token.privateKey(alias), Token.DOCUMENT);
      throw new AssertionError(algorithm + " was not refused");
    } catch (ProviderException expected) {
      Token.check(expected.getCause().getMessage().equals("CKR_MECHANISM_INVALID"), expected.getCause().getMessage());
      System.out.println("  " + algorithm + " with " + alias + ": refused");
    }
  }

  /** Java makes this one of a cipher, which the provider offers only for tokens that decrypt. */
  private void withoutCipher() throws Exception {
    try {
      Signature.getInstance("NONEwithRSA", token.provider);
      throw new AssertionError("NONEwithRSA is there: the page says that it is not");
    } catch (NoSuchAlgorithmException expected) {
      System.out.println("  NONEwithRSA: " + expected.getMessage());
    }
  }

  private void pss(String algorithm, String alias) throws Exception {
    for (String hash : List.of("SHA-256", "SHA-384", "SHA-512")) {
      if (!algorithm.equals("RSASSA-PSS") && !algorithm.startsWith(hash.replace("-", ""))) continue;
      for (int salt : new int[] {0, MessageDigest.getInstance(hash).getDigestLength()}) {
        PSSParameterSpec spec = new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), salt, 1);
        byte[] made = pssSign(algorithm, token.privateKey(alias), spec);
        Signature software = Signature.getInstance("RSASSA-PSS", "SunRsaSign");
        software.setParameter(spec);
        software.initVerify(token.publicKey(alias));
        software.update(Token.DOCUMENT);
        Token.check(software.verify(made), algorithm + " " + hash + " salt " + salt);
      }
    }
  }

  private byte[] pssSign(String algorithm, PrivateKey key, PSSParameterSpec spec) throws Exception {
    Signature signature = Signature.getInstance(algorithm, token.provider);
    signature.setParameter(spec);
    signature.initSign(key);
    signature.update(Token.DOCUMENT);
    return signature.sign();
  }
}
