using System;

namespace Signet.Seal {
  /// <summary>How a key is found and opened. Nobody else may use the settings while they are changed.</summary>
  public sealed class KeySettings : NativeObject {
    /// <summary>With no other setting.</summary>
    /// <param name="context">Of the library.</param>
    /// <param name="key">A PKCS#11 URI (RFC 7512; no pin-value), or the label of a key where the module has one
    /// token.</param>
    public KeySettings(Context context, string key) : base(Call.In(context, address => Native.KeySettingsNew(address, key)), Native.KeySettingsFree) {}

    /// <summary>The PKCS#11 module; else the URI's module-path, else the environment variable SignetModule, else
    /// Signet's own module. It is initialised where the program has not done so, and stays so until the process
    /// ends.</summary>
    /// <value>Of the module.</value>
    public string Module {
      set {
        Change(settings => Native.KeySettingsSetModule(settings, value));
      }
    }

    /// <summary>The token's PIN. One that the token has called wrong is not sent again in this process. Without a PIN
    /// and a callback, the login is on the token's own key pad.</summary>
    /// <value>Of 1 to 1024 bytes in UTF-8; it is copied.</value>
    public char[] Pin {
      set {
        Secrets.Use(value, bytes => Change(settings => Native.KeySettingsSetPin(settings, bytes)));
      }
    }

    /// <summary>For keys that want a second credential for each signature (CkaAlwaysAuthenticate).</summary>
    /// <value>Of 1 to 1024 bytes in UTF-8; it is copied.</value>
    public char[] SigningPin {
      set {
        Secrets.Use(value, bytes => Change(settings => Native.KeySettingsSetSigningPin(settings, bytes)));
      }
    }

    /// <summary>The signer's certificate; else the youngest valid one on the token that is for the key.</summary>
    /// <value>Of an X.509 certificate.</value>
    public byte[] Certificate {
      set {
        Change(settings => Native.KeySettingsSetCertificate(settings, value));
      }
    }

    /// <summary>A certificate beside those on the token. Those that lead from the signer's certificate up go into the
    /// seal, without the root.</summary>
    /// <param name="der">Of an X.509 certificate.</param>
    /// <returns>These settings.</returns>
    public KeySettings AddIssuer(byte[] der) {
      Change(settings => Native.KeySettingsAddIssuer(settings, der));
      return this;
    }

    /// <summary>Asks for the token's PIN, once for each call of Open.</summary>
    /// <value>Is called in the thread that opens.</value>
    public PinCallback PinCallback {
      set {
        var made = new Callback(value);
        Change(settings => Native.KeySettingsSetPinCallback(settings, Callback.Pin, made.Number));
        pin = made;
      }
    }

    /// <summary>Asks for the second credential, for each signature of keys that want one (CKA_ALWAYS_AUTHENTICATE).</summary>
    /// <value>Is called from any thread that seals.</value>
    public PinCallback SigningPinCallback {
      set {
        var made = new Callback(value);
        Change(settings => Native.KeySettingsSetSigningPinCallback(settings, Callback.Pin, made.Number));
        signingPin = made;
      }
    }

    /// <summary>Loads the module, logs in, finds key and certificate. Blocks as long as the token takes.</summary>
    /// <returns>The key.</returns>
    public SealKey Open() {
      using (var call = new Call()) {
        IntPtr settings = call.Share(this);
        return new SealKey(call.Run(() => Native.KeyOpen(settings)), signingPin);
      }
    }

    internal override void Keep() {
      GC.KeepAlive(pin);
      GC.KeepAlive(signingPin);
    }

    // They live as long as these settings; that for signatures as long as the keys, too.
    private volatile Callback pin;
    private volatile Callback signingPin;
  }
}
