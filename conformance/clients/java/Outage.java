import java.io.IOException;
import java.security.PrivateKey;
import java.security.PublicKey;

/** The appliance goes away and comes back; the program keeps its provider, its login and its keys. */
final class Outage {
  private final Token token;

  Outage(Token token) {
    this.token = token;
  }

  private static void appliance(String... words) throws IOException, InterruptedException {
    String[] command = new String[words.length + 1];
    command[0] = "appliance";
    System.arraycopy(words, 0, command, 1, words.length);
    Token.check(new ProcessBuilder(command).inheritIO().start().waitFor() == 0, String.join(" ", command));
  }

  void run() throws Exception {
    PrivateKey key = token.privateKey("seal-ec");
    PublicKey shown = token.publicKey("seal-ec");
    sign(key, shown);
    appliance("stop", "primary");
    sign(key, shown);
    appliance("stop", "alternate");
    try {
      sign(key, shown);
      throw new AssertionError("a signature without an appliance");
    } catch (Exception expected) {
      System.out.println("  without an appliance: " + expected);
    }
    appliance("start");
    sign(key, shown);
  }

  private void sign(PrivateKey key, PublicKey shown) throws Exception {
    byte[] made = token.sign("SHA256withECDSA", key, Token.DOCUMENT);
    Token.check(Token.verifies("SHA256withECDSA", shown, Token.DOCUMENT, made), "a signature");
  }
}
