using System;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading;

namespace Signet.Seal {
  [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
  internal delegate int NativePin(IntPtr user, IntPtr tokenLabel, IntPtr buffer, UIntPtr bufferSize, IntPtr pinSize);
  [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
  internal delegate void NativeProgress(IntPtr user, ulong done, ulong all);
  [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
  internal delegate int NativeRead(IntPtr user, ulong offset, IntPtr buffer, UIntPtr size);
  [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
  internal delegate int NativeWrite(IntPtr user, IntPtr data, UIntPtr size);

  // A delegate of the program that native code calls by its number. It lives as long as the objects that it was given to, which refer
  // to it. Nothing that it throws gets into native code.
  internal sealed class Callback {
    private const int Done = 0, Failed = 1, PinPad = 1, PinRefused = 2;
    // What one array holds of a larger piece.
    private const int Piece = 1 << 20;

    // Native code keeps their addresses, so that they live as long as the process.
    internal static readonly NativePin Pin = AskPin;
    internal static readonly NativeProgress Progress = TellProgress;
    internal static readonly NativeRead Read = ReadPieces;
    internal static readonly NativeWrite Write = WritePieces;

    private static readonly ConcurrentDictionary<long, WeakReference<Callback>> Living =
        new ConcurrentDictionary<long, WeakReference<Callback>>();
    private static long last;
    // Callbacks run in the thread of the call.
    [ThreadStatic]
    private static Exception thrown;

    private readonly long number = Interlocked.Increment(ref last);
    private readonly Delegate target;
    private readonly Action<Exception> onThrown;

    internal Callback(Delegate target, Action<Exception> onThrown = null) {
      if (target == null) throw new ArgumentNullException(nameof(target));
      this.target = target;
      this.onThrown = onThrown;
      Living[number] = new WeakReference<Callback>(this);
    }

    ~Callback() {
      WeakReference<Callback> own;
      Living.TryRemove(number, out own);
    }

    // What native code gets.
    internal IntPtr Number => (IntPtr)number;

    // What was thrown in this thread since it was asked for.
    internal static Exception TakeThrown() {
      Exception taken = thrown;
      thrown = null;
      return taken;
    }

    internal static void PutThrown(Exception exception) => thrown = exception;

    private static int AskPin(IntPtr user, IntPtr tokenLabel, IntPtr buffer, UIntPtr bufferSize, IntPtr pinSize) {
      int answer = PinRefused;
      bool done = Use(user, target => answer = Give(((PinCallback)target)(Utf8.Read(tokenLabel)), buffer, bufferSize, pinSize));
      return done ? answer : PinRefused;
    }

    private static int Give(char[] pin, IntPtr buffer, UIntPtr bufferSize, IntPtr pinSize) {
      if (pin == null) return PinRefused;
      if (pin.Length == 0) return PinPad;
      int answer = PinRefused;
      try {
        Secrets.Use(pin, bytes => {
          if ((ulong)bytes.Length > (ulong)bufferSize) return;
          Marshal.Copy(bytes, 0, buffer, bytes.Length);
          Marshal.WriteIntPtr(pinSize, (IntPtr)bytes.Length);
          answer = Done;
        });
      } finally {
        Array.Clear(pin, 0, pin.Length);
      }
      return answer;
    }

    private static void TellProgress(IntPtr user, ulong done, ulong all) =>
        Use(user, target => ((ProgressCallback)target)((long)done, (long)all));

    private static int ReadPieces(IntPtr user, ulong offset, IntPtr buffer, UIntPtr size) {
      bool done = Use(user, target => {
        for (ulong at = 0; at < (ulong)size; at += Piece) {
          var piece = new byte[Math.Min(Piece, (ulong)size - at)];
          ((ReadCallback)target)((long)(offset + at), piece);
          Marshal.Copy(piece, 0, new IntPtr(buffer.ToInt64() + (long)at), piece.Length);
        }
      });
      return done ? Done : Failed;
    }

    private static int WritePieces(IntPtr user, IntPtr data, UIntPtr size) {
      bool done = Use(user, target => {
        for (ulong at = 0; at < (ulong)size; at += Piece) {
          var piece = new byte[Math.Min(Piece, (ulong)size - at)];
          Marshal.Copy(new IntPtr(data.ToInt64() + (long)at), piece, 0, piece.Length);
          ((WriteCallback)target)(piece);
        }
      });
      return done ? Done : Failed;
    }

    private static bool Use(IntPtr user, Action<Delegate> work) {
      Callback callback = null;
      try {
        WeakReference<Callback> found;
        if (!Living.TryGetValue(user.ToInt64(), out found) || !found.TryGetTarget(out callback))
          throw new InvalidOperationException("the callback's object is gone");
        work(callback.target);
        return true;
      } catch (Exception exception) {
        // An abort would go on at the end of this block, through native frames.
        if (exception is ThreadAbortException) Thread.ResetAbort();
        thrown = exception;
        callback?.onThrown?.Invoke(exception);
        return false;
      }
    }
  }
}
