using System;
using System.Collections.Generic;

namespace Signet.Seal {
  /// <summary>A signature or a time-stamp of a verification, which have most in common. It can be read while the
  /// verification is open.</summary>
  public sealed class Verified {
    private readonly Verification owner;
    private readonly IntPtr address;

    internal Verified(Verification owner, IntPtr address) {
      this.owner = owner;
      this.address = address;
    }

    /// <summary>The time-stamps of a signature: its content's, its own, archive time-stamps; each kind the oldest
    /// first.</summary>
    public IReadOnlyList<Verified> TimeStamps => owner.Read(open => Values.List(Native.VerifiedTimeStampCount(address), at => new Verified(owner, Native.VerifiedTimeStamp(address, at))));

    /// <summary>Of a time-stamp: "content", "signature", "document", "archive", "references", "alone"; of a signature
    /// its form, such as "PAdES", "CAdES", "CMS".</summary>
    public string Kind => owner.Read(open => Native.VerifiedKind(address));

    /// <summary>The PDF field's full name; "signature 1" in a message; else empty.</summary>
    public string Name => owner.Read(open => Native.VerifiedName(address));

    /// <summary>The verdict.</summary>
    public Indication Indication => owner.Read(open => (Indication)Native.VerifiedIndication(address));

    /// <summary>Such as "RevokedNoPoe"; empty where there is none.</summary>
    public string SubIndication => owner.Read(open => Native.VerifiedSubIndication(address));

    /// <summary>Of a signature: "B-B", "B-T", "B-LT", "B-LTA", "none"; of a time-stamp empty.</summary>
    public string Level => owner.Read(open => Native.VerifiedLevel(address));

    /// <summary>Of a signature: when it was there for certain (best-signature-time); of a time-stamp: its genTime;
    /// null where that is not known.</summary>
    public DateTimeOffset? Time => owner.Read(open => Values.Second(Native.VerifiedTime(address)));

    /// <summary>The moment that it was judged at; null where that is not known.</summary>
    public DateTimeOffset? JudgedAt => owner.Read(open => Values.Second(Native.VerifiedJudgedAt(address)));

    /// <summary>The id of the time-stamp that proves that moment; empty: the time of the verification.</summary>
    public string ProvenBy => owner.Read(open => Native.VerifiedProvenBy(address));

    /// <summary>SHA-256 of a token, of a signature its value's; hexadecimal.</summary>
    public string Id => owner.Read(open => Native.VerifiedId(address));

    /// <summary>When the signer says that it was; null where that is not known.</summary>
    public DateTimeOffset? ClaimedTime => owner.Read(open => Values.Second(Native.VerifiedClaimedTime(address)));

    /// <summary>Until when this verdict can be had as things stand. Extend the document before; null where that is
    /// not known.</summary>
    public DateTimeOffset? VerifiableUntil => owner.Read(open => Values.Second(Native.VerifiedVerifiableUntil(address)));

    /// <summary>Why no longer; empty where no end is known.</summary>
    /// <param name="language">Of the text.</param>
    /// <returns>The text.</returns>
    public string VerifiableBecause(Language language) => owner.Read(open => Native.VerifiedVerifiableBecause(address, (int)language));

    /// <summary>Such as "RSA-2048 with SHA-256".</summary>
    public IReadOnlyList<string> Algorithms => owner.Read(open => Values.List(Native.VerifiedAlgorithmCount(address), at => Native.VerifiedAlgorithm(address, at)));

    /// <summary>What its verdict comes from, as sentences; of the errors, the first one decided.</summary>
    /// <param name="kind">Which of them.</param>
    /// <param name="language">Of the texts.</param>
    /// <returns>The sentences.</returns>
    public IReadOnlyList<string> Texts(TextKind kind, Language language) => owner.Read(open => Values.List(Native.VerifiedTextCount(address, (int)kind), at => Native.VerifiedText(address, (int)kind, at, (int)language)));

    /// <summary>What it is in law, by trusted lists (TS 119 615), such as "QESeal"; empty without lists.</summary>
    public string Qualification => owner.Read(open => Native.VerifiedQualification(address));

    /// <summary>The file of the list that decided; empty: none did.</summary>
    public string List => owner.Read(open => Native.VerifiedList(address));

    /// <summary>SHA-256 of that list; hexadecimal.</summary>
    public string ListDigest => owner.Read(open => Native.VerifiedListDigest(address));

    /// <summary>The service in that list.</summary>
    public string Service => owner.Read(open => Native.VerifiedService(address));

    /// <summary>The best chain that was found; the first one is the signer's certificate.</summary>
    public IReadOnlyList<ChainCertificate> Chain => owner.Read(open => Values.List(Native.VerifiedChainCount(address), at => new ChainCertificate(owner, Native.VerifiedChain(address, at))));

    /// <summary>Whether that chain ends at a trusted certificate.</summary>
    public bool IsTrusted => owner.Read(open => Native.VerifiedIsTrusted(address) != 0);

    /// <summary>The revision of a PDF document that it covers, counted from 1; 0: none.</summary>
    public long Revision => owner.Read(open => checked((long)Native.VerifiedRevision(address)));

    /// <summary>How many revisions there are; 0: not in a PDF document.</summary>
    public long RevisionCount => owner.Read(open => checked((long)Native.VerifiedRevisionCount(address)));

    /// <summary>Whether it covers every byte.</summary>
    public bool CoversAll => owner.Read(open => Native.VerifiedCoversAll(address) != 0);

    /// <summary>What was changed after it, the oldest first.</summary>
    public IReadOnlyList<Change> Changes => owner.Read(open => Values.List(Native.VerifiedChangeCount(address), at => new Change(owner, Native.VerifiedChange(address, at))));
  }
}
