using System;

namespace Signet.Seal {
  /// <summary>A key that seals. Many threads may use it at once.</summary>
  public sealed class SealKey : NativeObject {
    // It lives as long as this key.
    private readonly Callback signingPin;

    internal SealKey(IntPtr address, Callback signingPin) : base(address, Native.KeyFree) {
      this.signingPin = signingPin;
    }

    internal override void Keep() => GC.KeepAlive(signingPin);

    /// <summary>The signer's certificate in DER.</summary>
    /// <returns>A copy.</returns>
    public byte[] Certificate() => Read(Native.KeyCertificate);

    /// <summary>Seals a document: one signature of the key, and one request to an authority.</summary>
    /// <param name="document">To be sealed.</param>
    /// <param name="output">Takes the sealed document.</param>
    /// <param name="options">How; without them as CAdES, inside the seal.</param>
    /// <param name="timeStamper">Gives the time-stamp.</param>
    /// <param name="control">Tells and cancels.</param>
    /// <returns>What became of the seal.</returns>
    public SealResult Seal(Input document, Output output, SealOptions options = null, TimeStamper timeStamper = null,
                           SealControl control = null) {
      using (var call = new Call()) {
        IntPtr key = call.Share(this), stamper = call.Share(timeStamper), how = call.Share(options);
        IntPtr read = call.Take(document), written = call.Take(output), controlled = call.Take(control);
        return new SealResult(call.Run(() => Native.Document(key, stamper, how, read, written, controlled)));
      }
    }

    /// <summary>One more, parallel signature in a sealed message (CAdES), whose own bytes stay as they are. A PDF document that
    /// is sealed gets one more seal by Seal.</summary>
    /// <param name="message">That is sealed.</param>
    /// <param name="document">That the message is over; null: it holds it.</param>
    /// <param name="output">Takes the message.</param>
    /// <param name="options">How; packaging and encoding are the message's.</param>
    /// <param name="timeStamper">Gives the time-stamp.</param>
    /// <param name="control">Tells and cancels.</param>
    /// <returns>What became of the seal.</returns>
    public SealResult AddSignature(Input message, Input document, Output output, SealOptions options = null,
                                   TimeStamper timeStamper = null, SealControl control = null) {
      using (var call = new Call()) {
        IntPtr key = call.Share(this), stamper = call.Share(timeStamper), how = call.Share(options);
        IntPtr isSealed = call.Take(message), data = call.Take(document), written = call.Take(output);
        IntPtr controlled = call.Take(control);
        return new SealResult(call.Run(() => Native.AddSignature(key, stamper, how, isSealed, data, written, controlled)));
      }
    }
  }
}
