using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Signet.Seal;

// How the assembly behaves: MODULE KEY FOLDER CA_FILE. Callbacks, exceptions, disposing, cancelling, collected garbage.
internal sealed class Behaviour {
  private static readonly byte[] Text = Encoding.UTF8.GetBytes("a document");
  // Larger than what is read before somebody can cancel.
  private const long Large = 64L << 20;

  private readonly Context context = new Context();
  private readonly string module, keyName, folder, authority;
  private readonly SealKey key;

  private Behaviour(string[] words) {
    module = words[0];
    keyName = words[1];
    folder = words[2];
    authority = words[3];
    key = Common.OpenKey(context, module, keyName);
  }

  private byte[] Seal(Input document) {
    using (document)
    using (Output output = Output.ToMemory(context)) {
      SealResult result = key.Seal(document, output);
      Checks.Check(key.Certificate().SequenceEqual(result.Certificate()), "another certificate");
      return output.Bytes();
    }
  }

  private void IsSealed(byte[] isSealed, byte[] document) {
    using (var options = new VerifyOptions(context) { WithoutRevocation = true })
    using (Input input = Input.FromMemory(context, isSealed))
    using (Verification found = options.AddTrustedFile(authority).Verify(input))
    using (Output content = Output.ToMemory(context)) {
      Checks.Same(Indication.TotalPassed, found.Indication, found.SubIndication);
      Checks.Same(1, found.Signatures.Count, "signatures");
      Verified signature = found.Signatures[0];
      Checks.Same("B-B", signature.Level, "the level");
      Checks.Check(signature.IsTrusted && signature.Chain.Count == 2, "the chain");
      Checks.Check(signature.Chain[0].Der.SequenceEqual(key.Certificate()), "the signer's certificate");
      Checks.Check(signature.Texts(TextKind.Warnings, Language.Czech).Count > 0, "no warning of the missing revocation data");
      Checks.Check(signature.Changes.Count == 0 && signature.ClaimedTime != null, "its times");
      found.ExtractContent(input, content);
      Checks.Check(document.SequenceEqual(content.Bytes()), "the content");
    }
  }

  // Cannot seek, as a network's.
  private sealed class Pipe : MemoryStream {
    internal Pipe(byte[] bytes) : base(bytes) {}
    public override bool CanSeek => false;
  }

  private void Documents() {
    string file = Path.Combine(folder, "document 🖋");
    File.WriteAllBytes(file, Text);
    IsSealed(Seal(Input.FromMemory(context, Text)), Text);
    IsSealed(Seal(Input.FromMemory(context, new byte[0])), new byte[0]);
    IsSealed(Seal(Input.FromFile(context, file)), Text);
    IsSealed(Seal(Input.FromStream(context, new Pipe(Text))), Text);
    using (FileStream stream = File.OpenRead(file)) IsSealed(Seal(Input.FromStream(context, stream)), Text);
    var written = new MemoryStream();
    using (Input input = Input.FromMemory(context, Text))
    using (Output output = Output.ToStream(context, written)) {
      key.Seal(input, output);
      Checks.Check(output.Bytes() == null, "an output that is no memory has bytes");
    }
    IsSealed(written.ToArray(), Text);
    Checks.Refused(Status.Exists, () => SealTo(Output.ToFile(context, file)));
    Checks.Check(Text.SequenceEqual(File.ReadAllBytes(file)), "the file was changed");
    SealException gone = Checks.Refused(Status.Input, () => Input.FromFile(context, Path.Combine(folder, "není 🖋")));
    Checks.Check(gone.Message.Contains("není 🖋"), gone.Message);
  }

  private void SealTo(Output output) {
    using (output)
    using (Input input = Input.FromMemory(context, Text)) key.Seal(input, output);
  }

  private void Exceptions() {
    foreach (Exception thrown in new Exception[] { new IOException("the disk"), new InvalidOperationException("x") }) {
      Checks.RefusedBy(thrown, Status.Input, () => Seal(Input.FromCallback(context, 10, (offset, buffer) => { throw thrown; })));
      Checks.RefusedBy(thrown, Status.Output, () => SealTo(Output.ToCallback(context, data => { throw thrown; })));
      using (var control = new SealControl(context) { Progress = (done, all) => { throw thrown; } }) {
        Checks.RefusedBy(thrown, Status.Cancelled, () => SealBy(control, Large));
        Checks.Same(thrown, control.Thrown, "what the control says");
      }
      using (KeySettings settings = Settings()) {
        settings.PinCallback = label => { throw thrown; };
        Checks.RefusedBy(thrown, Status.Token, () => settings.Open());
      }
    }
    // A callback that makes calls itself: what fails there is its own.
    byte[] isSealed = Seal(Input.FromCallback(context, Text.Length, (offset, buffer) => {
      Checks.Refused(Status.Input,
                     () => Seal(Input.FromCallback(context, 10, (inner, unused) => { throw new IOException("inner"); })));
      Array.Copy(Text, offset, buffer, 0, buffer.Length);
    }));
    IsSealed(isSealed, Text);
    SealException next = Checks.Refused(Status.Input, () => Input.FromFile(context, folder));
    Checks.Check(next.InnerException == null, "an exception of an earlier call");
  }

  // A thread that is aborted in a callback: the abort does not unwind native frames.
  private void Aborts() {
    SealException failure = null;
    var thread = new Thread(() => {
      try {
        Seal(Input.FromCallback(context, 10, (offset, buffer) => Thread.CurrentThread.Abort()));
      } catch (SealException e) {
        failure = e;
      }
    });
    thread.Start();
    thread.Join();
    Checks.Check(failure != null && failure.Status == Status.Input, "the abort went another way");
    Checks.Same(typeof(ThreadAbortException), failure.InnerException.GetType(), "the inner exception");
  }

