package signet.seal;

import java.io.OutputStream;
import java.nio.file.Path;

/** Where one document is written. */
public final class Output extends NativeObject {
  // It lives as long as this output.
  private final Callback callback;
  private final boolean isMemory;

  private Output(long address, Callback callback, boolean isMemory) {
    super(address, Native::outputFree);
    this.callback = callback;
    this.isMemory = isMemory;
  }

  private Output(long address) {
    this(address, null, false);
  }

  /**
   * A file that is there whole and synced, or not at all; it may be the input's own path.
   *
   * @param context of the call
   * @param path of the file
   * @param replace whether a file of that name may be replaced; else {@link Status#EXISTS}
   * @return the output
   */
  public static Output file(Context context, Path path, boolean replace) {
    return new Output(Call.in(context, address -> Native.outputFile(address, path.toString(), Values.yes(replace))));
  }

  /**
   * A descriptor of the operating system, which stays open. What was written cannot be taken back.
   *
   * @param context of the call
   * @param descriptor its number; 1 is standard output
   * @return the output
   */
  public static Output descriptor(Context context, int descriptor) {
    return new Output(Call.in(context, address -> Native.outputDescriptor(address, descriptor)));
  }

  /**
   * Memory: see {@link #bytes()}.
   *
   * @param context of the call
   * @return the output
   */
  public static Output memory(Context context) {
    return new Output(Call.in(context, Native::outputMemory), null, true);
  }

  /**
   * A callback of the program.
   *
   * @param context of the call
   * @param write is called in the thread of the call
   * @return the output
   */
  public static Output callback(Context context, WriteCallback write) {
    final Callback callback = new Callback(write);
    final long number = Callback.numberOf(callback);
    return new Output(Call.in(context, address -> Native.outputCallback(address, number)), callback, false);
  }

  /**
   * A stream, which stays open. What was written cannot be taken back.
   *
   * @param context of the call
   * @param stream takes the document
   * @return the output
   */
  public static Output stream(Context context, OutputStream stream) {
    return callback(context, stream::write);
  }

  /**
   * Of an output in memory, after the call: the document.
   *
   * @return a copy, without a byte where nothing was written; null where this is no memory
   */
  public byte[] bytes() {
    final byte[] found = read(Native::outputBytes);
    return found == null && isMemory ? new byte[0] : found;
  }
}
