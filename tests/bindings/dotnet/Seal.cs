using System;
using System.IO;
using System.Text;
using Signet.Seal;

// Seals documents as tests/seal-library/seal.c does, and with the same words: MODULE KEY FOLDER THREADS ROUNDS DOCUMENT.pdf [TSA CA_FILE].
internal sealed class SealDocuments {
  private readonly Context context = new Context();
  private readonly SealKey key;
  private readonly TimeStamper stamper;
  private readonly SealOptions external, pdf;
  private readonly string folder, document;

  private SealDocuments(string[] words) {
    key = Common.OpenKey(context, words[0], words[1]);
    folder = words[2];
    document = words[5];
    stamper = words.Length > 6 ? Common.Stamper(context, words[6], words[7]) : null;
    external = Common.External(context);
    pdf = Common.Visible(context);
  }

  private void Seal(string from, string to, SealOptions options) {
    using (Input input = Input.FromFile(context, from))
    using (Output output = Output.ToFile(context, to)) key.Seal(input, output, options, stamper);
  }

  private void Add(string from, string to) {
    using (Input input = Input.FromFile(context, from))
    using (Output output = Output.ToFile(context, to)) key.AddSignature(input, null, output, null, stamper);
  }

  private void Work(int number, int rounds) {
    for (int round = 0; round < rounds; ++round) {
      string name = Path.Combine(folder, number + "-" + round);
      var text = new StringBuilder();
      for (int line = 0; line < 1000 * (1 + number % 3); ++line) text.Append("document " + name + ", line " + line + "\n");
      File.WriteAllText(name + ".txt", text.ToString());
      Seal(name + ".txt", name + ".external.p7s", external);
      Seal(name + ".txt", name + ".internal.p7m", null);
      Add(name + ".internal.p7m", name + ".added.p7m");
      Seal(document, name + ".pdf", pdf);
    }
  }

  private static int Main(string[] words) {
    var seal = new SealDocuments(words);
    int threads = int.Parse(words[3]);
    int failures = Common.InThreads(threads, number => seal.Work(number, int.Parse(words[4])));
    Console.WriteLine("signet-seal " + Context.LibraryVersion + ": " + threads + " threads, " + failures + " failures");
    // Nothing is disposed of: that is for the end of the process.
    return failures == 0 ? 0 : 1;
  }
}
