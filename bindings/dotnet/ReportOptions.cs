namespace Signet.Seal {
  /// <summary>What a report has. Many threads may use the same options, and nobody else while they are
  /// changed.</summary>
  public sealed class ReportOptions : NativeObject {
    /// <summary>Without a setting.</summary>
    /// <param name="context">Of the library.</param>
    public ReportOptions(Context context) : base(Call.In(context, Native.ReportOptionsNew), Native.ReportOptionsFree) {}

    /// <summary>The language; else English.</summary>
    /// <value>Of the report.</value>
    public Language Language {
      set {
        Change(options => Native.ReportOptionsSetLanguage(options, (int)value));
      }
    }

    /// <summary>What the report calls the document.</summary>
    /// <value>Of the document.</value>
    public string FileName {
      set {
        Change(options => Native.ReportOptionsSetFileName(options, value));
      }
    }

    /// <summary>Whether the report says what Acrobat Reader and pdfsig show by their own rules; else not.</summary>
    /// <value>True: it does.</value>
    public bool OtherReaders {
      set {
        Change(options => Native.ReportOptionsSetOtherReaders(options, value ? 1 : 0));
      }
    }

    /// <summary>A picture of the first page, for HTML.</summary>
    /// <value>At most 16 MiB.</value>
    public byte[] Picture {
      set {
        Change(options => Native.ReportOptionsSetPicture(options, value));
      }
    }
  }
}
