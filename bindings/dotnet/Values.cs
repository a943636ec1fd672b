using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;

namespace Signet.Seal {
  // Values of the C interface as .NET has them.
  internal static class Values {
    // What the C interface has where there is no time.
    internal const long NoTime = long.MinValue;

    internal static DateTimeOffset? Second(long seconds) =>
        seconds == NoTime ? (DateTimeOffset?)null : DateTimeOffset.FromUnixTimeSeconds(seconds);

    internal static DateTimeOffset? Millisecond(long milliseconds) =>
        milliseconds == NoTime ? (DateTimeOffset?)null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    internal static uint Milliseconds(TimeSpan duration) => checked((uint)(duration.Ticks / TimeSpan.TicksPerMillisecond));

    // A part of a second counts as a second, so that no limit becomes none.
    internal static uint Seconds(TimeSpan duration) =>
        checked((uint)((duration.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond));

    internal static IReadOnlyList<T> List<T>(ulong count, Func<ulong, T> item) {
      var items = new List<T>();
      for (ulong at = 0; at < count; ++at) items.Add(item(at));
      return new ReadOnlyCollection<T>(items);
    }
  }
}
