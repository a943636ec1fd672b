package signet.seal;

import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * An object of the program that native code calls by its number. It lives as long as the objects that it was given to, which refer
 * to it. Nothing that it throws gets into native code.
 */
final class Callback {
  private static final ConcurrentHashMap<Long, WeakReference<Callback>> LIVING = new ConcurrentHashMap<>();
  private static final AtomicLong LAST = new AtomicLong();
  // Callbacks run in the thread of the call.
  private static final ThreadLocal<Throwable> THROWN = new ThreadLocal<>();

  private final long number = LAST.incrementAndGet();
  private final Object object;
  private final Consumer<Throwable> onThrown;

  Callback(Object object) {
    this(object, thrown -> {});
  }

  Callback(Object object, Consumer<Throwable> onThrown) {
    this.object = object;
    this.onThrown = onThrown;
    LIVING.put(number, new WeakReference<>(this));
    final long own = number;
    NativeObject.CLEANER.register(this, () -> LIVING.remove(own));
  }

  static long numberOf(Callback callback) {
    return callback == null ? 0 : callback.number;
  }

  /** What was thrown in this thread since it was asked for. */
  static Throwable takeThrown() {
    final Throwable thrown = THROWN.get();
    THROWN.remove();
    return thrown;
  }

  static void putThrown(Throwable thrown) {
    if (thrown == null) THROWN.remove();
    else THROWN.set(thrown);
  }

  // --- Called by the native side

  /** null: refused; empty: the token's own key pad. */
  static byte[] pin(long number, String tokenLabel) {
    final byte[][] given = new byte[1][];
    final boolean done = call(number, callback -> given[0] = Secrets.taken(((PinCallback) callback).pin(tokenLabel)));
    return done ? given[0] : null;
  }

  static void progress(long number, long done, long all) {
    call(number, callback -> ((ProgressCallback) callback).progress(done, all));
  }

  static boolean read(long number, long offset, byte[] buffer) {
    return call(number, callback -> ((ReadCallback) callback).read(offset, buffer));
  }

  static boolean write(long number, byte[] data) {
    return call(number, callback -> ((WriteCallback) callback).write(data));
  }

  private interface Use {
    void of(Object callback) throws Exception;
  }

  private static boolean call(long number, Use use) {
    final WeakReference<Callback> found = LIVING.get(number);
    final Callback callback = found == null ? null : found.get();
    try {
      if (callback == null) throw new IllegalStateException("the callback's object is gone");
      use.of(callback.object);
      return true;
    } catch (Throwable thrown) {
      THROWN.set(thrown);
      if (callback != null) callback.onThrown.accept(thrown);
      return false;
    }
  }
}
