using System;
using System.Collections.Generic;

namespace Signet.Seal {
  /// <summary>What became of an extended document.</summary>
  public sealed class Extension {
    private readonly Dictionary<Added, long> added = new Dictionary<Added, long>();
    private readonly Bilingual verifiableBecause;
    private readonly IReadOnlyList<Bilingual> remarks;

    // Reads and frees the native one.
    internal Extension(IntPtr extension) {
      try {
        IsChanged = Native.ExtensionIsChanged(extension) != 0;
        LevelBefore = Native.ExtensionLevelBefore(extension);
        Level = Native.ExtensionLevel(extension);
        SizeBefore = checked((long)Native.ExtensionSizeBefore(extension));
        Size = checked((long)Native.ExtensionSize(extension));
        foreach (Added what in Enum.GetValues(typeof(Added))) added[what] = checked((long)Native.ExtensionAdded(extension, (int)what));
        Authorities = Values.List(Native.ExtensionAuthorityCount(extension), at => Native.ExtensionAuthority(extension, at));
        VerifiableUntil = Values.Second(Native.ExtensionVerifiableUntil(extension));
        verifiableBecause = new Bilingual(language => Native.ExtensionVerifiableBecause(extension, language));
        remarks = Values.List(Native.ExtensionRemarkCount(extension), at => new Bilingual(language => Native.ExtensionRemark(extension, at, language)));
        Fetches = Values.List(Native.ExtensionFetchCount(extension), at => new Fetch(Native.ExtensionFetchUrl(extension, at), Native.ExtensionFetchProblem(extension, at)));
      } finally {
        Native.ExtensionFree(extension);
      }
    }

    /// <summary>Whether something had to be added.</summary>
    public bool IsChanged { get; }

    /// <summary>The lowest level of its signatures before, such as "B-T".</summary>
    public string LevelBefore { get; }

    /// <summary>The lowest level of its signatures now, such as "B-LTA".</summary>
    public string Level { get; }

    /// <summary>Bytes before.</summary>
    public long SizeBefore { get; }

    /// <summary>Bytes now.</summary>
    public long Size { get; }

    /// <summary>How many of these were added.</summary>
    /// <param name="what">Which of them.</param>
    /// <returns>How many.</returns>
    public long Added(Added what) => added[what];

    /// <summary>The authorities that gave the time-stamps.</summary>
    public IReadOnlyList<string> Authorities { get; }

    /// <summary>Until when it can be verified as things stand; null where that is not known.</summary>
    public DateTimeOffset? VerifiableUntil { get; }

    /// <summary>Why no longer; empty where no end is known.</summary>
    /// <param name="language">Of the text.</param>
    /// <returns>The text.</returns>
    public string VerifiableBecause(Language language) => verifiableBecause.In(language);

    /// <summary>What the user should know, such as that revocation data is older than what it serves.</summary>
    /// <param name="language">Of the text.</param>
    /// <returns>The sentences.</returns>
    public IReadOnlyList<string> Remarks(Language language) => Values.List((ulong)remarks.Count, at => remarks[(int)at].In(language));

    /// <summary>What was asked for where that is allowed.</summary>
    public IReadOnlyList<Fetch> Fetches { get; }
  }
}
