package signet.seal;

import java.time.Instant;
import java.util.Optional;

/**
 * A certificate in the chain of a signature or time-stamp. It can be read while the verification is open.
 */
public final class ChainCertificate {
  private final Verification owner;
  private final long address;

  ChainCertificate(Verification owner, long address) {
    this.owner = owner;
    this.address = address;
  }

  /**
   * The subject, as in RFC 2253.
   *
   * @return the text
   */
  public String subject() {
    return owner.read(open -> Native.certificateSubject(address));
  }

  /**
   * The issuer, as in RFC 2253.
   *
   * @return the text
   */
  public String issuer() {
    return owner.read(open -> Native.certificateIssuer(address));
  }

  /**
   * The serial number; hexadecimal.
   *
   * @return the text
   */
  public String serial() {
    return owner.read(open -> Native.certificateSerial(address));
  }

  /**
   * The beginning of its validity.
   *
   * @return the time; empty where there is none
   */
  public Optional<Instant> notBefore() {
    return owner.read(open -> Values.second(Native.certificateNotBefore(address)));
  }

  /**
   * The end of its validity.
   *
   * @return the time; empty where there is none
   */
  public Optional<Instant> notAfter() {
    return owner.read(open -> Values.second(Native.certificateNotAfter(address)));
  }

  /**
   * The certificate in DER.
   *
   * @return a copy
   */
  public byte[] der() {
    return owner.read(open -> Native.certificateDer(address));
  }

  /**
   * What the revocation data that decided says of it.
   *
   * @return the value
   */
  public Revocation revocation() {
    return owner.read(open -> Revocation.of(Native.certificateRevocation(address)));
  }

  /**
   * "CRL", "OCSP", or empty.
   *
   * @return the text
   */
  public String revocationSource() {
    return owner.read(open -> Native.certificateRevocationSource(address));
  }

  /**
   * When that data was issued.
   *
   * @return the time; empty where there is none
   */
  public Optional<Instant> revocationThisUpdate() {
    return owner.read(open -> Values.second(Native.certificateRevocationThisUpdate(address)));
  }

  /**
   * When newer data was to be issued.
   *
   * @return the time; empty where there is none
   */
  public Optional<Instant> revocationNextUpdate() {
    return owner.read(open -> Values.second(Native.certificateRevocationNextUpdate(address)));
  }

  /**
   * When it was revoked.
   *
   * @return the time; empty where there is none
   */
  public Optional<Instant> revokedAt() {
    return owner.read(open -> Values.second(Native.certificateRevokedAt(address)));
  }

  /**
   * Why nothing was asked; empty where it was.
   *
   * @param language of the text
   * @return the text
   */
  public String revocationReason(Language language) {
    return owner.read(open -> Native.certificateRevocationReason(address, language.number()));
  }
}
