using System;

namespace Signet.Seal {
  /// <summary>Why a call failed: a status, and a sentence that says what is wrong and what to do. What a callback of the program
  /// threw is the inner exception.</summary>
  public sealed class SealException : Exception {
    internal SealException(int code, string sentence, int tokenReason, ulong tokenRv, Exception inner) : base(sentence, inner) {
      Code = code;
      TokenReason = tokenReason;
      TokenRv = tokenRv;
    }

    /// <summary>Why the call failed; Failed for a number that this version does not know.</summary>
    public Status Status => Enum.IsDefined(typeof(Status), Code) ? (Status)Code : Status.Failed;

    /// <summary>The status as a number, as in the C interface.</summary>
    public int Code { get; }

    /// <summary>Of Status.Token and Status.Signature: why, numbered as the exit statuses of signet(1), such as 3: not found, 6: PIN,
    /// 21: certificate expired; 0 where there is none.</summary>
    public int TokenReason { get; }

    /// <summary>The CK_RV of the PKCS#11 call that failed; 0 where there is none.</summary>
    public ulong TokenRv { get; }
  }
}
