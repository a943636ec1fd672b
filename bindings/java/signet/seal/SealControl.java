package signet.seal;

/**
 * Tells how far a call is, and cancels it. A control belongs to one call at a time, and all calls fail that get it after it was
 * cancelled.
 */
public final class SealControl extends NativeObject {
  private volatile Callback callback;
  private volatile Throwable thrown;

  /**
   * For a call.
   *
   * @param context of the call
   */
  public SealControl(Context context) {
    super(Call.in(context, Native::controlNew), Native::controlFree);
  }

  /**
   * Who is told how far the call is. What it throws cancels the call.
   *
   * @param progress is called in the thread of the call
   * @return this control
   */
  public SealControl progress(ProgressCallback progress) {
    final Callback made = new Callback(progress, this::stop);
    change(control -> Native.controlSetProgress(control, Callback.numberOf(made)));
    callback = made;
    return this;
  }

  private void stop(Throwable exception) {
    thrown = exception;
    cancel();
  }

  /**
   * The call that has this control fails with {@link Status#CANCELLED}, as do all later ones. Takes effect between two pieces of the
   * document (1 MiB); a request to the token or an authority that is on its way is waited for. From any thread.
   */
  public void cancel() {
    final long address = handle().touch();
    if (address == 0) return;
    try {
      Native.controlCancel(address);
    } finally {
      handle().leave();
    }
  }

  /**
   * What the callback threw, also where that was too late to cancel the call.
   *
   * @return the last exception; null where there was none
   */
  public Throwable thrown() {
    return thrown;
  }
}
