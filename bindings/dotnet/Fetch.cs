namespace Signet.Seal {
  /// <summary>A request for certificates or revocation data.</summary>
  public sealed class Fetch {
    internal Fetch(string url, string problem) {
      Url = url;
      Problem = problem;
    }

    /// <summary>What was asked for.</summary>
    public string Url { get; }

    /// <summary>What went wrong; empty where the answer was used.</summary>
    public string Problem { get; }
  }
}
