import java.nio.file.Files;
import java.nio.file.Path;
import signet.seal.Context;
import signet.seal.Input;
import signet.seal.Output;
import signet.seal.SealKey;
import signet.seal.SealOptions;
import signet.seal.TimeStamper;

/**
 * Seals documents as tests/seal-library/seal.c does, and with the same words: MODULE KEY FOLDER THREADS ROUNDS DOCUMENT.pdf [TSA
 * CA_FILE].
 */
final class Seal {
  private final Context context = new Context();
  private final SealKey key;
  private final TimeStamper stamper;
  private final Path folder;
  private final Path document;
  private final SealOptions external = Common.external(context);
  private final SealOptions pdf = Common.visible(context);

  private Seal(String[] words) {
    key = Common.openKey(context, words[0], words[1]);
    folder = Path.of(words[2]);
    document = Path.of(words[5]);
    stamper = words.length > 6 ? Common.stamper(context, words[6], words[7]) : null;
  }

  private void seal(Path from, Path to, SealOptions options) {
    try (Input input = Input.file(context, from);
        Output output = Output.file(context, to, false)) {
      key.seal(input, output, options, stamper, null);
    }
  }

  private void add(Path from, Path to) {
    try (Input input = Input.file(context, from);
        Output output = Output.file(context, to, false)) {
      key.addSignature(input, null, output, null, stamper, null);
    }
  }

  private void work(int number, int rounds) throws Exception {
    for (int round = 0; round < rounds; ++round) {
      final String name = number + "-" + round;
      final StringBuilder text = new StringBuilder();
      for (int line = 0; line < 1000 * (1 + number % 3); ++line) text.append("document ").append(name).append(", line ").append(line).append('\n');
      final Path written = Files.writeString(folder.resolve(name + ".txt"), text);
      seal(written, folder.resolve(name + ".external.p7s"), external);
      seal(written, folder.resolve(name + ".internal.p7m"), null);
      add(folder.resolve(name + ".internal.p7m"), folder.resolve(name + ".added.p7m"));
      seal(document, folder.resolve(name + ".pdf"), pdf);
    }
  }

  public static void main(String[] words) throws Exception {
    final Seal seal = new Seal(words);
    final int threads = Integer.parseInt(words[3]);
    final int failures = Common.inThreads(threads, number -> seal.work(number, Integer.parseInt(words[4])));
    System.out.println("signet-seal " + Context.libraryVersion() + ": " + threads + " threads, " + failures + " failures");
    // Nothing is closed: that is for the end of the process.
    System.exit(failures == 0 ? 0 : 1);
  }
}
