import signet.seal.Context;

/** Loads the native library and says its version. */
final class Version {
  private Version() {}

  public static void main(String[] words) {
    // Checks the library's code.
    new Context().close();
    System.out.println(Context.libraryVersion());
  }
}
