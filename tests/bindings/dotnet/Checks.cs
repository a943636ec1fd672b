using System;
using Signet.Seal;

// Words to check with.
internal static class Checks {
  internal static int Count;

  internal static void Check(bool holds, string what) {
    ++Count;
    if (!holds) throw new Exception(what);
  }

  internal static void Same(object wanted, object found, string what) =>
      Check(Equals(wanted, found), what + ": " + found + " instead of " + wanted);

  // The work fails with this status, and a sentence.
  internal static SealException Refused(Status status, Action work) {
    try {
      work();
    } catch (SealException e) {
      Same(status, e.Status, e.Message);
      Check(e.Message != "" && e.Code == (int)status, "no sentence, or another code");
      return e;
    }
    throw new Exception("it does not fail with " + status);
  }

  // The same, and this is why.
  internal static void RefusedBy(Exception cause, Status status, Action work) =>
      Same(cause, Refused(status, work).InnerException, "the inner exception");

  internal static void Throws<T>(Action work) where T : Exception {
    try {
      work();
    } catch (Exception e) {
      Same(typeof(T), e.GetType(), e.Message);
      return;
    }
    throw new Exception("no " + typeof(T));
  }
}
