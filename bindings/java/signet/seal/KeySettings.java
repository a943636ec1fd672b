package signet.seal;

import java.nio.file.Path;

/** How a key is found and opened. Nobody else may use the settings while they are changed. */
public final class KeySettings extends NativeObject {
  /**
   * With no other setting.
   *
   * @param context of the library
   * @param key a PKCS#11 URI (RFC 7512; no pin-value), or the label of a key where the module has one token
   */
  public KeySettings(Context context, String key) {
    super(Call.in(context, address -> Native.keySettingsNew(address, key)), Native::keySettingsFree);
  }

  /**
   * The PKCS#11 module; else the URI's module-path, else the environment variable SIGNET_MODULE, else Signet's own
   * module. It is initialised where the program has not done so, and stays so until the process ends.
   *
   * @param file of the module
   * @return these settings
   */
  public KeySettings module(Path file) {
    change(settings -> Native.keySettingsSetModule(settings, file.toString()));
    return this;
  }

  /**
   * The token's PIN. One that the token has called wrong is not sent again in this process. Without a PIN and a
   * callback, the login is on the token's own key pad.
   *
   * @param pin of 1 to 1024 bytes in UTF-8; it is copied
   * @return these settings
   */
  public KeySettings pin(char[] pin) {
    Secrets.use(pin, bytes -> change(settings -> Native.keySettingsSetPin(settings, bytes)));
    return this;
  }

  /**
   * For keys that want a second credential for each signature (CKA_ALWAYS_AUTHENTICATE).
   *
   * @param pin of 1 to 1024 bytes in UTF-8; it is copied
   * @return these settings
   */
  public KeySettings signingPin(char[] pin) {
    Secrets.use(pin, bytes -> change(settings -> Native.keySettingsSetSigningPin(settings, bytes)));
    return this;
  }

  /**
   * The signer's certificate; else the youngest valid one on the token that is for the key.
   *
   * @param der of an X.509 certificate
   * @return these settings
   */
  public KeySettings certificate(byte[] der) {
    change(settings -> Native.keySettingsSetCertificate(settings, der));
    return this;
  }

  /**
   * A certificate beside those on the token. Those that lead from the signer's certificate up go into the seal,
   * without the root.
   *
   * @param der of an X.509 certificate
   * @return these settings
   */
  public KeySettings addIssuer(byte[] der) {
    change(settings -> Native.keySettingsAddIssuer(settings, der));
    return this;
  }

  /**
   * Asks for the token's PIN, once for each {@link #open()}.
   *
   * @param callback is called in the thread that opens
   * @return these settings
   */
  public KeySettings pinCallback(PinCallback callback) {
    final Callback made = new Callback(callback);
    change(settings -> Native.keySettingsSetPinCallback(settings, Callback.numberOf(made)));
    pin = made;
    return this;
  }

  /**
   * Asks for the second credential, for each signature of keys that want one (CKA_ALWAYS_AUTHENTICATE).
   *
   * @param callback is called from any thread that seals
   * @return these settings
   */
  public KeySettings signingPinCallback(PinCallback callback) {
    final Callback made = new Callback(callback);
    change(settings -> Native.keySettingsSetSigningPinCallback(settings, Callback.numberOf(made)));
    signingPin = made;
    return this;
  }

  /**
   * Loads the module, logs in, finds key and certificate. Blocks as long as the token takes.
   *
   * @return the key
   */
  public SealKey open() {
    try (Call call = new Call()) {
      final long settings = call.share(this);
      return new SealKey(call.run(() -> Native.keyOpen(settings)), signingPin);
    }
  }

  // They live as long as these settings; that for signatures as long as the keys, too.
  private volatile Callback pin;
  private volatile Callback signingPin;
}
