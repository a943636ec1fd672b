package signet.seal;

/** Takes a document, piece by piece. */
@FunctionalInterface
public interface WriteCallback {
  /**
   * Takes a piece. A call that fails may have written before.
   *
   * @param data the next bytes
   * @throws Exception where it cannot be taken: the call fails with {@link Status#OUTPUT}, and has the exception as its cause
   */
  void write(byte[] data) throws Exception;
}
