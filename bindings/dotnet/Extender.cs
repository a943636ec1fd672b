using System;

namespace Signet.Seal {
  /// <summary>Extends sealed documents so that they stay verifiable. Many threads may use it at once.</summary>
  public sealed class Extender : NativeObject {
    /// <summary>Everything is copied as it is now.</summary>
    /// <param name="context">Of the library.</param>
    /// <param name="validation">Whom to trust, by which rules, what may be fetched; it names neither a time nor a revision.</param>
    /// <param name="timeStamper">Gives time-stamps; null where none is needed.</param>
    /// <param name="options">How.</param>
    public Extender(Context context, VerifyOptions validation, TimeStamper timeStamper, ExtendOptions options = null)
        : base(Make(context, validation, timeStamper, options), Native.ExtenderFree) {}

    private static IntPtr Make(Context context, VerifyOptions validation, TimeStamper timeStamper, ExtendOptions options) {
      using (var call = new Call()) {
        IntPtr address = call.Share(context), rules = call.Share(validation), stamper = call.Share(timeStamper);
        IntPtr how = call.Share(options);
        return call.Run(() => Native.ExtenderNew(address, rules, stamper, how));
      }
    }

    /// <summary>Extends the document in a file. Where everything is there already, nothing is written. Whatever fails, the file is
    /// as it was.</summary>
    /// <param name="file">PDF, or CMS.</param>
    /// <param name="data">The document that an external seal is over; null: the seal holds it, or it lies beside the seal
    /// ("letter.pdf" for "letter.pdf.p7s").</param>
    /// <param name="destination">The extended document; null: it takes the place of the file.</param>
    /// <param name="replace">Whether a destination that is there may be replaced; else Status.Exists.</param>
    /// <param name="control">Tells of each reading, and cancels.</param>
    /// <returns>What was added.</returns>
    public Extension Extend(string file, string data = null, string destination = null, bool replace = false,
                            SealControl control = null) {
      using (var call = new Call()) {
        IntPtr extender = call.Share(this), controlled = call.Take(control);
        return new Extension(
            call.Run(() => Native.ExtendFile(extender, file, data, destination, replace ? 1 : 0, controlled)));
      }
    }
  }
}
