using System;

namespace Signet.Seal {
  /// <summary>Asks time-stamp authorities, in their order, until one gives a good time-stamp. Keeps connections open
  /// for 30 seconds. Many threads may use it at once.</summary>
  public sealed class TimeStamper : NativeObject {
    /// <summary>For these authorities.</summary>
    /// <param name="context">Of the library.</param>
    /// <param name="authorities">Are copied as they are now.</param>
    public TimeStamper(Context context, params Authority[] authorities) : base(Make(context, authorities), Native.TimeStamperFree) {}

    private static IntPtr Make(Context context, Authority[] authorities) {
      using (var call = new Call()) {
        IntPtr address = call.Share(context);
        IntPtr[] addresses = Array.ConvertAll(authorities, authority => call.Share(authority));
        return call.Run(() => Native.TimeStamperNew(address, addresses));
      }
    }

    /// <summary>Time-stamps for the signatures of a message (CAdES) that have none: B-B becomes B-T without a signature of the
    /// key.</summary>
    /// <param name="message">That is sealed.</param>
    /// <param name="output">Takes the message, where something was added.</param>
    /// <param name="limit">For all of them, 1 ms to 1 hour.</param>
    /// <returns>How many; 0: nothing was written.</returns>
    public long AddTimeStamps(Input message, Output output, TimeSpan limit) {
      using (var call = new Call()) {
        IntPtr stamper = call.Share(this), isSealed = call.Take(message), written = call.Take(output);
        return checked((long)call.Run(() => Native.AddTimeStamps(stamper, isSealed, written, Values.Milliseconds(limit))));
      }
    }

    /// <summary>A time-stamp for the seal of a PDF document that no later signature covers, in the room that was left for
    /// it.</summary>
    /// <param name="document">That is sealed.</param>
    /// <param name="password">Of an encrypted document; may be null.</param>
    /// <param name="output">Takes the document, where a time-stamp was added.</param>
    /// <param name="limit">1 ms to 1 hour.</param>
    /// <returns>False where there is nothing to be stamped: nothing was written.</returns>
    public bool AddPdfTimeStamp(Input document, char[] password, Output output, TimeSpan limit) {
      ulong added = 0;
      Secrets.Use(password, bytes => {
        using (var call = new Call()) {
          IntPtr stamper = call.Share(this), isSealed = call.Take(document), written = call.Take(output);
          added = call.Run(() => Native.AddPdfTimeStamp(stamper, isSealed, bytes, written, Values.Milliseconds(limit)));
        }
      });
      return added != 0;
    }
  }
}
