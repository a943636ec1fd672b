package signet.seal;

import java.time.Duration;

/**
 * Asks time-stamp authorities, in their order, until one gives a good time-stamp. Keeps connections open for 30
 * seconds. Many threads may use it at once.
 */
public final class TimeStamper extends NativeObject {
  /**
   * For these authorities.
   *
   * @param context of the library
   * @param authorities are copied as they are now
   */
  public TimeStamper(Context context, Authority... authorities) {
    super(make(context, authorities), Native::timeStamperFree);
  }

  private static long make(Context context, Authority... authorities) {
    try (Call call = new Call()) {
      final long address = call.share(context);
      final long[] addresses = new long[authorities.length];
      for (int at = 0; at < addresses.length; ++at) addresses[at] = call.share(authorities[at]);
      return call.run(() -> Native.timeStamperNew(address, addresses));
    }
  }

  /**
   * Time-stamps for the signatures of a message (CAdES) that have none: B-B becomes B-T without a signature of the key.
   *
   * @param message that is sealed
   * @param output takes the message, where something was added
   * @param limit for all of them, 1 ms to 1 hour
   * @return how many; 0: nothing was written
   */
  public long addTimeStamps(Input message, Output output, Duration limit) {
    try (Call call = new Call()) {
      final long stamper = call.share(this);
      final long sealed = call.take(message);
      final long out = call.take(output);
      return call.run(() -> Native.addTimeStamps(stamper, sealed, out, limit.toMillis()));
    }
  }

  /**
   * A time-stamp for the seal of a PDF document that no later signature covers, in the room that was left for it.
   *
   * @param document that is sealed
   * @param password of an encrypted document; may be null
   * @param output takes the document, where a time-stamp was added
   * @param limit 1 ms to 1 hour
   * @return false where there is nothing to be stamped: nothing was written
   */
  public boolean addPdfTimeStamp(Input document, char[] password, Output output, Duration limit) {
    final long[] added = new long[1];
    Secrets.use(password, bytes -> added[0] = addPdf(document, bytes, output, limit));
    return added[0] != 0;
  }

  private long addPdf(Input document, byte[] password, Output output, Duration limit) {
    try (Call call = new Call()) {
      final long stamper = call.share(this);
      final long sealed = call.take(document);
      final long out = call.take(output);
      return call.run(() -> Native.addPdfTimeStamp(stamper, sealed, password, out, limit.toMillis()));
    }
  }
}
