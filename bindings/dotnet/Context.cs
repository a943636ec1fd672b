namespace Signet.Seal {
  /// <summary>What all objects are made of; a program needs one. It can be used by many threads at once.</summary>
  public sealed class Context : NativeObject {
    /// <summary>Checks the library's own code in memory; Status.Damaged where that is not what was built.</summary>
    public Context() : base(Native.ContextNew(), Native.ContextFree) {}

    /// <summary>The version of libsignet-seal, such as "0.2.0".</summary>
    public static string LibraryVersion => Native.Version();
  }
}
