package signet.seal;

import java.time.Duration;

/**
 * How a document is sealed. Many threads may use the same options, and nobody else while they are changed.
 */
public final class SealOptions extends NativeObject {
  /**
   * Without a setting.
   *
   * @param context of the library
   */
  public SealOptions(Context context) {
    super(Call.in(context, Native::optionsNew), Native::optionsFree);
  }

  /**
   * The format; else CAdES. PAdES is for PDF documents alone.
   *
   * @param format CAdES or PAdES
   * @return these options
   */
  public SealOptions format(Format format) {
    change(options -> Native.optionsSetFormat(options, format.number()));
    return this;
  }

  /**
   * The document inside the seal, or beside it; else inside.
   *
   * @param packaging internal or external
   * @return these options
   */
  public SealOptions packaging(Packaging packaging) {
    change(options -> Native.optionsSetPackaging(options, packaging.number()));
    return this;
  }

  /**
   * Of internal seals; else DER. BER has indefinite lengths, for readers that know no definite length over 2 GiB.
   *
   * @param encoding DER or BER
   * @return these options
   */
  public SealOptions encoding(SealEncoding encoding) {
    change(options -> Native.optionsSetEncoding(options, encoding.number()));
    return this;
  }

  /**
   * The baseline level; else automatic: B-T with a time-stamper, B-B without.
   *
   * @param level automatic, B-B or B-T
   * @return these options
   */
  public SealOptions level(Level level) {
    change(options -> Native.optionsSetLevel(options, level.number()));
    return this;
  }

  /**
   * What is done where no authority gives a time-stamp: NO_TIME_STAMP, or a seal of level B-B. Else it fails.
   *
   * @param what to fail or to degrade
   * @return these options
   */
  public SealOptions withoutTimeStamp(WithoutTimeStamp what) {
    change(options -> Native.optionsSetWithoutTimeStamp(options, what.number()));
    return this;
  }

  /**
   * For all authorities together; else 60 seconds.
   *
   * @param limit 1 ms to 1 hour
   * @return these options
   */
  public SealOptions timeStampLimit(Duration limit) {
    change(options -> Native.optionsSetTimeStampLimit(options, limit.toMillis()));
    return this;
  }

  /**
   * The digest; else SHA-256. Ed25519 always takes SHA-512.
   *
   * @param hash of the document
   * @return these options
   */
  public SealOptions hash(Hash hash) {
    change(options -> Native.optionsSetHash(options, hash.number()));
    return this;
  }

  /**
   * Of RSA signatures; else PKCS#1 v1.5.
   *
   * @param padding PKCS#1 or PSS
   * @return these options
   */
  public SealOptions padding(Padding padding) {
    change(options -> Native.optionsSetPadding(options, padding.number()));
    return this;
  }

  /**
   * The commitment-type-indication (EN 319 122-1, 5.2.3).
   *
   * @param oid such as "1.2.840.113549.1.9.16.6.1"
   * @return these options
   */
  public SealOptions commitment(String oid) {
    change(options -> Native.optionsSetCommitment(options, oid));
    return this;
  }

  /**
   * The signature-policy-identifier (EN 319 122-1, 5.2.9).
   *
   * @param oid of the policy
   * @param hash by which it is digested
   * @param digest of the policy's document
   * @param uri where it is; may be null
   * @return these options
   */
  public SealOptions policy(String oid, Hash hash, byte[] digest, String uri) {
    change(options -> Native.optionsSetPolicy(options, oid, hash.number(), digest, uri));
    return this;
  }

  /**
   * The signer-location (EN 319 122-1, 5.2.5).
   *
   * @param country may be null where there is a locality
   * @param locality may be null where there is a country
   * @return these options
   */
  public SealOptions location(String country, String locality) {
    change(options -> Native.optionsSetLocation(options, country, locality));
    return this;
  }

  /**
   * The mime-type (EN 319 122-1, 5.2.4.3).
   *
   * @param mediaType such as "text/plain"
   * @return these options
   */
  public SealOptions mediaType(String mediaType) {
    change(options -> Native.optionsSetMediaType(options, mediaType));
    return this;
  }

