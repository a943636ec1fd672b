import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import signet.seal.Added;
import signet.seal.Context;
import signet.seal.ExtendOptions;
import signet.seal.Extender;
import signet.seal.Extension;
import signet.seal.Level;
import signet.seal.SealException;
import signet.seal.TimeStamper;
import signet.seal.VerifyOptions;

/** Extends documents as tests/seal-library/extend.c does, and with the same words: TRUSTED HOST TSA B-T|B-LT|B-LTA DOCUMENT... */
final class Extend {
  private Extend() {}

  private static Extender extender(Context context, String[] words) {
    try (VerifyOptions trust = new VerifyOptions(context);
        TimeStamper stamper = Common.stamper(context, words[2], null);
        ExtendOptions options = new ExtendOptions(context)) {
      trust.addTrustedFile(Path.of(words[0])).online(true).onlineLimits(Duration.ofSeconds(60), Duration.ofSeconds(300), 1 << 26).addOnlineHost(words[1]);
      options.level(Level.valueOf(words[3].replace('-', '_')));
      return new Extender(context, trust, stamper, options);
    }
  }

  public static void main(String[] words) throws Exception {
    final int count = words.length - 4;
    final String[] lines = new String[count];
    final int failures;
    try (Context context = new Context();
        Extender extender = extender(context, words)) {
      failures =
          Common.inThreads(
              count,
              number -> {
                final String document = words[4 + number];
                try {
                  final Extension extension = extender.extend(Path.of(document));
                  lines[number] =
                      document + ": " + extension.levelBefore() + ", " + extension.level() + ", " + extension.added(Added.TIME_STAMPS) + " time-stamps, "
                          + extension.verifiableUntil().map(Instant::getEpochSecond).orElse(Long.MIN_VALUE);
                } catch (SealException e) {
                  System.err.println("status " + e.code() + ": " + e.getMessage());
                  throw e;
                }
              });
    }
    for (String line : lines) if (line != null) System.out.println(line);
    System.exit(failures == 0 ? 0 : 1);
  }
}
