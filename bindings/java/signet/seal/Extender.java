package signet.seal;

import java.nio.file.Path;

/** Extends sealed documents so that they stay verifiable. Many threads may use it at once. */
public final class Extender extends NativeObject {
  /**
   * Everything is copied as it is now.
   *
   * @param context of the library
   * @param validation whom to trust, by which rules, what may be fetched; it names neither a time nor a revision
   * @param timeStamper gives time-stamps; null where none is needed
   * @param options how; may be null
   */
  public Extender(Context context, VerifyOptions validation, TimeStamper timeStamper, ExtendOptions options) {
    super(make(context, validation, timeStamper, options), Native::extenderFree);
  }

  private static long make(Context context, VerifyOptions validation, TimeStamper timeStamper, ExtendOptions options) {
    try (Call call = new Call()) {
      final long address = call.share(context);
      final long rules = call.share(validation);
      final long stamper = call.share(timeStamper);
      final long how = call.share(options);
      return call.run(() -> Native.extenderNew(address, rules, stamper, how));
    }
  }

  /**
   * Extends the document in its place, which holds the old one or the new one at any moment.
   *
   * @param file PDF, or CMS with its document inside or beside it ("letter.pdf" for "letter.pdf.p7s")
   * @return what was added
   */
  public Extension extend(Path file) {
    return extend(file, null, null, false, null);
  }

  /**
   * Extends the document in a file. Where everything is there already, nothing is written. Whatever fails, the file is as it was.
   *
   * @param file PDF, or CMS
   * @param data the document that an external seal is over; null: the seal holds it, or it lies beside the seal
   * @param out the extended document; null: it takes the place of the file
   * @param replace whether a file "out" that is there may be replaced; else {@link Status#EXISTS}
   * @param control tells of each reading, and cancels; may be null
   * @return what was added
   */
  public Extension extend(Path file, Path data, Path out, boolean replace, SealControl control) {
    try (Call call = new Call()) {
      final long extender = call.share(this);
      final long controlled = call.take(control);
      return new Extension(
          call.run(
              () -> Native.extendFile(extender, file.toString(), Values.path(data), Values.path(out), Values.yes(replace), controlled)));
    }
  }
}
