using System;
using Signet.Seal;

// Extends documents as tests/seal-library/extend.c does, and with the same words: TRUSTED HOST TSA B-T|B-LT|B-LTA DOCUMENT...
internal static class Extend {
  private static Extender Make(Context context, string[] words) {
    using (var trust = new VerifyOptions(context) { Online = true })
    using (TimeStamper stamper = Common.Stamper(context, words[2], null))
    using (var options = new ExtendOptions(context) { Level = LevelOf(words[3]) }) {
      trust.SetOnlineLimits(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(300), 1 << 26).AddTrustedFile(words[0]).AddOnlineHost(words[1]);
      return new Extender(context, trust, stamper, options);
    }
  }

  private static Level LevelOf(string name) => name == "B-T" ? Level.BT : name == "B-LT" ? Level.BLt : Level.BLta;

  private static int Main(string[] words) {
    int count = words.Length - 4, failures;
    var lines = new string[count];
    using (var context = new Context())
    using (Extender extender = Make(context, words)) {
      failures = Common.InThreads(count, number => {
        string document = words[4 + number];
        try {
          Extension extension = extender.Extend(document);
          lines[number] = document + ": " + extension.LevelBefore + ", " + extension.Level + ", " +
                          extension.Added(Added.TimeStamps) + " time-stamps, " +
                          (extension.VerifiableUntil?.ToUnixTimeSeconds() ?? long.MinValue);
        } catch (SealException e) {
          Console.Error.WriteLine("status " + e.Code + ": " + e.Message);
          throw;
        }
      });
    }
    foreach (string line in lines) if (line != null) Console.WriteLine(line);
    return failures == 0 ? 0 : 1;
  }
}
