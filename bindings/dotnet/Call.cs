using System;
using System.Collections.Generic;

namespace Signet.Seal {
  // A call into the library, and the objects that it uses, which stay as long as it lasts.
  internal sealed class Call : IDisposable {
    private readonly Stack<NativeObject> used = new Stack<NativeObject>(8);

    // Makes an object of a context.
    internal static IntPtr In(Context context, Func<IntPtr, IntPtr> make) {
      using (var call = new Call()) {
        IntPtr address = call.Share(context);
        return call.Run(() => make(address));
      }
    }

    // Zero for null.
    internal IntPtr Share(NativeObject used) {
      if (used == null) return IntPtr.Zero;
      IntPtr address = used.Share();
      this.used.Push(used);
      return address;
    }

    // Zero for null.
    internal IntPtr Take(NativeObject used) {
      if (used == null) return IntPtr.Zero;
      IntPtr address = used.Take();
      this.used.Push(used);
      return address;
    }

    internal T Run<T>(Func<T> work) {
      Exception outer = Callback.TakeThrown();
      try {
        return work();
      } finally {
        Callback.PutThrown(outer);
      }
    }

    internal void Run(Action work) => Run(() => {
      work();
      return true;
    });

    public void Dispose() {
      while (used.Count > 0) {
        NativeObject last = used.Pop();
        last.Leave();
        last.Keep();
      }
    }
  }
}
