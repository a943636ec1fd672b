package signet.seal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a sealed document is worth. Many threads may read it. */
public final class Verification extends NativeObject {
  Verification(long address) {
    super(address, Native::verificationFree);
  }

  /**
   * The worst verdict of all signatures; of a time-stamp alone its own.
   *
   * @return the value
   */
  public Indication indication() {
    return read(verification -> Indication.of(Native.verificationIndication(verification)));
  }

  /**
   * Such as "HASH_FAILURE"; empty where there is none.
   *
   * @return the text
   */
  public String subIndication() {
    return read(verification -> Native.verificationSubIndication(verification));
  }

  /**
   * "PAdES" for any PDF, "CAdES", "CMS", "RFC 3161".
   *
   * @return the text
   */
  public String format() {
    return read(verification -> Native.verificationFormat(verification));
  }

  /**
   * Of a PDF document; 0: not known.
   *
   * @return the number
   */
  public long pageCount() {
    return read(verification -> Native.verificationPageCount(verification));
  }

  /**
   * The moment that it was judged at.
   *
   * @return the time; empty where there is none
   */
  public Optional<Instant> time() {
    return read(verification -> Values.second(Native.verificationTime(verification)));
  }

  /**
   * The suite that algorithms were measured by.
   *
   * @return the text
   */
  public String suite() {
    return read(verification -> Native.verificationSuite(verification));
  }

  /**
   * What could not be read, and decides nothing by itself.
   *
   * @param language of the text
   * @return the sentences
   */
  public List<String> remarks(Language language) {
    return read(verification -> Values.list(Native.verificationRemarkCount(verification), at -> Native.verificationRemark(verification, at, language.number())));
  }

  /**
   * What was asked for where that is allowed.
   *
   * @return the requests
   */
  public List<Fetch> fetches() {
    return read(verification -> Values.list(Native.verificationFetchCount(verification), at -> new Fetch(Native.verificationFetchUrl(verification, at), Native.verificationFetchProblem(verification, at))));
  }

  /**
   * The signatures, in the document's order.
   *
   * @return the list
   */
  public List<Verified> signatures() {
    return read(verification -> Values.list(Native.verificationSignatureCount(verification), at -> new Verified(this, Native.verificationSignature(verification, at))));
  }

  /**
   * Document time-stamps, and a token that is a document of its own: the oldest first.
   *
   * @return the list
   */
  public List<Verified> timeStamps() {
    return read(verification -> Values.list(Native.verificationTimeStampCount(verification), at -> new Verified(this, Native.verificationTimeStamp(verification, at))));
  }

  /**
   * Writes a report.
   *
   * @param form text, JSON, HTML or XML (ETSI TS 119 102-2)
   * @param options what it has; may be null
   * @param output takes the report
   */
  public void report(ReportForm form, ReportOptions options, Output output) {
    try (Call call = new Call()) {
      final long verification = call.share(this);
      final long how = call.share(options);
      final long out = call.take(output);
      call.run(
          () -> {
            Native.verificationReport(verification, form.number(), how, out);
            return null;
          });
    }
  }

  /**
   * Writes the document that the message holds which was verified. {@link Status#SIGNATURE} where the verdict is not TOTAL_PASSED.
   *
   * @param message that was verified, else {@link Status#CHANGED}
   * @param output takes the document
   */
  public void extractContent(Input message, Output output) {
    try (Call call = new Call()) {
      final long verification = call.share(this);
      final long in = call.take(message);
      final long out = call.take(output);
      call.run(
          () -> {
            Native.extractContent(verification, in, out);
            return null;
          });
    }
  }
}
