using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Signet.Seal {
  /// <summary>A document that is read, by one call at a time.</summary>
  public sealed class Input : NativeObject {
    // It lives as long as this input.
    private readonly Callback callback;

    private Input(IntPtr address, Action<IntPtr> free, Callback callback) : base(address, free) {
      this.callback = callback;
    }

    internal override void Keep() => GC.KeepAlive(callback);

    /// <summary>A regular file, which is opened now.</summary>
    /// <param name="context">Of the call.</param>
    /// <param name="path">Of the file.</param>
    /// <returns>The input.</returns>
    public static Input FromFile(Context context, string path) =>
        new Input(Call.In(context, address => Native.InputFile(address, path)), Native.InputFree, null);

    /// <summary>Reads a descriptor of the operating system to its end, into a private file without a name.</summary>
    /// <param name="context">Of the call.</param>
    /// <param name="descriptor">Its number; 0 is standard input.</param>
    /// <param name="folder">For that file; else TMPDIR, else /var/tmp.</param>
    /// <returns>The input.</returns>
    public static Input FromDescriptor(Context context, int descriptor, string folder = null) =>
        new Input(Call.In(context, address => Native.InputDescriptor(address, descriptor, folder)), Native.InputFree, null);

    /// <summary>A document in memory, which is copied.</summary>
    /// <param name="context">Of the call.</param>
    /// <param name="document">Its bytes.</param>
    /// <returns>The input.</returns>
    public static Input FromMemory(Context context, byte[] document) {
      IntPtr copy = Marshal.AllocHGlobal(document.Length + 1);
      try {
        Marshal.Copy(document, 0, copy, document.Length);
        IntPtr made = Call.In(context, address => Native.InputMemory(address, copy, (ulong)document.Length));
        return new Input(made, input => {
          Native.InputFree(input);
          Marshal.FreeHGlobal(copy);
        }, null);
      } catch {
        Marshal.FreeHGlobal(copy);
        throw;
      }
    }

    /// <summary>A document that the program reads.</summary>
    /// <param name="context">Of the call.</param>
    /// <param name="size">Of the document in bytes.</param>
    /// <param name="read">Is called in the thread of the call.</param>
    /// <returns>The input.</returns>
    public static Input FromCallback(Context context, long size, ReadCallback read) {
      var made = new Callback(read);
      return new Input(
          Call.In(context, address => Native.InputCallback(address, checked((ulong)size), Callback.Read, made.Number)),
          Native.InputFree, made);
    }

    /// <summary>A stream. One that can seek is read in its place, from its beginning, by the call, and its position is moved; any other
    /// is read to its end now, into a temporary file that only this user can read. The stream stays open.</summary>
    /// <param name="context">Of the call.</param>
    /// <param name="stream">Stays open until the call has ended.</param>
    /// <returns>The input.</returns>
    public static Input FromStream(Context context, Stream stream) {
      if (!stream.CanSeek) return Spool(context, stream);
      return FromCallback(context, stream.Length, (offset, buffer) => {
        stream.Position = offset;
        for (int done = 0; done < buffer.Length;) {
          int read = stream.Read(buffer, done, buffer.Length - done);
          if (read <= 0) throw new EndOfStreamException();
          done += read;
        }
      });
    }

    private static Input Spool(Context context, Stream stream) {
      // Of the rights 0600.
      string path = Path.GetTempFileName();
      try {
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write)) stream.CopyTo(file);
        return FromFile(context, path);
      } finally {
        File.Delete(path);
      }
    }
  }
}
