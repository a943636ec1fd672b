import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import signet.seal.Context;
import signet.seal.Input;
import signet.seal.KeySettings;
import signet.seal.Language;
import signet.seal.Output;
import signet.seal.ReadCallback;
import signet.seal.SealControl;
import signet.seal.SealException;
import signet.seal.SealKey;
import signet.seal.SealOptions;
import signet.seal.SealResult;
import signet.seal.Status;
import signet.seal.TextKind;
import signet.seal.Verification;
import signet.seal.VerifyOptions;

/** How the JAR behaves: MODULE KEY FOLDER CA_FILE. Callbacks, exceptions, closing, cancelling, collected garbage. */
final class Behaviour {
  private static final byte[] TEXT = "a document".getBytes(StandardCharsets.UTF_8);
  // Larger than what is read before somebody can cancel.
  private static final long LARGE = 64L << 20;

  private final Context context = new Context();
  private final String module;
  private final String keyName;
  private final Path folder;
  private final Path authority;
  private final SealKey key;

  private Behaviour(String[] words) {
    module = words[0];
    keyName = words[1];
    folder = Path.of(words[2]);
    authority = Path.of(words[3]);
    key = Common.openKey(context, module, keyName);
  }

  private byte[] seal(Input document) {
    try (Input closed = document;
        Output output = Output.memory(context)) {
      final SealResult result = key.seal(closed, output, null);
      Checks.check(Arrays.equals(key.certificate(), result.certificate()), "another certificate");
      return output.bytes();
    }
  }

  private void isSealed(byte[] sealed, byte[] document) {
    try (VerifyOptions options = new VerifyOptions(context).addTrustedFile(authority).withoutRevocation(true);
        Input input = Input.memory(context, sealed);
        Verification found = options.verify(input, null, null);
        Output content = Output.memory(context)) {
      Checks.same("TOTAL_PASSED", found.indication().name(), found.subIndication());
      Checks.same(1, found.signatures().size(), "signatures");
      final var signature = found.signatures().get(0);
      Checks.same("B-B", signature.level(), "the level");
      Checks.check(signature.isTrusted() && signature.chain().size() == 2, "the chain");
      Checks.check(Arrays.equals(signature.chain().get(0).der(), key.certificate()), "the signer's certificate");
      Checks.check(!signature.texts(TextKind.WARNINGS, Language.CZECH).isEmpty(), "no warning of the missing revocation data");
      Checks.check(signature.changes().isEmpty() && signature.claimedTime().isPresent(), "its times");
      found.extractContent(input, content);
      Checks.check(Arrays.equals(document, content.bytes()), "the content");
    }
  }

  private void documents() throws Exception {
    final Path file = Files.write(folder.resolve("document 🖋"), TEXT);
    isSealed(seal(Input.memory(context, TEXT)), TEXT);
    isSealed(seal(Input.memory(context, new byte[0])), new byte[0]);
    isSealed(seal(Input.file(context, file)), TEXT);
    isSealed(seal(Input.stream(context, new ByteArrayInputStream(TEXT))), TEXT);
    try (var channel = Files.newByteChannel(file)) {
      isSealed(seal(Input.channel(context, channel)), TEXT);
    }
    final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (Input input = Input.memory(context, TEXT);
        Output output = Output.stream(context, stream)) {
      key.seal(input, output, null);
      Checks.check(output.bytes() == null, "an output that is no memory has bytes");
    }
    isSealed(stream.toByteArray(), TEXT);
    Checks.refused(Status.EXISTS, () -> sealTo(Output.file(context, file, false)));
    Checks.check(Arrays.equals(TEXT, Files.readAllBytes(file)), "the file was changed");
    final SealException gone = Checks.refused(Status.INPUT, () -> Input.file(context, folder.resolve("není 🖋")));
    Checks.check(gone.getMessage().contains("není 🖋"), gone.getMessage());
  }

  private void sealTo(Output output) {
    try (Output closed = output;
        Input input = Input.memory(context, TEXT)) {
      key.seal(input, closed, null);
    }
  }

