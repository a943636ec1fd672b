package signet.seal;

import java.time.Duration;

/** How documents are extended. */
public final class ExtendOptions extends NativeObject {
  /**
   * Without a setting.
   *
   * @param context of the library
   */
  public ExtendOptions(Context context) {
    super(Call.in(context, Native::extendOptionsNew), Native::extendOptionsFree);
  }

  /**
   * The level; else B-LTA, which prolongs a document that has it.
   *
   * @param level B-T, B-LT or B-LTA
   * @return these options
   */
  public ExtendOptions level(Level level) {
    change(options -> Native.extendOptionsSetLevel(options, level.number()));
    return this;
  }

  /**
   * The digest; else SHA-256.
   *
   * @param hash of new time-stamps' imprints
   * @return these options
   */
  public ExtendOptions hash(Hash hash) {
    change(options -> Native.extendOptionsSetHash(options, hash.number()));
    return this;
  }

  /**
   * For one time-stamp, all authorities together; else 60 seconds.
   *
   * @param limit 1 ms to 1 hour
   * @return these options
   */
  public ExtendOptions timeStampLimit(Duration limit) {
    change(options -> Native.extendOptionsSetTimeStampLimit(options, limit.toMillis()));
    return this;
  }

  /**
   * Revocation data must be newer than the time-stamp that it serves, and is waited for at most that long; then
   * NO_DATA. Else the newest that there is will do.
   *
   * @param wait at most 7 days
   * @return these options
   */
  public ExtendOptions waitFresh(Duration wait) {
    change(options -> Native.extendOptionsSetWaitFresh(options, Values.seconds(wait)));
    return this;
  }

  /**
   * Documents that are not valid; else NOT_VALID.
   *
   * @param force true: they are extended
   * @return these options
   */
  public ExtendOptions forceInvalid(boolean force) {
    change(options -> Native.extendOptionsSetForceInvalid(options, Values.yes(force)));
    return this;
  }
}
