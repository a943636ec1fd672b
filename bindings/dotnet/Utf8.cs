using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Signet.Seal {
  // Texts and bytes of the C interface.
  internal static class Utf8 {
    internal static readonly UTF8Encoding Strict = new UTF8Encoding(false, true);

    // With a zero behind it; null for null.
    internal static byte[] Of(string text) {
      if (text == null) return null;
      if (text.IndexOf('\0') >= 0) throw new ArgumentException("a text has a zero in it");
      var bytes = new byte[Strict.GetByteCount(text) + 1];
      Strict.GetBytes(text, 0, text.Length, bytes, 0);
      return bytes;
    }

    internal static string Read(IntPtr text) {
      if (text == IntPtr.Zero) return null;
      int size = 0;
      while (Marshal.ReadByte(text, size) != 0) ++size;
      var bytes = new byte[size];
      Marshal.Copy(text, bytes, 0, size);
      return Encoding.UTF8.GetString(bytes);
    }

    internal static UIntPtr Size(byte[] bytes) => bytes == null ? UIntPtr.Zero : (UIntPtr)bytes.Length;

    internal static byte[] Copy(IntPtr data, UIntPtr size) {
      if (data == IntPtr.Zero) return null;
      var bytes = new byte[checked((int)(ulong)size)];
      Marshal.Copy(data, bytes, 0, bytes.Length);
      return bytes;
    }
  }
}
