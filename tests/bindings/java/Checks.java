import signet.seal.SealException;
import signet.seal.Status;

/** Words to check with. */
final class Checks {
  interface Work {
    void run() throws Exception;
  }

  private static int count;

  private Checks() {}

  static void check(boolean holds, String what) {
    ++count;
    if (!holds) throw new AssertionError(what);
  }

  static void same(Object wanted, Object found, String what) {
    check(wanted.equals(found), what + ": " + found + " instead of " + wanted);
  }

  /** The work fails with this status, and a sentence. */
  static SealException refused(Status status, Work work) throws Exception {
    try {
      work.run();
    } catch (SealException e) {
      same(status, e.status(), e.getMessage());
      check(!e.getMessage().isEmpty() && e.code() == status.number(), "no sentence, or another code");
      return e;
    }
    throw new AssertionError("it does not fail with " + status);
  }

  /** The same, and this is why. */
  static void refusedBy(Throwable cause, Status status, Work work) throws Exception {
    same(cause, refused(status, work).getCause(), "the cause");
  }

  static void thrown(Class<? extends Exception> kind, Work work) throws Exception {
    try {
      work.run();
    } catch (Exception e) {
      same(kind, e.getClass(), String.valueOf(e.getMessage()));
      return;
    }
    throw new AssertionError("no " + kind);
  }

  static int count() {
    return count;
  }
}
