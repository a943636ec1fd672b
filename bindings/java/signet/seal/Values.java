package signet.seal;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/** Values of the C interface as Java has them. */
final class Values {
  /** What the C interface has where there is no time. */
  static final long NO_TIME = Long.MIN_VALUE;

  private Values() {}

  static Optional<Instant> second(long seconds) {
    return seconds == NO_TIME ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
  }

  static Optional<Instant> millisecond(long milliseconds) {
    return milliseconds == NO_TIME ? Optional.empty() : Optional.of(Instant.ofEpochMilli(milliseconds));
  }

  /** A part of a second counts as a second, so that no limit becomes none. */
  static long seconds(Duration duration) {
    return duration.getNano() == 0 ? duration.getSeconds() : Math.addExact(duration.getSeconds(), 1);
  }

  static String path(Path path) {
    return path == null ? null : path.toString();
  }

  static int yes(boolean value) {
    return value ? 1 : 0;
  }

  static <T> List<T> list(long count, LongFunction<T> item) {
    final List<T> items = new ArrayList<>();
    for (long at = 0; at < count; ++at) items.add(item.apply(at));
    return Collections.unmodifiableList(items);
  }
}
