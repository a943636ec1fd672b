using System;

namespace Signet.Seal {
  /// <summary>Whose key signs elsewhere or later: sealing in two steps.</summary>
  public sealed class Signer : NativeObject {
    /// <summary>With no other setting.</summary>
    /// <param name="context">Of the library.</param>
    /// <param name="certificate">The signer's, X.509 in DER.</param>
    public Signer(Context context, byte[] certificate) : base(Call.In(context, address => Native.SignerNew(address, certificate)), Native.SignerFree) {}

    /// <summary>An issuer's certificate that goes into the seal.</summary>
    /// <param name="der">Of an X.509 certificate.</param>
    /// <returns>This signer.</returns>
    public Signer AddIssuer(byte[] der) {
      Change(signer => Native.SignerAddIssuer(signer, der));
      return this;
    }

    /// <summary>Reads a document and leaves a seal that lacks its signature.</summary>
    /// <param name="options">Format, hash, padding, and what is signed beside the document; for PAdES also the level: other than B-B
    /// leaves room for a time-stamp; may be null.</param>
    /// <param name="document">To be sealed.</param>
    /// <param name="control">Tells and cancels.</param>
    /// <returns>The seal.</returns>
    public PreparedSeal Prepare(SealOptions options, Input document, SealControl control = null) {
      using (var call = new Call()) {
        IntPtr signer = call.Share(this), how = call.Share(options), read = call.Take(document), controlled = call.Take(control);
        return new PreparedSeal(call.Run(() => Native.Prepare(signer, how, read, controlled)));
      }
    }
  }
}
