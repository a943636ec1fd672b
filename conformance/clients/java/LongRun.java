import java.security.PrivateKey;
import java.security.PublicKey;
import sun.security.pkcs11.wrapper.CK_C_INITIALIZE_ARGS;
import sun.security.pkcs11.wrapper.PKCS11;

/** Many signatures must leave neither sessions nor memory behind. Needs the provider's inner package. */
final class LongRun {
  private final Token token;
  private final PKCS11 module;
  private final long slot;

  LongRun(Token token) throws Exception {
    this.token = token;
    // The instance that the provider made for this library.
    module = PKCS11.getInstance(System.getenv("MODULE"), "C_GetFunctionList", (CK_C_INITIALIZE_ARGS) null, true);
    slot = module.C_GetSlotList(true)[0];
  }

  /** As the module itself counts them (C_GetTokenInfo). */
  private long sessions() throws Exception {
    return module.C_GetTokenInfo(slot).ulSessionCount;
  }

  void run(int signatures) throws Exception {
    PrivateKey key = token.privateKey("seal-ec");
    PublicKey shown = token.publicKey("seal-ec");
    long before = 0;
    for (int n = 0; n < signatures; n++) {
      byte[] made = token.sign("SHA256withECDSA", key, Token.DOCUMENT);
      Token.check(Token.verifies("SHA256withECDSA", shown, Token.DOCUMENT, made), "signature " + n);
      if (n == signatures / 10) before = sessions();
    }
    long after = sessions();
    System.out.println("  sessions: " + before + " after the first tenth, " + after + " at the end");
    Token.check(before > 0 && after <= before, "sessions grew from " + before + " to " + after);
  }
}
