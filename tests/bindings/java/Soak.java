import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import signet.seal.Context;
import signet.seal.Extender;
import signet.seal.Indication;
import signet.seal.Input;
import signet.seal.Output;
import signet.seal.SealControl;
import signet.seal.SealException;
import signet.seal.SealKey;
import signet.seal.SealOptions;
import signet.seal.Status;
import signet.seal.TimeStamper;
import signet.seal.Verification;
import signet.seal.VerifyOptions;

/**
 * Seals (CAdES, visible PAdES-B-T), verifies and extends in many threads, with seals that fail and are cancelled between them: MODULE KEY
 * FOLDER THREADS SECONDS LETTER TSA CA_FILE ROOT_FILE HOST. Then it says how many rounds that were, and KiB of memory and open
 * descriptors after a third of the time and at its end.
 */
final class Soak {
  private static final byte[] TEXT = "a document".getBytes(StandardCharsets.UTF_8);

  private final Context context = new Context();
  private final SealKey key;
  private final TimeStamper stamper;
  private final SealOptions visible = Common.visible(context);
  private final VerifyOptions trust = new VerifyOptions(context);
  private final Extender extender;
  private final Path folder;
  private final Path letter;
  private final AtomicLong rounds = new AtomicLong();

  private Soak(String[] words) {
    key = Common.openKey(context, words[0], words[1]);
    folder = Path.of(words[2]);
    letter = Path.of(words[5]);
    stamper = Common.stamper(context, words[6], words[7]);
    trust.addTrustedFile(Path.of(words[8])).online(true).onlineLimits(Duration.ofSeconds(60), Duration.ofSeconds(300), 1 << 26).addOnlineHost(words[9]);
    extender = new Extender(context, trust, stamper, null);
  }

  private void isValid(Input document) {
    try (Input closed = document;
        Verification found = trust.verify(closed, null, null)) {
      if (found.indication() != Indication.TOTAL_PASSED) throw new IllegalStateException(found.signatures().get(0).indication() + " " + found.subIndication());
    }
  }

  private void cades() {
    try (Input input = Input.memory(context, TEXT);
        Output output = Output.memory(context)) {
      key.seal(input, output, null);
      isValid(Input.memory(context, output.bytes()));
    }
  }

  private void pades(Path sealed) {
    try (Input input = Input.file(context, letter);
        Output output = Output.file(context, sealed, true)) {
      key.seal(input, output, visible, stamper, null);
    }
    isValid(Input.file(context, sealed));
    if (!extender.extend(sealed).level().equals("B-LTA")) throw new IllegalStateException("not extended");
    isValid(Input.file(context, sealed));
  }

  private void failing() {
    try (Input input =
            Input.callback(
                context,
                TEXT.length,
                (offset, buffer) -> {
                  throw new IOException("the disk");
                });
        Output output = Output.memory(context)) {
      key.seal(input, output, null);
      throw new IllegalStateException("a document is sealed that cannot be read");
    } catch (SealException e) {
      if (e.status() != Status.INPUT || !(e.getCause() instanceof IOException)) throw e;
    }
    try (Input input = Input.memory(context, TEXT);
        Output output = Output.memory(context);
        SealControl control = new SealControl(context)) {
      control.cancel();
      key.seal(input, output, null, null, control);
      throw new IllegalStateException("a cancelled seal is made");
    } catch (SealException e) {
      if (e.status() != Status.CANCELLED) throw e;
    }
  }

  private void work(int number, long end) {
    while (System.nanoTime() < end) {
      cades();
      pades(folder.resolve(number + ".pdf"));
      failing();
      rounds.incrementAndGet();
    }
  }

  private String state() throws IOException {
    System.gc();
    long resident = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) resident = Long.parseLong(line.replaceAll("[^0-9]", ""));
    }
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return resident + " " + descriptors.count();
    }
  }

  public static void main(String[] words) throws Exception {
    final Soak soak = new Soak(words);
    final Duration time = Duration.ofSeconds(Long.parseLong(words[4]));
    final long begin = System.nanoTime();
    final String[] early = new String[1];
    final int threads = Integer.parseInt(words[3]);
    final Thread watcher =
        new Thread(
            () -> {
              try {
                Thread.sleep(time.toMillis() / 3);
                early[0] = soak.state();
              } catch (IOException | InterruptedException e) {
                early[0] = e.toString();
              }
            });
    watcher.start();
    final int failures = Common.inThreads(threads, number -> soak.work(number, begin + time.toNanos()));
    watcher.join();
    System.out.println(soak.rounds + " " + early[0] + " " + soak.state());
    System.exit(failures == 0 ? 0 : 1);
  }
}
