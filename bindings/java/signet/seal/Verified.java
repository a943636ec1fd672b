package signet.seal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A signature or a time-stamp of a verification, which have most in common. It can be read while the verification is
 * open.
 */
public final class Verified {
  private final Verification owner;
  private final long address;

  Verified(Verification owner, long address) {
    this.owner = owner;
    this.address = address;
  }

  /**
   * The time-stamps of a signature: its content's, its own, archive time-stamps; each kind the oldest first.
   *
   * @return the list
   */
  public List<Verified> timeStamps() {
    return owner.read(open -> Values.list(Native.verifiedTimeStampCount(address), at -> new Verified(owner, Native.verifiedTimeStamp(address, at))));
  }

  /**
   * Of a time-stamp: "content", "signature", "document", "archive", "references", "alone"; of a signature its form,
   * such as "PAdES", "CAdES", "CMS".
   *
   * @return the text
   */
  public String kind() {
    return owner.read(open -> Native.verifiedKind(address));
  }

  /**
   * The PDF field's full name; "signature 1" in a message; else empty.
   *
   * @return the text
   */
  public String name() {
    return owner.read(open -> Native.verifiedName(address));
  }

  /**
   * The verdict.
   *
   * @return the value
   */
  public Indication indication() {
    return owner.read(open -> Indication.of(Native.verifiedIndication(address)));
  }

  /**
   * Such as "REVOKED_NO_POE"; empty where there is none.
   *
   * @return the text
   */
  public String subIndication() {
    return owner.read(open -> Native.verifiedSubIndication(address));
  }

  /**
   * Of a signature: "B-B", "B-T", "B-LT", "B-LTA", "none"; of a time-stamp empty.
   *
   * @return the text
   */
  public String level() {
    return owner.read(open -> Native.verifiedLevel(address));
  }

  /**
   * Of a signature: when it was there for certain (best-signature-time); of a time-stamp: its genTime.
   *
   * @return the time; empty where there is none
   */
  public Optional<Instant> time() {
    return owner.read(open -> Values.second(Native.verifiedTime(address)));
  }

  /**
   * The moment that it was judged at.
   *
   * @return the time; empty where there is none
   */
  public Optional<Instant> judgedAt() {
    return owner.read(open -> Values.second(Native.verifiedJudgedAt(address)));
  }

  /**
   * The id of the time-stamp that proves that moment; empty: the time of the verification.
   *
   * @return the text
   */
  public String provenBy() {
    return owner.read(open -> Native.verifiedProvenBy(address));
  }

  /**
   * SHA-256 of a token, of a signature its value's; hexadecimal.
   *
   * @return the text
   */
  public String id() {
    return owner.read(open -> Native.verifiedId(address));
  }

  /**
   * When the signer says that it was.
   *
   * @return the time; empty where there is none
   */
  public Optional<Instant> claimedTime() {
    return owner.read(open -> Values.second(Native.verifiedClaimedTime(address)));
  }

  /**
   * Until when this verdict can be had as things stand. Extend the document before.
   *
   * @return the time; empty where there is none
   */
  public Optional<Instant> verifiableUntil() {
    return owner.read(open -> Values.second(Native.verifiedVerifiableUntil(address)));
  }

  /**
   * Why no longer; empty where no end is known.
   *
   * @param language of the text
   * @return the text
   */
  public String verifiableBecause(Language language) {
    return owner.read(open -> Native.verifiedVerifiableBecause(address, language.number()));
  }

  /**
   * Such as "RSA-2048 with SHA-256".
   *
   * @return the list
   */
  public List<String> algorithms() {
    return owner.read(open -> Values.list(Native.verifiedAlgorithmCount(address), at -> Native.verifiedAlgorithm(address, at)));
  }

  /**
   * What its verdict comes from, as sentences; of the errors, the first one decided.
   *
   * @param kind which of them
   * @param language of the texts
   * @return the sentences
   */
  public List<String> texts(TextKind kind, Language language) {
    return owner.read(open -> Values.list(Native.verifiedTextCount(address, kind.number()), at -> Native.verifiedText(address, kind.number(), at, language.number())));
  }

  /**
   * What it is in law, by trusted lists (TS 119 615), such as "QESeal"; empty without lists.
   *
   * @return the text
   */
  public String qualification() {
    return owner.read(open -> Native.verifiedQualification(address));
  }

  /**
   * The file of the list that decided; empty: none did.
   *
   * @return the text
   */
  public String list() {
    return owner.read(open -> Native.verifiedList(address));
  }

  /**
   * SHA-256 of that list; hexadecimal.
   *
   * @return the text
   */
  public String listDigest() {
    return owner.read(open -> Native.verifiedListDigest(address));
  }

  /**
   * The service in that list.
   *
   * @return the text
   */
  public String service() {
    return owner.read(open -> Native.verifiedService(address));
  }

  /**
   * The best chain that was found; the first one is the signer's certificate.
   *
   * @return the list
   */
  public List<ChainCertificate> chain() {
    return owner.read(open -> Values.list(Native.verifiedChainCount(address), at -> new ChainCertificate(owner, Native.verifiedChain(address, at))));
  }

  /**
   * Whether that chain ends at a trusted certificate.
   *
   * @return true where it is so
   */
  public boolean isTrusted() {
    return owner.read(open -> Native.verifiedIsTrusted(address) != 0);
  }

  /**
   * The revision of a PDF document that it covers, counted from 1; 0: none.
   *
   * @return the number
   */
  public long revision() {
    return owner.read(open -> Native.verifiedRevision(address));
  }

  /**
   * How many revisions there are; 0: not in a PDF document.
   *
   * @return the number
   */
  public long revisionCount() {
    return owner.read(open -> Native.verifiedRevisionCount(address));
  }

  /**
   * Whether it covers every byte.
   *
   * @return true where it is so
   */
  public boolean coversAll() {
    return owner.read(open -> Native.verifiedCoversAll(address) != 0);
  }

  /**
   * What was changed after it, the oldest first.
   *
   * @return the list
   */
  public List<Change> changes() {
    return owner.read(open -> Values.list(Native.verifiedChangeCount(address), at -> new Change(owner, Native.verifiedChange(address, at))));
  }
}
