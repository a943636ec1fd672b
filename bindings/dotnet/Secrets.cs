using System;
using System.Runtime.InteropServices;

namespace Signet.Seal {
  // PINs and passwords on their way into the library.
  internal static class Secrets {
    // In UTF-8, in memory that is not moved (no copy stays behind) and wiped afterwards; null for null.
    internal static void Use(char[] secret, Action<byte[]> work) {
      if (secret == null) {
        work(null);
        return;
      }
      var bytes = new byte[Utf8.Strict.GetByteCount(secret)];
      GCHandle pinned = GCHandle.Alloc(bytes, GCHandleType.Pinned);
      try {
        Utf8.Strict.GetBytes(secret, 0, secret.Length, bytes, 0);
        work(bytes);
      } finally {
        Array.Clear(bytes, 0, bytes.Length);
        pinned.Free();
      }
    }
  }
}
