using System;
using System.IO;

namespace Signet.Seal {
  /// <summary>Where one document is written.</summary>
  public sealed class Output : NativeObject {
    // It lives as long as this output.
    private readonly Callback callback;
    private readonly bool isMemory;

    private Output(IntPtr address, Callback callback = null, bool isMemory = false) : base(address, Native.OutputFree) {
      this.callback = callback;
      this.isMemory = isMemory;
    }

    internal override void Keep() => GC.KeepAlive(callback);

    /// <summary>A file that is there whole and synced, or not at all; it may be the input's own path.</summary>
    /// <param name="context">Of the call.</param>
    /// <param name="path">Of the file.</param>
    /// <param name="replace">Whether a file of that name may be replaced; else Status.Exists.</param>
    /// <returns>The output.</returns>
    public static Output ToFile(Context context, string path, bool replace = false) =>
        new Output(Call.In(context, address => Native.OutputFile(address, path, replace ? 1 : 0)));

    /// <summary>A descriptor of the operating system, which stays open. What was written cannot be taken back.</summary>
    /// <param name="context">Of the call.</param>
    /// <param name="descriptor">Its number; 1 is standard output.</param>
    /// <returns>The output.</returns>
    public static Output ToDescriptor(Context context, int descriptor) =>
        new Output(Call.In(context, address => Native.OutputDescriptor(address, descriptor)));

    /// <summary>Memory: see Bytes.</summary>
    /// <param name="context">Of the call.</param>
    /// <returns>The output.</returns>
    public static Output ToMemory(Context context) => new Output(Call.In(context, Native.OutputMemory), null, true);

    /// <summary>A callback of the program.</summary>
    /// <param name="context">Of the call.</param>
    /// <param name="write">Is called in the thread of the call.</param>
    /// <returns>The output.</returns>
    public static Output ToCallback(Context context, WriteCallback write) {
      var made = new Callback(write);
      return new Output(Call.In(context, address => Native.OutputCallback(address, Callback.Write, made.Number)), made);
    }

    /// <summary>A stream, which stays open. What was written cannot be taken back.</summary>
    /// <param name="context">Of the call.</param>
    /// <param name="stream">Takes the document.</param>
    /// <returns>The output.</returns>
    public static Output ToStream(Context context, Stream stream) =>
        ToCallback(context, data => stream.Write(data, 0, data.Length));

    /// <summary>Of an output in memory, after the call: the document.</summary>
    /// <returns>A copy, without a byte where nothing was written; null where this is no memory.</returns>
    public byte[] Bytes() => Read(Native.OutputBytes) ?? (isMemory ? new byte[0] : null);
  }
}
