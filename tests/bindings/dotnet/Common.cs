using System;
using System.Threading;
using Signet.Seal;

// What the programs of these tests have in common.
internal static class Common {
  // Each thread does the work by its number; how many of them failed.
  internal static int InThreads(int count, Action<int> work) {
    int failures = 0;
    var threads = new Thread[count];
    for (int at = 0; at < count; ++at) {
      int number = at;
      threads[at] = new Thread(() => {
        try {
          work(number);
        } catch (Exception e) {
          Console.Error.WriteLine(e);
          Interlocked.Increment(ref failures);
        }
      });
    }
    foreach (Thread thread in threads) thread.Start();
    foreach (Thread thread in threads) thread.Join();
    return failures;
  }

  internal static SealKey OpenKey(Context context, string module, string key) {
    using (var settings = new KeySettings(context, key)) {
      settings.Pin = Environment.GetEnvironmentVariable("PIN").ToCharArray();
      if (module != "") settings.Module = module;
      return settings.Open();
    }
  }

  internal static TimeStamper Stamper(Context context, string url, string caFile) {
    using (var authority = new Authority(context, url) { Limit = TimeSpan.FromSeconds(30) }) {
      if (caFile != null) authority.CaFile = caFile;
      return new TimeStamper(context, authority);
    }
  }

  internal static SealOptions External(Context context) =>
      new SealOptions(context) { Packaging = Packaging.External, Reference = "order 4711" };

  internal static SealOptions Visible(Context context) {
    using (var visible = new VisibleSeal(context) { Text = "Sealed by {signer}\n{reason}" }) {
      visible.SetPosition(Corner.TopLeft, 36, 36, 200, 60);
      return new SealOptions(context) { Format = Format.Pades, PdfReason = "Approved", Visible = visible };
    }
  }
}
