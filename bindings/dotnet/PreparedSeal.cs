using System;
using System.Collections.Generic;

namespace Signet.Seal {
  /// <summary>A seal that lacks its signature.</summary>
  public sealed class PreparedSeal {
    private readonly byte[] digest;
    private readonly byte[] attributes;
    private readonly byte[] state;

    // Reads and frees the native one.
    internal PreparedSeal(IntPtr prepared) {
      try {
        Hash = (Hash)Native.PreparedHash(prepared);
        digest = Native.PreparedDigest(prepared);
        attributes = Native.PreparedAttributes(prepared);
        state = Native.PreparedState(prepared);
        Remarks = Values.List(Native.PreparedRemarkCount(prepared), at => Native.PreparedRemark(prepared, at));
      } finally {
        Native.PreparedFree(prepared);
      }
    }

    /// <summary>Of the digest.</summary>
    public Hash Hash { get; }

    /// <summary>The digest that RSA and ECDSA keys sign; null for Ed25519.</summary>
    /// <returns>A copy.</returns>
    public byte[] Digest() => (byte[])digest?.Clone();

    /// <summary>The signed attributes in DER, which Ed25519 signs as they are.</summary>
    /// <returns>A copy.</returns>
    public byte[] Attributes() => (byte[])attributes.Clone();

    /// <summary>What Finish() wants, in this process or another; some kilobytes, no secret.</summary>
    /// <returns>A copy.</returns>
    public byte[] State() => (byte[])state.Clone();

    /// <summary>What readers may take amiss in this document, though the seal is good.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>Puts a signature into a prepared seal, and writes the document.</summary>
    /// <param name="context">Of the library.</param>
    /// <param name="state">Of the prepared seal.</param>
    /// <param name="signature">As X.509 carries it (ECDSA: DER SEQUENCE of r and s); Status.Signature where it does not fit the
    /// state.</param>
    /// <param name="document">The same again, else Status.Changed; may be null for an external seal.</param>
    /// <param name="output">Takes the sealed document.</param>
    /// <param name="options">Packaging and encoding (CAdES), level, and what concerns time-stamps.</param>
    /// <param name="timeStamper">Gives the time-stamp.</param>
    /// <param name="control">Tells and cancels.</param>
    /// <returns>What became of the seal.</returns>
    public static SealResult Finish(Context context, byte[] state, byte[] signature, Input document, Output output,
                                    SealOptions options = null, TimeStamper timeStamper = null, SealControl control = null) {
      using (var call = new Call()) {
        IntPtr address = call.Share(context), stamper = call.Share(timeStamper), how = call.Share(options);
        IntPtr read = call.Take(document), written = call.Take(output), controlled = call.Take(control);
        return new SealResult(
            call.Run(() => Native.Finish(address, stamper, how, state, signature, read, written, controlled)));
      }
    }
  }
}
