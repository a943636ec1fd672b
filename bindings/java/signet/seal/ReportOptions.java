package signet.seal;

/** What a report has. Many threads may use the same options, and nobody else while they are changed. */
public final class ReportOptions extends NativeObject {
  /**
   * Without a setting.
   *
   * @param context of the library
   */
  public ReportOptions(Context context) {
    super(Call.in(context, Native::reportOptionsNew), Native::reportOptionsFree);
  }

  /**
   * The language; else English.
   *
   * @param language of the report
   * @return these options
   */
  public ReportOptions language(Language language) {
    change(options -> Native.reportOptionsSetLanguage(options, language.number()));
    return this;
  }

  /**
   * What the report calls the document.
   *
   * @param name of the document
   * @return these options
   */
  public ReportOptions fileName(String name) {
    change(options -> Native.reportOptionsSetFileName(options, name));
    return this;
  }

  /**
   * Whether the report says what Acrobat Reader and pdfsig show by their own rules; else not.
   *
   * @param wanted true: it does
   * @return these options
   */
  public ReportOptions otherReaders(boolean wanted) {
    change(options -> Native.reportOptionsSetOtherReaders(options, Values.yes(wanted)));
    return this;
  }

  /**
   * A picture of the first page, for HTML.
   *
   * @param png at most 16 MiB
   * @return these options
   */
  public ReportOptions picture(byte[] png) {
    change(options -> Native.reportOptionsSetPicture(options, png));
    return this;
  }
}