  private void exceptions() throws Exception {
    for (Throwable thrown : new Throwable[] {new IOException("the disk"), new IllegalStateException("x"), new StackOverflowError()}) {
      Checks.refusedBy(thrown, Status.INPUT, () -> seal(Input.callback(context, 10, (offset, buffer) -> rethrow(thrown))));
      Checks.refusedBy(thrown, Status.OUTPUT, () -> sealTo(Output.callback(context, data -> rethrow(thrown))));
      try (SealControl control = new SealControl(context).progress((done, all) -> rethrow(thrown))) {
        Checks.refusedBy(thrown, Status.CANCELLED, () -> sealBy(control, LARGE));
        Checks.same(thrown, control.thrown(), "what the control says");
      }
      try (KeySettings settings = settings().pinCallback(label -> rethrow(thrown))) {
        Checks.refusedBy(thrown, Status.TOKEN, settings::open);
      }
    }
    // A callback that makes calls itself: what fails there is its own.
    final byte[] sealed =
        seal(
            Input.callback(
                context,
                TEXT.length,
                (offset, buffer) -> {
                  Checks.refused(Status.INPUT, () -> seal(Input.callback(context, 10, (inner, unused) -> rethrow(new IOException("inner")))));
                  System.arraycopy(TEXT, (int) offset, buffer, 0, buffer.length);
                }));
    isSealed(sealed, TEXT);
    Checks.check(Checks.refused(Status.INPUT, () -> Input.file(context, folder)).getCause() == null, "a cause of an earlier call");
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable, R> R rethrow(Throwable thrown) throws T {
    throw (T) thrown;
  }

  private void sealBy(SealControl control, long size) {
    try (Input input = Input.callback(context, size, (offset, buffer) -> {});
        Output output = Output.callback(context, data -> {})) {
      key.seal(input, output, null, null, control);
    }
  }

  private KeySettings settings() {
    return new KeySettings(context, keyName).module(Path.of(module));
  }

  private void pins() throws Exception {
    final char[] pin = System.getenv("PIN").toCharArray();
    final String[] label = new String[1];
    try (KeySettings settings = settings().pinCallback(asked -> {
          label[0] = asked;
          return pin;
        });
        SealKey second = settings.open()) {
      Checks.check(second.certificate().length > 0, "no certificate");
    }
    // Another key is still logged in, and the callback may not have been asked.
    Checks.check(label[0] == null || label[0].equals("seal") && pin[0] == '\0', "another label, or the PIN was not wiped");
    try (KeySettings settings = settings().pinCallback(asked -> null)) {
      Checks.same(Status.TOKEN, Checks.refused(Status.TOKEN, settings::open).status(), "a PIN that is refused");
    }
    final SealException none = Checks.refused(Status.TOKEN, () -> new KeySettings(context, "absent").module(Path.of(module)).pin("1".toCharArray()).open());
    Checks.check(none.tokenReason() != 0, "a token's failure has no reason");
  }

  private void closing() throws Exception {
    final SealKey other = Common.openKey(context, module, keyName);
    final Input[] input = new Input[1];
    final ReadCallback closes =
        (offset, buffer) -> {
          // Of a call that goes on: they are freed after it.
          other.close();
          input[0].close();
          System.gc();
          System.arraycopy(TEXT, (int) offset, buffer, 0, buffer.length);
        };
    input[0] = Input.callback(context, TEXT.length, closes);
    try (Output output = Output.memory(context)) {
      other.seal(input[0], output, null);
      isSealed(output.bytes(), TEXT);
      Checks.thrown(IllegalStateException.class, () -> other.seal(input[0], output, null));
      Checks.thrown(IllegalStateException.class, other::certificate);
    }
    other.close();
  }

  private void inUse() throws Exception {
    final SealOptions options = new SealOptions(context);
    final Input[] input = new Input[1];
    input[0] =
        Input.callback(
            context,
            TEXT.length,
            (offset, buffer) -> {
              Checks.thrown(IllegalStateException.class, () -> options.pdfReason("changed while it is used"));
              try (Output second = Output.memory(context)) {
                Checks.thrown(IllegalStateException.class, () -> key.seal(input[0], second, null));
              }
              System.arraycopy(TEXT, (int) offset, buffer, 0, buffer.length);
            });
    try (Input used = input[0];
        Output output = Output.memory(context)) {
      key.seal(used, output, options);
      isSealed(output.bytes(), TEXT);
    }
    options.pdfReason("changed afterwards").close();
  }

  private void cancelling() throws Exception {
    final CountDownLatch started = new CountDownLatch(1);
    try (SealControl control = new SealControl(context).progress((done, all) -> started.countDown())) {
      final Thread other =
          new Thread(
              () -> {
                try {
                  started.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                control.cancel();
              });
      other.start();
      final SealException e = Checks.refused(Status.CANCELLED, () -> sealSlowly(control, other));
      Checks.check(e.getCause() == null && control.thrown() == null, "cancelled for another reason");
      Checks.refused(Status.CANCELLED, () -> sealBy(control, 10));
    }
    final SealControl closed = new SealControl(context);
    closed.close();
    closed.cancel();
  }

  /** Goes on only after it was cancelled. */
  private void sealSlowly(SealControl control, Thread canceller) {
    try (Input input =
            Input.callback(
                context,
                LARGE,
                (offset, buffer) -> {
                  if (offset > LARGE / 2) canceller.join();
                });
        Output output = Output.callback(context, data -> {})) {
      key.seal(input, output, null, null, control);
    }
  }

  private void texts() throws Exception {
    Checks.thrown(IllegalArgumentException.class, () -> new SealOptions(context).pdfReason("a\0b"));
    Checks.thrown(IllegalArgumentException.class, () -> new SealOptions(context).pdfReason("\uD83D"));
    Checks.thrown(IllegalArgumentException.class, () -> new SealOptions(context).pdfPassword(new char[] {'\uD83D'}));
    Checks.thrown(IllegalArgumentException.class, () -> new SealOptions(context).pdfTimeStampRoom(-1));
    Checks.refused(Status.ARGUMENT, () -> new KeySettings(context, ""));
    Checks.refused(Status.ARGUMENT, () -> new SealOptions(context).pdfReason(null));
  }

  /** Nothing is closed while other threads seal and the garbage is collected. */
  private void garbage() throws Exception {
    final int failures =
        Common.inThreads(
            4,
            number -> {
              for (int round = 0; round < 25; ++round) {
                final Input input = number % 2 == 0 ? Input.memory(context, TEXT) : Input.callback(context, TEXT.length, (offset, buffer) -> copy(offset, buffer));
                final Output output = Output.memory(context);
                new SealControl(context).progress((done, all) -> {});
                key.seal(input, output, new SealOptions(context).fileName("garbage"));
                isSealed(output.bytes(), TEXT);
                if (round % 5 == 0) System.gc();
              }
            });
    Checks.same(0, failures, "threads that failed");
  }

  private static void copy(long offset, byte[] buffer) {
    System.arraycopy(TEXT, (int) offset, buffer, 0, buffer.length);
  }

  public static void main(String[] words) throws Exception {
    final Behaviour behaviour = new Behaviour(words);
    behaviour.documents();
    behaviour.exceptions();
    behaviour.pins();
    behaviour.closing();
    behaviour.inUse();
    behaviour.cancelling();
    behaviour.texts();
    behaviour.garbage();
    System.out.println(Checks.count() + " checks");
  }
}
