using System;
using System.IO;
using System.Text;
using Signet.Seal;

// Verifies a document as tests/seal-library/verify.c does, and with the same words: TRUSTED AT THREADS DOCUMENT [DATA]. Each thread reads it
// in another way; all reports must be the same.
internal static class Verify {
  // Cannot seek, as a network's.
  private sealed class Pipe : MemoryStream {
    internal Pipe(byte[] bytes) : base(bytes) {}
    public override bool CanSeek => false;
  }

  private static Input Open(Context context, int number, string document) {
    switch (number % 4) {
      case 0: return Input.FromFile(context, document);
      case 1: return Input.FromStream(context, new Pipe(File.ReadAllBytes(document)));
      case 2: return Input.FromMemory(context, File.ReadAllBytes(document));
      // Stays open until the process ends.
      default: return Input.FromStream(context, File.OpenRead(document));
    }
  }

  private static int StatusOf(Indication indication) {
    switch (indication) {
      case Indication.TotalPassed: return 0;
      case Indication.Indeterminate: return 40;
      case Indication.TotalFailed: return 41;
      default: return 42;
    }
  }

  private static int StatusOf(Status status) {
    switch (status) {
      case Status.Broken: return 31;
      case Status.Forbidden: return 32;
      case Status.Settings: return 2;
      default: return 1;
    }
  }

  private static string Report(Context context, Verification found, string name) {
    using (var options = new ReportOptions(context) { FileName = name })
    using (Output output = Output.ToMemory(context)) {
      found.Report(ReportForm.Json, output, options);
      return Encoding.UTF8.GetString(output.Bytes());
    }
  }

  private static int Main(string[] words) {
    int threads = int.Parse(words[2]);
    var reports = new string[threads];
    var statuses = new int[threads];
    using (var context = new Context())
    using (var options = new VerifyOptions(context) { WithoutRevocation = true,
                                                      Time = DateTimeOffset.FromUnixTimeSeconds(long.Parse(words[1])) }) {
      options.AddTrustedFile(words[0]);
      Common.InThreads(threads, number => {
        reports[number] = "";
        statuses[number] = 1;
        try {
          using (Input document = Open(context, number, words[3]))
          using (Input data = words.Length > 4 ? Input.FromFile(context, words[4]) : null)
          using (Verification found = options.Verify(document, data)) {
            reports[number] = Report(context, found, words[3]);
            statuses[number] = StatusOf(found.Indication);
          }
        } catch (SealException e) {
          Console.Error.WriteLine(e.Code + ": " + e.Message);
          statuses[number] = StatusOf(e.Status);
        }
      });
    }
    for (int at = 0; at < threads; ++at) {
      if (statuses[at] == statuses[0] && reports[at] == reports[0]) continue;
      Console.Error.WriteLine("thread " + at + " has another report");
      return 1;
    }
    byte[] bytes = Encoding.UTF8.GetBytes(reports[0]);
    using (Stream shown = Console.OpenStandardOutput()) shown.Write(bytes, 0, bytes.Length);
    return statuses[0];
  }
}
