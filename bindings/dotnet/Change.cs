using System;

namespace Signet.Seal {
  /// <summary>What was changed in a PDF document after a signature. It can be read while the verification is
  /// open.</summary>
  public sealed class Change {
    private readonly Verification owner;
    private readonly IntPtr address;

    internal Change(Verification owner, IntPtr address) {
      this.owner = owner;
      this.address = address;
    }

    /// <summary>Such as "page-content", "form-field", "validation-data".</summary>
    public string Kind => owner.Read(open => Native.ChangeKind(address));

    /// <summary>Whether the rules of ISO 32000-2, 12.8.2, permit it.</summary>
    public bool IsAllowed => owner.Read(open => Native.ChangeIsAllowed(address) != 0);

    /// <summary>The revision that made it, counted from 1.</summary>
    public long Revision => owner.Read(open => checked((long)Native.ChangeRevision(address)));

    /// <summary>Its page, counted from 1; 0: of no page.</summary>
    public long Page => owner.Read(open => checked((long)Native.ChangePage(address)));

    /// <summary>The field's full name, or empty.</summary>
    public string Field => owner.Read(open => Native.ChangeField(address));

    /// <summary>What was changed.</summary>
    /// <param name="language">Of the text.</param>
    /// <returns>The text.</returns>
    public string What(Language language) => owner.Read(open => Native.ChangeWhat(address, (int)language));

    /// <summary>Which rule forbids it; empty where none does.</summary>
    /// <param name="language">Of the text.</param>
    /// <returns>The text.</returns>
    public string Rule(Language language) => owner.Read(open => Native.ChangeRule(address, (int)language));

    /// <summary>Why a person should look; empty where nobody need.</summary>
    /// <param name="language">Of the text.</param>
    /// <returns>The text.</returns>
    public string Warning(Language language) => owner.Read(open => Native.ChangeWarning(address, (int)language));
  }
}
