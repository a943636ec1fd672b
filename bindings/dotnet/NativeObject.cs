using System;

namespace Signet.Seal {
  /// <summary>What has a native handle, which is freed once: by Dispose or by the finalizer, and not before the last call that uses it
  /// has ended. Every use of a disposed object is an ObjectDisposedException; one that may not go beside another call is an
  /// InvalidOperationException.</summary>
  public abstract class NativeObject : IDisposable {
    private readonly object mutex = new object();
    private readonly IntPtr address;
    private readonly Action<IntPtr> free;
    private int users;
    private bool isAlone, isClosed, isFreed;

    internal NativeObject(IntPtr address, Action<IntPtr> free) {
      this.address = address;
      this.free = free;
    }

    /// <summary>Frees what is behind an object that nobody disposed of.</summary>
    ~NativeObject() {
      // Where the constructor failed, there is nothing.
      if (free != null) Close();
    }

    /// <summary>Frees what is behind this object; after the call that uses it, where there is one. Doing so again does
    /// nothing.</summary>
    public void Dispose() {
      Close();
      GC.SuppressFinalize(this);
    }

    // For a call beside others.
    internal IntPtr Share() {
      lock (mutex) {
        if (isClosed) throw new ObjectDisposedException(GetType().Name);
        if (isAlone) throw new InvalidOperationException("this object is used by another call, or changed");
        ++users;
        return address;
      }
    }

    // For a call that nobody else's may go beside.
    internal IntPtr Take() {
      lock (mutex) {
        if (isClosed) throw new ObjectDisposedException(GetType().Name);
        if (users > 0) throw new InvalidOperationException("this object is used by another call");
        isAlone = true;
        ++users;
        return address;
      }
    }

    // For what may be done at any time; zero: it is disposed of.
    internal IntPtr Touch() {
      lock (mutex) {
        if (isClosed) return IntPtr.Zero;
        ++users;
        return address;
      }
    }

    internal void Leave() {
      bool isLast;
      lock (mutex) {
        if (--users == 0) isAlone = false;
        isLast = IsUnused();
      }
      if (isLast) free(address);
    }

    // Nobody may use it meanwhile.
    internal void Change(Action<IntPtr> work) {
      using (var call = new Call()) {
        IntPtr taken = call.Take(this);
        call.Run(() => work(taken));
      }
    }

    internal T Read<T>(Func<IntPtr, T> work) {
      using (var call = new Call()) return work(call.Share(this));
    }

    // The callbacks that live as long as this object.
    internal virtual void Keep() {}

    private void Close() {
      bool isLast;
      lock (mutex) {
        isClosed = true;
        isLast = IsUnused();
      }
      if (isLast) free(address);
    }

    private bool IsUnused() {
      if (!isClosed || isFreed || users > 0) return false;
      isFreed = true;
      return true;
    }
  }
}
