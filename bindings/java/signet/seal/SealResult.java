package signet.seal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What became of a seal. */
public final class SealResult {
  private final Level level;
  private final boolean isDegraded;
  private final String whyDegraded;
  private final Hash hash;
  private final byte[] digest;
  private final byte[] signatureDigest;
  private final byte[] certificate;
  private final Optional<Instant> signedAt;
  private final Optional<Instant> stampedAt;
  private final String authority;
  private final List<String> warnings;
  private final String field;
  private final long signatureCount;
  private final List<String> remarks;

  /** Reads and frees the native one. */
  SealResult(long result) {
    try {
      level = Level.of(Native.resultLevel(result));
      isDegraded = Native.resultIsDegraded(result) != 0;
      whyDegraded = Native.resultWhyDegraded(result);
      hash = Hash.of(Native.resultHash(result));
      digest = Native.resultDigest(result);
      signatureDigest = Native.resultSignatureDigest(result);
      certificate = Native.resultCertificate(result);
      signedAt = Values.second(Native.resultSignedAt(result));
      stampedAt = Values.millisecond(Native.resultStampedAt(result));
      authority = Native.resultAuthority(result);
      warnings = Values.list(Native.resultWarningCount(result), at -> Native.resultWarning(result, at));
      field = Native.resultField(result);
      signatureCount = Native.resultSignatureCount(result);
      remarks = Values.list(Native.resultRemarkCount(result), at -> Native.resultRemark(result, at));
    } finally {
      Native.resultFree(result);
    }
  }

  /**
   * The level of the seal.
   *
   * @return the value
   */
  public Level level() {
    return level;
  }

  /**
   * Whether it is below the level that was asked for.
   *
   * @return true where it is so
   */
  public boolean isDegraded() {
    return isDegraded;
  }

  /**
   * Why it is; empty where it is not.
   *
   * @return the text
   */
  public String whyDegraded() {
    return whyDegraded;
  }

  /**
   * Of the digests.
   *
   * @return the value
   */
  public Hash hash() {
    return hash;
  }

  /**
   * The digest of the document.
   *
   * @return a copy
   */
  public byte[] digest() {
    return digest.clone();
  }

  /**
   * The digest of the signature value, which was time-stamped.
   *
   * @return a copy
   */
  public byte[] signatureDigest() {
    return signatureDigest.clone();
  }

  /**
   * The signer's certificate in DER.
   *
   * @return a copy
   */
  public byte[] certificate() {
    return certificate.clone();
  }

  /**
   * The signing time that the seal states.
   *
   * @return the time; empty where there is none
   */
  public Optional<Instant> signedAt() {
    return signedAt;
  }

  /**
   * The time of its time-stamp.
   *
   * @return the time; empty where there is none
   */
  public Optional<Instant> stampedAt() {
    return stampedAt;
  }

  /**
   * The authority that gave the time-stamp; empty without one.
   *
   * @return the text
   */
  public String authority() {
    return authority;
  }

  /**
   * What speaks against the algorithm or the key, though the seal is good now.
   *
   * @return the list
   */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * Full name of the PDF field that the seal is in; empty for CAdES.
   *
   * @return the text
   */
  public String field() {
    return field;
  }

  /**
   * How many signatures the key made for this seal: 1, or 2 where a time-stamp was larger than the room for it.
   *
   * @return the number
   */
  public long signatureCount() {
    return signatureCount;
  }

  /**
   * What readers may take amiss in this document, though the seal is good.
   *
   * @return the list
   */
  public List<String> remarks() {
    return remarks;
  }
}
