package signet.seal;

/** What all objects are made of; a program needs one. It can be used by many threads at once. */
public final class Context extends NativeObject {
  /**
   * Checks the library's own code in memory.
   *
   * @throws SealException with {@link Status#DAMAGED} where that is not what was built
   */
  public Context() {
    super(Native.contextNew(), Native::contextFree);
  }

  /**
   * The version of libsignet-seal.
   *
   * @return such as "0.2.0"
   */
  public static String libraryVersion() {
    return Native.version();
  }
}