  /**
   * The content-hints (EN 319 122-1, 5.2.4.1).
   *
   * @param fileName of the document
   * @return these options
   */
  public SealOptions fileName(String fileName) {
    change(options -> Native.optionsSetFileName(options, fileName));
    return this;
  }

  /**
   * Goes into the journal of the appliance where the key is behind Signet's module and its service has a place for
   * it.
   *
   * @param reference at most 256 bytes, without control characters
   * @return these options
   */
  public SealOptions reference(String reference) {
    change(options -> Native.optionsSetReference(options, reference));
    return this;
  }

  /**
   * What warnings of a result are measured by; else "119312-2.1.1".
   *
   * @param nameOrFile "119312-2.1.1", "119312-1.5.1", or the path of a file in the form of ETSI TS 119 322
   * @return these options
   */
  public SealOptions suite(String nameOrFile) {
    change(options -> Native.optionsSetSuite(options, nameOrFile));
    return this;
  }

  /**
   * A signature field that the document has; else a new one is made.
   *
   * @param name full name
   * @return these options
   */
  public SealOptions pdfField(String name) {
    change(options -> Native.optionsSetPdfField(options, name));
    return this;
  }

  /**
   * Certifies the document, which only its first signature can (ISO 32000-2, table 257).
   *
   * @param certify what may follow
   * @return these options
   */
  public SealOptions pdfCertify(Certify certify) {
    change(options -> Native.optionsSetPdfCertify(options, certify.number()));
    return this;
  }

  /**
   * /Reason; not together with a commitment or a policy.
   *
   * @param reason for people
   * @return these options
   */
  public SealOptions pdfReason(String reason) {
    change(options -> Native.optionsSetPdfReason(options, reason));
    return this;
  }

  /**
   * /Location; not together with a signer-location.
   *
   * @param location for people
   * @return these options
   */
  public SealOptions pdfLocation(String location) {
    change(options -> Native.optionsSetPdfLocation(options, location));
    return this;
  }

  /**
   * /ContactInfo.
   *
   * @param contact for people
   * @return these options
   */
  public SealOptions pdfContact(String contact) {
    change(options -> Native.optionsSetPdfContact(options, contact));
    return this;
  }

  /**
   * Of an encrypted document, the user's or the owner's; else the empty one.
   *
   * @param password of at most 1024 bytes; it is copied
   * @return these options
   */
  public SealOptions pdfPassword(char[] password) {
    Secrets.use(password, bytes -> change(options -> Native.optionsSetPdfPassword(options, bytes)));
    return this;
  }

  /**
   * Forms in XFA, whose viewers show something else than what the seal covers; else they are forbidden.
   *
   * @param ignore true: they are sealed
   * @return these options
   */
  public SealOptions pdfIgnoreXfa(boolean ignore) {
    change(options -> Native.optionsSetPdfIgnoreXfa(options, Values.yes(ignore)));
    return this;
  }

  /**
   * Documents whose cross-references are missing or wrong: sealed with new ones behind them, or else BROKEN.
   *
   * @param repairOk true: they are sealed
   * @return these options
   */
  public SealOptions pdfRepairOk(boolean repairOk) {
    change(options -> Native.optionsSetPdfRepairOk(options, Values.yes(repairOk)));
    return this;
  }

  /**
   * What is left for a time-stamp in seals of level B-T; else 32768.
   *
   * @param bytes 1 to 16777216
   * @return these options
   */
  public SealOptions pdfTimeStampRoom(long bytes) {
    change(options -> Native.optionsSetPdfTimeStampRoom(options, bytes));
    return this;
  }

  /**
   * Makes the seal visible.
   *
   * @param visible as it is now: later changes are not seen; null: invisible again
   * @return these options
   */
  public SealOptions visible(VisibleSeal visible) {
    try (Call call = new Call()) {
      final long shown = call.share(visible);
      change(options -> Native.optionsSetVisible(options, shown));
    }
    return this;
  }
}
