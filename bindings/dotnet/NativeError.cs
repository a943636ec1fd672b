using System;
using System.Runtime.InteropServices;

namespace Signet.Seal {
  // The error of one call.
  internal sealed class NativeError : IDisposable {
    private const string Library = "libsignet-seal.so.1";

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern IntPtr signet_seal_error_new();
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern void signet_seal_error_free(IntPtr error);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern int signet_seal_error_status(IntPtr error);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern IntPtr signet_seal_error_sentence(IntPtr error);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern int signet_seal_error_token_reason(IntPtr error);
    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern UIntPtr signet_seal_error_token_rv(IntPtr error);

    internal NativeError() {
      Pointer = signet_seal_error_new();
      if (Pointer == IntPtr.Zero) throw new OutOfMemoryException();
    }

    internal IntPtr Pointer { get; }

    // What a callback threw becomes the inner exception.
    internal void Check(int status) {
      if (status == 0) return;
      throw new SealException(signet_seal_error_status(Pointer), Utf8.Read(signet_seal_error_sentence(Pointer)),
                              signet_seal_error_token_reason(Pointer), (ulong)signet_seal_error_token_rv(Pointer),
                              Callback.TakeThrown());
    }

    public void Dispose() => signet_seal_error_free(Pointer);
  }
}
