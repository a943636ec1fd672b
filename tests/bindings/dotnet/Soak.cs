using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Signet.Seal;

// Seals (CAdES, visible PAdES-B-T), verifies and extends in many threads, with seals that fail and are cancelled between them: MODULE KEY
// FOLDER THREADS SECONDS LETTER TSA CA_FILE ROOT_FILE HOST. Then it says how many rounds that were, and KiB of memory and open
// descriptors after a third of the time and at its end.
internal sealed class Soak {
  private static readonly byte[] Text = Encoding.UTF8.GetBytes("a document");

  private readonly Context context = new Context();
  private readonly SealKey key;
  private readonly TimeStamper stamper;
  private readonly SealOptions visible;
  private readonly VerifyOptions trust;
  private readonly Extender extender;
  private readonly string folder, letter;
  private long rounds;

  private Soak(string[] words) {
    key = Common.OpenKey(context, words[0], words[1]);
    folder = words[2];
    letter = words[5];
    stamper = Common.Stamper(context, words[6], words[7]);
    visible = Common.Visible(context);
    trust = new VerifyOptions(context) { Online = true }.SetOnlineLimits(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(300), 1 << 26).AddTrustedFile(words[8]).AddOnlineHost(words[9]);
    extender = new Extender(context, trust, stamper);
  }

  private void IsValid(Input document) {
    using (document)
    using (Verification found = trust.Verify(document)) {
      if (found.Indication != Indication.TotalPassed) throw new Exception(found.Indication + " " + found.SubIndication);
    }
  }

  private void Cades() {
    using (Input input = Input.FromMemory(context, Text))
    using (Output output = Output.ToMemory(context)) {
      key.Seal(input, output);
      IsValid(Input.FromMemory(context, output.Bytes()));
    }
  }

  private void Pades(string name) {
    using (Input input = Input.FromFile(context, letter))
    using (Output output = Output.ToFile(context, name, true)) key.Seal(input, output, visible, stamper);
    IsValid(Input.FromFile(context, name));
    if (extender.Extend(name).Level != "B-LTA") throw new Exception("not extended");
    IsValid(Input.FromFile(context, name));
  }

  private void Failing() {
    try {
      using (Input input = Input.FromCallback(context, Text.Length, (offset, buffer) => { throw new IOException("the disk"); }))
      using (Output output = Output.ToMemory(context)) key.Seal(input, output);
      throw new Exception("a document is sealed that cannot be read");
    } catch (SealException e) when (e.Status == Status.Input && e.InnerException is IOException) {
    }
    try {
      using (Input input = Input.FromMemory(context, Text))
      using (Output output = Output.ToMemory(context))
      using (var control = new SealControl(context)) {
        control.Cancel();
        key.Seal(input, output, null, null, control);
      }
      throw new Exception("a cancelled seal is made");
    } catch (SealException e) when (e.Status == Status.Cancelled) {
    }
  }

  private void Work(int number, Stopwatch clock, TimeSpan time) {
    while (clock.Elapsed < time) {
      Cades();
      Pades(Path.Combine(folder, number + ".pdf"));
      Failing();
      Interlocked.Increment(ref rounds);
    }
  }

  private static string State() {
    GC.Collect();
    string resident = File.ReadAllLines("/proc/self/status").First(line => line.StartsWith("VmRSS:"));
    return new string(resident.Where(char.IsDigit).ToArray()) + " " + Directory.GetFiles("/proc/self/fd").Length;
  }

  private static int Main(string[] words) {
    var soak = new Soak(words);
    TimeSpan time = TimeSpan.FromSeconds(long.Parse(words[4]));
    Stopwatch clock = Stopwatch.StartNew();
    string early = null;
    var watcher = new Thread(() => {
      Thread.Sleep(new TimeSpan(time.Ticks / 3));
      early = State();
    });
    watcher.Start();
    int failures = Common.InThreads(int.Parse(words[3]), number => soak.Work(number, clock, time));
    watcher.Join();
    Console.WriteLine(soak.rounds + " " + early + " " + State());
    return failures == 0 ? 0 : 1;
  }
}
