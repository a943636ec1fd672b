import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import signet.seal.Context;
import signet.seal.Indication;
import signet.seal.Input;
import signet.seal.Output;
import signet.seal.ReportForm;
import signet.seal.ReportOptions;
import signet.seal.SealException;
import signet.seal.Status;
import signet.seal.Verification;
import signet.seal.VerifyOptions;

/**
 * Verifies a document as tests/seal-library/verify.c does, and with the same words: TRUSTED AT THREADS DOCUMENT [DATA]. Each thread reads
 * it in another way; all reports must be the same.
 */
final class Verify {
  private Verify() {}

  private static Input open(Context context, int number, Path document) throws Exception {
    switch (number % 4) {
      case 0:
        return Input.file(context, document);
      case 1:
        try (InputStream stream = Files.newInputStream(document)) {
          return Input.stream(context, stream);
        }
      case 2:
        return Input.memory(context, Files.readAllBytes(document));
      default:
        // Stays open until the process ends.
        return Input.channel(context, Files.newByteChannel(document));
    }
  }

  private static int status(Indication indication) {
    switch (indication) {
      case TOTAL_PASSED:
        return 0;
      case INDETERMINATE:
        return 40;
      case TOTAL_FAILED:
        return 41;
      default:
        return 42;
    }
  }

  private static int status(Status status) {
    switch (status) {
      case BROKEN:
        return 31;
      case FORBIDDEN:
        return 32;
      case SETTINGS:
        return 2;
      default:
        return 1;
    }
  }

  private static String report(Context context, Verification found, String name) {
    try (ReportOptions options = new ReportOptions(context).fileName(name);
        Output output = Output.memory(context)) {
      found.report(ReportForm.JSON, options, output);
      return new String(output.bytes(), StandardCharsets.UTF_8);
    }
  }

  public static void main(String[] words) throws Exception {
    final int threads = Integer.parseInt(words[2]);
    final String[] reports = new String[threads];
    final int[] statuses = new int[threads];
    try (Context context = new Context();
        VerifyOptions options = new VerifyOptions(context)) {
      options.addTrustedFile(Path.of(words[0])).withoutRevocation(true).time(Instant.ofEpochSecond(Long.parseLong(words[1])));
      Common.inThreads(
          threads,
          number -> {
            reports[number] = "";
            statuses[number] = 1;
            try (Input document = open(context, number, Path.of(words[3]));
                Input data = words.length > 4 ? Input.file(context, Path.of(words[4])) : null;
                Verification found = options.verify(document, data, null)) {
              reports[number] = report(context, found, words[3]);
              statuses[number] = status(found.indication());
            } catch (SealException e) {
              System.err.println(e.code() + ": " + e.getMessage());
              statuses[number] = status(e.status());
            }
          });
    }
    for (int at = 0; at < threads; ++at) {
      if (statuses[at] == statuses[0] && reports[at].equals(reports[0])) continue;
      System.err.println("thread " + at + " has another report");
      System.exit(1);
    }
    System.out.write(reports[0].getBytes(StandardCharsets.UTF_8));
    System.out.flush();
    System.exit(statuses[0]);
  }
}
