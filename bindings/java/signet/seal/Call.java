package signet.seal;

import java.lang.ref.Reference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** A call into the library, and the objects that it uses, which stay as long as it lasts. */
final class Call implements AutoCloseable {
  private final Deque<NativeObject> used = new ArrayDeque<>(8);

  /** Makes an object of a context. */
  static long in(Context context, LongFunction<Long> make) {
    try (Call call = new Call()) {
      final long address = call.share(context);
      return call.run(() -> make.apply(address));
    }
  }

  /** 0 for null. */
  long share(NativeObject object) {
    if (object == null) return 0;
    final long address = object.handle().share();
    used.push(object);
    return address;
  }

  /** 0 for null. */
  long take(NativeObject object) {
    if (object == null) return 0;
    final long address = object.handle().take();
    used.push(object);
    return address;
  }

  /** What a callback threw becomes the cause of the failure. */
  <T> T run(Supplier<T> work) {
    final Throwable outer = Callback.takeThrown();
    try {
      return work.get();
    } catch (SealException failure) {
      final Throwable thrown = Callback.takeThrown();
      if (thrown != null) failure.initCause(thrown);
      throw failure;
    } finally {
      Callback.putThrown(outer);
    }
  }

  @Override
  public void close() {
    while (!used.isEmpty()) {
      final NativeObject object = used.pop();
      object.handle().leave();
      Reference.reachabilityFence(object);
    }
  }
}
