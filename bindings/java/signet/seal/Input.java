package signet.seal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** A document that is read, by one call at a time. */
public final class Input extends NativeObject {
  // It lives as long as this input.
  private final Callback callback;

  private Input(long address, LongConsumer free, Callback callback) {
    super(address, free);
    this.callback = callback;
  }

  private Input(long address) {
    this(address, Native::inputFree, null);
  }

  /**
   * A regular file, which is opened now.
   *
   * @param context of the call
   * @param path of the file
   * @return the input
   */
  public static Input file(Context context, Path path) {
    return new Input(Call.in(context, address -> Native.inputFile(address, path.toString())));
  }

  /**
   * Reads a descriptor of the operating system to its end, into a private file without a name.
   *
   * @param context of the call
   * @param descriptor its number; 0 is standard input
   * @param folder for that file; null: TMPDIR, else /var/tmp
   * @return the input
   */
  public static Input descriptor(Context context, int descriptor, Path folder) {
    return new Input(Call.in(context, address -> Native.inputDescriptor(address, descriptor, Values.path(folder))));
  }

  /**
   * A document in memory, which is copied.
   *
   * @param context of the call
   * @param document its bytes
   * @return the input
   */
  public static Input memory(Context context, byte[] document) {
    final long copy = Native.copy(document);
    final LongConsumer free =
        input -> {
          Native.inputFree(input);
          Native.release(copy);
        };
    try {
      return new Input(Call.in(context, address -> Native.inputMemory(address, copy, document.length)), free, null);
    } catch (RuntimeException e) {
      Native.release(copy);
      throw e;
    }
  }

  /**
   * A document that the program reads.
   *
   * @param context of the call
   * @param size of the document in bytes
   * @param read is called in the thread of the call
   * @return the input
   */
  public static Input callback(Context context, long size, ReadCallback read) {
    final Callback callback = new Callback(read);
    final long number = Callback.numberOf(callback);
    return new Input(Call.in(context, address -> Native.inputCallback(address, size, number)), Native::inputFree, callback);
  }

  /**
   * A document in a channel, from its beginning to its present end. The channel stays open, and its position is moved.
   *
   * @param context of the call
   * @param channel stays open until the call has ended
   * @return the input
   * @throws IOException where the channel has no size
   */
  public static Input channel(Context context, SeekableByteChannel channel) throws IOException {
    return callback(
        context,
        channel.size(),
        (offset, buffer) -> {
          final ByteBuffer left = ByteBuffer.wrap(buffer);
          channel.position(offset);
          while (left.hasRemaining()) if (channel.read(left) < 0) throw new EOFException("the channel ends at " + channel.position());
        });
  }

  /**
   * Reads a stream to its end, into a temporary file that only this user can read and that is removed at once. The stream stays open.
   *
   * @param context of the call
   * @param stream to be read
   * @return the input
   * @throws IOException where the stream cannot be read, or there is no room for it
   */
  public static Input stream(Context context, InputStream stream) throws IOException {
    final Path file = Files.createTempFile("signet-seal-", null);
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        stream.transferTo(out);
      }
      return file(context, file);
    } finally {
      Files.delete(file);
    }
  }
}
