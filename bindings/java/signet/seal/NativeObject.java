package signet.seal;

import java.lang.ref.Cleaner;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/** What has a native handle. */
abstract class NativeObject implements AutoCloseable {
  static final Cleaner CLEANER = Cleaner.create();

  private final Handle handle;

  /** `free` must not refer to this object. */
  NativeObject(long address, LongConsumer free) {
    handle = new Handle(address, free);
    CLEANER.register(this, handle);
  }

  /**
   * Frees what is behind this object; after the call that uses it, where there is one. An object that nobody closes is freed when
   * it cannot be reached any more. Closing it again does nothing; every other use of it is an {@link IllegalStateException}.
   */
  @Override
  public void close() {
    handle.run();
  }

  final Handle handle() {
    return handle;
  }

  /** Nobody may use it meanwhile. */
  final void change(LongConsumer work) {
    try (Call call = new Call()) {
      final long address = call.take(this);
      call.run(() -> {
        work.accept(address);
        return null;
      });
    }
  }

  final <T> T read(LongFunction<T> work) {
    try (Call call = new Call()) {
      return work.apply(call.share(this));
    }
  }
}
