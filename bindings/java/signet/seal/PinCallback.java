package signet.seal;

/** Asks for a PIN. */
@FunctionalInterface
public interface PinCallback {
  /**
   * Gives a PIN.
   *
   * @param tokenLabel the label of the token that it is for
   * @return the PIN, which is wiped afterwards; without a character: the login is on the token's own key pad; null: there is none
   * @throws Exception where there is none: the call fails, and has the exception as its cause
   */
  char[] pin(String tokenLabel) throws Exception;
}
