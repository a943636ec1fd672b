using System;
using System.Threading;

namespace Signet.Seal {
  /// <summary>Tells how far a call is, and cancels it. A control belongs to one call at a time, and all calls fail that get it after it
  /// was cancelled.</summary>
  public sealed class SealControl : NativeObject {
    private volatile Callback callback;
    private volatile Exception thrown;

    /// <summary>For a call.</summary>
    /// <param name="context">Of the call.</param>
    public SealControl(Context context) : base(Call.In(context, Native.ControlNew), Native.ControlFree) {}

    /// <summary>For a call that a token cancels, too. The token refers to this object as long as its source is there.</summary>
    /// <param name="context">Of the call.</param>
    /// <param name="cancellation">Cancels.</param>
    public SealControl(Context context, CancellationToken cancellation) : this(context) {
      cancellation.Register(Cancel);
    }

    /// <summary>Who is told how far the call is. What it throws cancels the call.</summary>
    /// <value>Is called in the thread of the call.</value>
    public ProgressCallback Progress {
      set {
        var made = new Callback(value, Stop);
        Change(control => Native.ControlSetProgress(control, Callback.Progress, made.Number));
        callback = made;
      }
    }

    /// <summary>The call that has this control fails with Status.Cancelled, as do all later ones. Takes effect between two pieces of
    /// the document (1 MiB); a request to the token or an authority that is on its way is waited for. From any thread.</summary>
    public void Cancel() {
      IntPtr address = Touch();
      if (address == IntPtr.Zero) return;
      try {
        Native.ControlCancel(address);
      } finally {
        Leave();
      }
    }

    /// <summary>What the callback threw last, also where that was too late to cancel the call; null where there was
    /// nothing.</summary>
    public Exception Thrown => thrown;

    internal override void Keep() => GC.KeepAlive(callback);

    private void Stop(Exception exception) {
      thrown = exception;
      Cancel();
    }
  }
}
