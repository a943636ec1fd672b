package signet.seal;

/** Is told how far a call is. */
@FunctionalInterface
public interface ProgressCallback {
  /**
   * Called in the thread of the call, between two pieces of the document.
   *
   * @param done bytes that were read; a document that is read twice counts twice
   * @param all of how many
   * @throws Exception cancels the call, which has the exception as its cause then
   */
  void progress(long done, long all) throws Exception;
}
