import java.security.AuthProvider;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.FailedLoginException;

/** The PIN comes from a callback, once; a wrong one is named as such and leaves the token usable. */
final class Logins {
  private final Token token;
  private final AuthProvider provider;

  Logins(Token token) {
    this.token = token;
    provider = (AuthProvider) token.provider;
  }

  private static CallbackHandler answering(char[] pin, AtomicInteger asked) {
    return callbacks -> {
      for (Callback callback : callbacks) {
        ((PasswordCallback) callback).setPassword(pin);
        asked.incrementAndGet();
      }
    };
  }

  void callback() throws Exception {
    provider.logout();
    AtomicInteger asked = new AtomicInteger();
    KeyStore store = KeyStore.Builder.newInstance("PKCS11", provider,
        new KeyStore.CallbackHandlerProtection(answering(Token.pin(), asked))).getKeyStore();
    PrivateKey key = (PrivateKey) store.getKey("seal-ec", null);
    byte[] made = token.sign("SHA256withECDSA", key, Token.DOCUMENT);
    Token.check(Token.verifies("SHA256withECDSA", store.getCertificate("seal-ec").getPublicKey(), Token.DOCUMENT, made),
        "a signature after a login by callback");
    Token.check(asked.get() == 1, "the PIN was asked for " + asked.get() + " times");

    provider.logout();
    provider.login(null, answering(Token.pin(), asked));
    Token.check(token.load().isKeyEntry("seal-ec"), "the keys after a login of the provider");
  }

  void wrongPin() throws Exception {
    provider.logout();
    try {
      provider.login(null, answering("0000".toCharArray(), new AtomicInteger()));
      throw new AssertionError("a wrong PIN was taken");
    } catch (FailedLoginException expected) {
      System.out.println("  " + expected.getCause().getMessage());
      Token.check(expected.getCause().getMessage().contains("CKR_PIN_INCORRECT"), "the reason");
    }
    provider.login(null, answering(Token.pin(), new AtomicInteger()));
    Token.check(token.load().isKeyEntry("seal-rsa"), "the keys after the right PIN");
  }
}
