using System;

namespace Signet.Seal {
  /// <summary>Asks for a PIN.</summary>
  /// <param name="tokenLabel">The label of the token that it is for.</param>
  /// <returns>The PIN, which is wiped afterwards; without a character: the login is on the token's own key pad; null: there is none. An
  /// exception makes the call fail, and is its inner exception.</returns>
  public delegate char[] PinCallback(string tokenLabel);

  /// <summary>Is told how far a call is, in the thread of the call. An exception cancels the call, and is its inner
  /// exception.</summary>
  /// <param name="done">Bytes that were read; a document that is read twice counts twice.</param>
  /// <param name="all">Of how many.</param>
  public delegate void ProgressCallback(long done, long all);

  /// <summary>Fills a buffer whole. Each byte is asked for twice; where they differ, the seal fails with Status.Changed. An exception
  /// makes the call fail with Status.Input, and is its inner exception.</summary>
  /// <param name="offset">Of the first byte.</param>
  /// <param name="buffer">To be filled.</param>
  public delegate void ReadCallback(long offset, byte[] buffer);

  /// <summary>Takes the next bytes of a document. A call that fails may have written before. An exception makes the call fail with
  /// Status.Output, and is its inner exception.</summary>
  /// <param name="data">The bytes.</param>
  public delegate void WriteCallback(byte[] data);
}
