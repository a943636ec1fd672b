import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import signet.seal.Authority;
import signet.seal.Context;
import signet.seal.Corner;
import signet.seal.Format;
import signet.seal.KeySettings;
import signet.seal.Packaging;
import signet.seal.SealKey;
import signet.seal.SealOptions;
import signet.seal.TimeStamper;
import signet.seal.VisibleSeal;

/** What the programs of these tests have in common. */
final class Common {
  interface Work {
    void run(int number) throws Exception;
  }

  private Common() {}

  /** Each thread does the work by its number; how many of them failed. */
  static int inThreads(int count, Work work) throws InterruptedException {
    final int[] failures = new int[count];
    final List<Thread> threads = new ArrayList<>();
    for (int at = 0; at < count; ++at) {
      final int number = at;
      threads.add(
          new Thread(
              () -> {
                try {
                  work.run(number);
                } catch (Throwable e) {
                  e.printStackTrace();
                  failures[number] = 1;
                }
              }));
    }
    for (Thread thread : threads) thread.start();
    for (Thread thread : threads) thread.join();
    int failed = 0;
    for (int one : failures) failed += one;
    return failed;
  }

  static SealKey openKey(Context context, String module, String key) {
    try (KeySettings settings = new KeySettings(context, key).pin(System.getenv("PIN").toCharArray())) {
      if (!module.isEmpty()) settings.module(Path.of(module));
      return settings.open();
    }
  }

  static TimeStamper stamper(Context context, String url, String caFile) {
    try (Authority authority = new Authority(context, url).limit(Duration.ofSeconds(30))) {
      if (caFile != null) authority.caFile(Path.of(caFile));
      return new TimeStamper(context, authority);
    }
  }

  static SealOptions external(Context context) {
    return new SealOptions(context).packaging(Packaging.EXTERNAL).reference("order 4711");
  }

  static SealOptions visible(Context context) {
    try (VisibleSeal visible = new VisibleSeal(context)) {
      visible.position(Corner.TOP_LEFT, 36, 36, 200, 60).text("Sealed by {signer}\n{reason}");
      return new SealOptions(context).format(Format.PADES).pdfReason("Approved").visible(visible);
    }
  }
}
