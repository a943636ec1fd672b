using System;
using System.Collections.Generic;

namespace Signet.Seal {
  /// <summary>What became of a seal.</summary>
  public sealed class SealResult {
    private readonly byte[] digest;
    private readonly byte[] signatureDigest;
    private readonly byte[] certificate;

    // Reads and frees the native one.
    internal SealResult(IntPtr result) {
      try {
        Level = (Level)Native.ResultLevel(result);
        IsDegraded = Native.ResultIsDegraded(result) != 0;
        WhyDegraded = Native.ResultWhyDegraded(result);
        Hash = (Hash)Native.ResultHash(result);
        digest = Native.ResultDigest(result);
        signatureDigest = Native.ResultSignatureDigest(result);
        certificate = Native.ResultCertificate(result);
        SignedAt = Values.Second(Native.ResultSignedAt(result));
        StampedAt = Values.Millisecond(Native.ResultStampedAt(result));
        Authority = Native.ResultAuthority(result);
        Warnings = Values.List(Native.ResultWarningCount(result), at => Native.ResultWarning(result, at));
        Field = Native.ResultField(result);
        SignatureCount = checked((long)Native.ResultSignatureCount(result));
        Remarks = Values.List(Native.ResultRemarkCount(result), at => Native.ResultRemark(result, at));
      } finally {
        Native.ResultFree(result);
      }
    }

    /// <summary>The level of the seal.</summary>
    public Level Level { get; }

    /// <summary>Whether it is below the level that was asked for.</summary>
    public bool IsDegraded { get; }

    /// <summary>Why it is; empty where it is not.</summary>
    public string WhyDegraded { get; }

    /// <summary>Of the digests.</summary>
    public Hash Hash { get; }

    /// <summary>The digest of the document.</summary>
    /// <returns>A copy.</returns>
    public byte[] Digest() => (byte[])digest.Clone();

    /// <summary>The digest of the signature value, which was time-stamped.</summary>
    /// <returns>A copy.</returns>
    public byte[] SignatureDigest() => (byte[])signatureDigest.Clone();

    /// <summary>The signer's certificate in DER.</summary>
    /// <returns>A copy.</returns>
    public byte[] Certificate() => (byte[])certificate.Clone();

    /// <summary>The signing time that the seal states; null where that is not known.</summary>
    public DateTimeOffset? SignedAt { get; }

    /// <summary>The time of its time-stamp; null where that is not known.</summary>
    public DateTimeOffset? StampedAt { get; }

    /// <summary>The authority that gave the time-stamp; empty without one.</summary>
    public string Authority { get; }

    /// <summary>What speaks against the algorithm or the key, though the seal is good now.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Full name of the PDF field that the seal is in; empty for CAdES.</summary>
    public string Field { get; }

    /// <summary>How many signatures the key made for this seal: 1, or 2 where a time-stamp was larger than the room
    /// for it.</summary>
    public long SignatureCount { get; }

    /// <summary>What readers may take amiss in this document, though the seal is good.</summary>
    public IReadOnlyList<string> Remarks { get; }
  }
}