  private void SealBy(SealControl control, long size) {
    using (Input input = Input.FromCallback(context, size, (offset, buffer) => {}))
    using (Output output = Output.ToCallback(context, data => {})) key.Seal(input, output, null, null, control);
  }

  private KeySettings Settings() => new KeySettings(context, keyName) { Module = module };

  private void Pins() {
    char[] pin = Environment.GetEnvironmentVariable("PIN").ToCharArray();
    string label = null;
    using (KeySettings settings = Settings()) {
      settings.PinCallback = asked => {
        label = asked;
        return pin;
      };
      using (SealKey second = settings.Open()) Checks.Check(second.Certificate().Length > 0, "no certificate");
    }
    // Another key is still logged in, and the callback may not have been asked.
    Checks.Check(label == null || label == "seal" && pin[0] == '\0', "another label, or the PIN was not wiped");
    using (KeySettings settings = Settings()) {
      settings.PinCallback = asked => null;
      Checks.Refused(Status.Token, () => settings.Open());
    }
    SealException none = Checks.Refused(Status.Token, () => new KeySettings(context, "absent") {
      Module = module, Pin = "1".ToCharArray() }.Open());
    Checks.Check(none.TokenReason != 0, "a token's failure has no reason");
  }

  private void Disposing() {
    SealKey other = Common.OpenKey(context, module, keyName);
    Input input = null;
    input = Input.FromCallback(context, Text.Length, (offset, buffer) => {
      // Of a call that goes on: they are freed after it.
      other.Dispose();
      input.Dispose();
      GC.Collect();
      Array.Copy(Text, offset, buffer, 0, buffer.Length);
    });
    using (Output output = Output.ToMemory(context)) {
      other.Seal(input, output);
      IsSealed(output.Bytes(), Text);
      Checks.Throws<ObjectDisposedException>(() => other.Seal(input, output));
      Checks.Throws<ObjectDisposedException>(() => other.Certificate());
    }
    other.Dispose();
  }

  private void InUse() {
    var options = new SealOptions(context);
    Input input = null;
    input = Input.FromCallback(context, Text.Length, (offset, buffer) => {
      Checks.Throws<InvalidOperationException>(() => options.PdfReason = "changed while it is used");
      using (Output second = Output.ToMemory(context)) Checks.Throws<InvalidOperationException>(() => key.Seal(input, second));
      Array.Copy(Text, offset, buffer, 0, buffer.Length);
    });
    using (input)
    using (Output output = Output.ToMemory(context)) {
      key.Seal(input, output, options);
      IsSealed(output.Bytes(), Text);
    }
    options.PdfReason = "changed afterwards";
    options.Dispose();
  }

  private void Cancelling() {
    var started = new ManualResetEvent(false);
    using (var source = new CancellationTokenSource())
    using (var control = new SealControl(context, source.Token) { Progress = (done, all) => started.Set() }) {
      var other = new Thread(() => {
        started.WaitOne();
        source.Cancel();
      });
      other.Start();
      SealException e = Checks.Refused(Status.Cancelled, () => SealSlowly(control, other));
      Checks.Check(e.InnerException == null && control.Thrown == null, "cancelled for another reason");
      Checks.Refused(Status.Cancelled, () => SealBy(control, 10));
    }
    var closed = new SealControl(context);
    closed.Dispose();
    closed.Cancel();
  }

  // Goes on only after it was cancelled.
  private void SealSlowly(SealControl control, Thread canceller) {
    using (Input input = Input.FromCallback(context, Large, (offset, buffer) => {
      if (offset > Large / 2) canceller.Join();
    }))
    using (Output output = Output.ToCallback(context, data => {})) key.Seal(input, output, null, null, control);
  }

  private void TextsOfEveryKind() {
    Checks.Throws<ArgumentException>(() => new SealOptions(context) { PdfReason = "a\0b" });
    Checks.Throws<EncoderFallbackException>(() => new SealOptions(context) { PdfReason = "\uD83D" });
    Checks.Throws<EncoderFallbackException>(() => new SealOptions(context) { PdfPassword = new[] { '\uD83D' } });
    Checks.Throws<OverflowException>(() => new SealOptions(context) { PdfTimeStampRoom = -1 });
    Checks.Refused(Status.Argument, () => new KeySettings(context, ""));
    Checks.Refused(Status.Argument, () => new SealOptions(context) { PdfReason = null });
  }

  // Nothing is disposed of while other threads seal and the garbage is collected.
  private void Garbage() {
    int failures = Common.InThreads(4, number => {
      for (int round = 0; round < 25; ++round) {
        Input input = number % 2 == 0 ? Input.FromMemory(context, Text)
                                      : Input.FromCallback(context, Text.Length, (offset, buffer) => Array.Copy(Text, offset, buffer, 0, buffer.Length));
        Output output = Output.ToMemory(context);
        new SealControl(context) { Progress = (done, all) => {} };
        key.Seal(input, output, new SealOptions(context) { FileName = "garbage" });
        IsSealed(output.Bytes(), Text);
        if (round % 5 == 0) GC.Collect();
      }
    });
    GC.Collect();
    GC.WaitForPendingFinalizers();
    Checks.Same(0, failures, "threads that failed");
  }

  private static void Main(string[] words) {
    var behaviour = new Behaviour(words);
    behaviour.Documents();
    behaviour.Exceptions();
    behaviour.Aborts();
    behaviour.Pins();
    behaviour.Disposing();
    behaviour.InUse();
    behaviour.Cancelling();
    behaviour.TextsOfEveryKind();
    behaviour.Garbage();
    Console.WriteLine(Checks.Count + " checks");
  }
}
