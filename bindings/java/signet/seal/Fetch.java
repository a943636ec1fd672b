package signet.seal;

/** A request for certificates or revocation data. */
public final class Fetch {
  private final String url;
  private final String problem;

  Fetch(String url, String problem) {
    this.url = url;
    this.problem = problem;
  }

  /**
   * What was asked for.
   *
   * @return the URL
   */
  public String url() {
    return url;
  }

  /**
   * What went wrong.
   *
   * @return a sentence; empty where the answer was used
   */
  public String problem() {
    return problem;
  }
}
