using System;
using Signet.Seal;

// Seals what it is told to on standard input, "DOCUMENT SEALED", and answers each with a line: MODULE KEY. Before it answers it says "begun",
// when the document is being read.
internal static class Life {
  private static string Seal(Context context, SealKey key, string document, string name) {
    bool isBegun = false;
    try {
      using (Input input = Input.FromFile(context, document))
      using (Output output = Output.ToFile(context, name))
      using (var control = new SealControl(context) { Progress = (done, all) => {
        if (!isBegun) Console.WriteLine("begun");
        isBegun = true;
      } }) {
        return "sealed, " + (key.Seal(input, output, null, null, control).Level == Level.BB ? "B_B" : "another level");
      }
    } catch (SealException e) {
      return e.Status.ToString().ToUpperInvariant() + ", " + e.TokenReason;
    }
  }

  private static void Main(string[] words) {
    using (var context = new Context())
    using (SealKey key = Common.OpenKey(context, words[0], words[1])) {
      for (string line = Console.ReadLine(); line != null; line = Console.ReadLine()) {
        string[] told = line.Split(' ');
        Console.WriteLine(Seal(context, key, told[0], told[1]));
      }
    }
  }
}
