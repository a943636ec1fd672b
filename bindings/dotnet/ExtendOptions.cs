using System;

namespace Signet.Seal {
  /// <summary>How documents are extended.</summary>
  public sealed class ExtendOptions : NativeObject {
    /// <summary>Without a setting.</summary>
    /// <param name="context">Of the library.</param>
    public ExtendOptions(Context context) : base(Call.In(context, Native.ExtendOptionsNew), Native.ExtendOptionsFree) {}

    /// <summary>The level; else B-LTA, which prolongs a document that has it.</summary>
    /// <value>B-T, B-LT or B-LTA.</value>
    public Level Level {
      set {
        Change(options => Native.ExtendOptionsSetLevel(options, (int)value));
      }
    }

    /// <summary>The digest; else SHA-256.</summary>
    /// <value>Of new time-stamps' imprints.</value>
    public Hash Hash {
      set {
        Change(options => Native.ExtendOptionsSetHash(options, (int)value));
      }
    }

    /// <summary>For one time-stamp, all authorities together; else 60 seconds.</summary>
    /// <value>1 ms to 1 hour.</value>
    public TimeSpan TimeStampLimit {
      set {
        Change(options => Native.ExtendOptionsSetTimeStampLimit(options, Values.Milliseconds(value)));
      }
    }

    /// <summary>Revocation data must be newer than the time-stamp that it serves, and is waited for at most that
    /// long; then NoData. Else the newest that there is will do.</summary>
    /// <value>At most 7 days.</value>
    public TimeSpan WaitFresh {
      set {
        Change(options => Native.ExtendOptionsSetWaitFresh(options, Values.Seconds(value)));
      }
    }

    /// <summary>Documents that are not valid; else NotValid.</summary>
    /// <value>True: they are extended.</value>
    public bool ForceInvalid {
      set {
        Change(options => Native.ExtendOptionsSetForceInvalid(options, value ? 1 : 0));
      }
    }
  }
}
