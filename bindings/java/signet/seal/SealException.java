package signet.seal;

/**
 * Why a call failed: a status, and a sentence that says what is wrong and what to do.
 *
 * <p>Where a callback of the program threw an exception, that is the {@linkplain #getCause() cause}.
 */
public final class SealException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The status. */
  private final int code;

  /** Why, of the token. */
  private final int tokenReason;

  /** The CK_RV. */
  private final long tokenRv;

  // Called by the native side.
  SealException(int code, String sentence, int tokenReason, long tokenRv) {
    super(sentence);
    this.code = code;
    this.tokenReason = tokenReason;
    this.tokenRv = tokenRv;
  }

  /**
   * Why the call failed.
   *
   * @return the status; {@link Status#FAILED} for a number that this version does not know
   */
  public Status status() {
    return Status.of(code);
  }

  /**
   * The status as a number, as in the C interface.
   *
   * @return the number
   */
  public int code() {
    return code;
  }

  /**
   * Of {@link Status#TOKEN} and {@link Status#SIGNATURE}: why, numbered as the exit statuses of signet(1), such as 3: not found,
   * 6: PIN, 21: certificate expired.
   *
   * @return the number; 0 where there is none
   */
  public int tokenReason() {
    return tokenReason;
  }

  /**
   * The CK_RV of the PKCS#11 call that failed.
   *
   * @return the value; 0 where there is none
   */
  public long tokenRv() {
    return tokenRv;
  }
}
