package signet.seal;

import java.util.function.LongConsumer;

/**
 * A native handle, which is freed once: by close() or when its owner cannot be reached any more, and not before the last call that
 * uses it has ended. It must not refer to its owner.
 */
final class Handle implements Runnable {
  private final long address;
  private final LongConsumer free;
  private int users;
  private boolean isAlone;
  private boolean isClosed;
  private boolean isFreed;

  Handle(long address, LongConsumer free) {
    this.address = address;
    this.free = free;
  }

  /** For a call beside others. */
  synchronized long share() {
    check();
    if (isAlone) throw new IllegalStateException("this object is used by another call, or changed");
    ++users;
    return address;
  }

  /** For a call that nobody else's may go beside. */
  synchronized long take() {
    check();
    if (users > 0) throw new IllegalStateException("this object is used by another call");
    isAlone = true;
    ++users;
    return address;
  }

  /** For what may be done at any time; 0: it is closed. */
  synchronized long touch() {
    if (isClosed) return 0;
    ++users;
    return address;
  }

  void leave() {
    final boolean isLast;
    synchronized (this) {
      if (--users == 0) isAlone = false;
      isLast = isUnused();
    }
    if (isLast) free.accept(address);
  }

  /** Closes it. */
  @Override
  public void run() {
    final boolean isLast;
    synchronized (this) {
      isClosed = true;
      isLast = isUnused();
    }
    if (isLast) free.accept(address);
  }

  private boolean isUnused() {
    if (!isClosed || isFreed || users > 0) return false;
    isFreed = true;
    return true;
  }

  private void check() {
    if (isClosed) throw new IllegalStateException("this object is closed");
  }
}
