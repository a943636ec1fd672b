package signet.seal;

/** A document that is read at any place. */
@FunctionalInterface
public interface ReadCallback {
  /**
   * Fills the buffer. Each byte is asked for twice; where they differ, the seal fails with {@link Status#CHANGED}.
   *
   * @param offset of the first byte
   * @param buffer to be filled whole
   * @throws Exception where that cannot be read: the call fails with {@link Status#INPUT}, and has the exception as its cause
   */
  void read(long offset, byte[] buffer) throws Exception;
}
