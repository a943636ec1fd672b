package signet.seal;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Whom to trust, and by which rules a document is verified. Nobody is trusted by default, and nothing is fetched.
 * Many threads may verify by the same options, and nobody else may use them while they are changed. Certificates are
 * one in DER, any number in PEM, or those of a PKCS#7 message; a path names such a file, or a folder with files
 * *.pem, *.crt, *.cer and *.der.
 */
public final class VerifyOptions extends NativeObject {
  /**
   * Without a setting.
   *
   * @param context of the library
   */
  public VerifyOptions(Context context) {
    super(Call.in(context, Native::verifyOptionsNew), Native::verifyOptionsFree);
  }

  /**
   * Certificates at which chains may end.
   *
   * @param certificates trusted ones
   * @return these options
   */
  public VerifyOptions addTrusted(byte[] certificates) {
    change(options -> Native.verifyOptionsAddTrusted(options, certificates, Values.NO_TIME));
    return this;
  }

  /**
   * Certificates at which chains may end.
   *
   * @param certificates trusted ones
   * @param until from that second on they are not; null: never
   * @return these options
   */
  public VerifyOptions addTrusted(byte[] certificates, Instant until) {
    change(options -> Native.verifyOptionsAddTrusted(options, certificates, until == null ? Values.NO_TIME : until.getEpochSecond()));
    return this;
  }

  /**
   * Certificates at which chains may end.
   *
   * @param path of trusted ones
   * @return these options
   */
  public VerifyOptions addTrustedFile(Path path) {
    change(options -> Native.verifyOptionsAddTrustedFile(options, path.toString(), Values.NO_TIME));
    return this;
  }

  /**
   * Certificates at which chains may end.
   *
   * @param path of trusted ones
   * @param until from that second on they are not; null: never
   * @return these options
   */
  public VerifyOptions addTrustedFile(Path path, Instant until) {
    change(options -> Native.verifyOptionsAddTrustedFile(options, path.toString(), until == null ? Values.NO_TIME : until.getEpochSecond()));
    return this;
  }

  /**
   * Certificates that are not trusted by themselves and may stand in a chain.
   *
   * @param certificates at most 4 MiB
   * @return these options
   */
  public VerifyOptions addCertificates(byte[] certificates) {
    change(options -> Native.verifyOptionsAddCertificates(options, certificates));
    return this;
  }

  /**
   * Certificates that are not trusted by themselves and may stand in a chain.
   *
   * @param path of a file or folder
   * @return these options
   */
  public VerifyOptions addCertificatesFile(Path path) {
    change(options -> Native.verifyOptionsAddCertificatesFile(options, path.toString()));
    return this;
  }

  /**
   * A CRL (RFC 5280) beside the document's own revocation data.
   *
   * @param crl in DER or PEM, at most 64 MiB
   * @return these options
   */
  public VerifyOptions addCrl(byte[] crl) {
    change(options -> Native.verifyOptionsAddCrl(options, crl));
    return this;
  }

  /**
   * A CRL (RFC 5280) beside the document's own revocation data.
   *
   * @param path in DER or PEM, at most 64 MiB
   * @return these options
   */
  public VerifyOptions addCrlFile(Path path) {
    change(options -> Native.verifyOptionsAddCrlFile(options, path.toString()));
    return this;
  }

  /**
   * An OCSP answer (RFC 6960) beside the document's own revocation data.
   *
   * @param answer in DER or PEM, at most 64 MiB
   * @return these options
   */
  public VerifyOptions addOcsp(byte[] answer) {
    change(options -> Native.verifyOptionsAddOcsp(options, answer));
    return this;
  }

  /**
   * An OCSP answer (RFC 6960) beside the document's own revocation data.
   *
   * @param path in DER or PEM, at most 64 MiB
   * @return these options
   */
  public VerifyOptions addOcspFile(Path path) {
    change(options -> Native.verifyOptionsAddOcspFile(options, path.toString()));
    return this;
  }

  /**
   * The moment of the verdict; proofs that are later count for nothing. Else the clock at each verification.
   *
   * @param time to the second
   * @return these options
   */
  public VerifyOptions time(Instant time) {
    change(options -> Native.verifyOptionsSetTime(options, time.getEpochSecond()));
    return this;
  }

  /**
   * What algorithms are measured by; else "119312-1.5.1", and what only "119312-2.1.1" lists gives a warning.
   *
   * @param nameOrFile as of SealOptions
   * @return these options
   */
  public VerifyOptions suite(String nameOrFile) {
    change(options -> Native.verifyOptionsSetSuite(options, nameOrFile));
    return this;
  }

  /**
   * How old the signer's revocation data may be; else what the data says.
   *
   * @param age at most 10 years
   * @return these options
   */
  public VerifyOptions freshness(Duration age) {
    change(options -> Native.verifyOptionsSetFreshness(options, Values.seconds(age)));
    return this;
  }

  /**
   * How revocation data that is not fresh moves the control time (EN 319 102-1, 5.6.2.2); else to its nextUpdate.
   *
   * @param sliding to nextUpdate, or to thisUpdate
   * @return these options
   */
  public VerifyOptions sliding(Sliding sliding) {
    change(options -> Native.verifyOptionsSetSliding(options, sliding.number()));
    return this;
  }

  /**
   * A chain for which there is no revocation data, for authorities that publish none; else it does not pass.
   *
   * @param accept true: it passes, with a warning
   * @return these options
   */
  public VerifyOptions withoutRevocation(boolean accept) {
    change(options -> Native.verifyOptionsSetWithoutRevocation(options, Values.yes(accept)));
    return this;
  }

  /**
   * A signature policy that is accepted (EN 319 102-1, 5.2.4). A signature under any other one is INDETERMINATE.
   *
   * @param oid of the policy
   * @param document whose digest is compared with the signature's
   * @return these options
   */
  public VerifyOptions addSignaturePolicy(String oid, byte[] document) {
    change(options -> Native.verifyOptionsAddSignaturePolicy(options, oid, document));
    return this;
  }

  /**
   * Trusted lists (TS 119 612), read and judged now: their services become trusted, and signatures have a
   * qualification.
   *
   * @param folder with the European list of trusted lists and national lists
   * @param journal certificates that may sign the former, as a path
   * @return these options
   */
  public VerifyOptions trustedLists(Path folder, Path journal) {
    change(options -> Native.verifyOptionsSetTrustedLists(options, folder.toString(), journal.toString()));
    return this;
  }

  /**
   * Whether certificates and revocation data that the document lacks are fetched from where its certificates say;
   * else not.
   *
   * @param online true: it is fetched
   * @return these options
   */
  public VerifyOptions online(boolean online) {
    change(options -> Native.verifyOptionsSetOnline(options, Values.yes(online)));
    return this;
  }

  /**
   * Of what is fetched; else 10 seconds, 60 seconds and 64 MiB.
   *
   * @param each for one answer, 1 second to 1 hour
   * @param all for all answers
   * @param largestAnswer in bytes, at most 1 GiB
   * @return these options
   */
  public VerifyOptions onlineLimits(Duration each, Duration all, long largestAnswer) {
    change(options -> Native.verifyOptionsSetOnlineLimits(options, Values.seconds(each), Values.seconds(all), largestAnswer));
    return this;
  }

  /**
   * A host that may be asked. Once one is named, no other is; hosts with a local address are asked only where they
   * are named.
   *
   * @param host its name or address
   * @return these options
   */
  public VerifyOptions addOnlineHost(String host) {
    change(options -> Native.verifyOptionsAddOnlineHost(options, host));
    return this;
  }

  /**
   * A folder where answers are kept until their next update.
   *
   * @param folder that is there
   * @return these options
   */
  public VerifyOptions onlineCache(Path folder) {
    change(options -> Native.verifyOptionsSetOnlineCache(options, folder.toString()));
    return this;
  }

  /**
   * Of encrypted PDF documents.
   *
   * @param password of at most 1024 bytes; it is copied
   * @return these options
   */
  public VerifyOptions password(char[] password) {
    Secrets.use(password, bytes -> change(options -> Native.verifyOptionsSetPassword(options, bytes)));
    return this;
  }

  /**
   * Judges that revision of a PDF document by itself.
   *
   * @param revision counted from 1; 0: the whole document
   * @return these options
   */
  public VerifyOptions revision(long revision) {
    change(options -> Native.verifyOptionsSetRevision(options, revision));
    return this;
  }

  /**
   * What its user should know of these options: that nobody is trusted, or why a trusted list is not used.
   *
   * @return sentences in English
   */
  public List<String> notes() {
    return read(options -> Values.list(Native.verifyOptionsNoteCount(options), at -> Native.verifyOptionsNote(options, at)));
  }

  /**
   * Verifies a document. A verdict is a result, not a failure: the call fails where there is none.
   *
   * @param document PDF, CMS, or a time-stamp token
   * @param data the document that an external seal, or a token, is over; null: the seal holds it, or it is a PDF
   * @param control tells and cancels; may be null
   * @return the verdict, and what it comes from
   */
  public Verification verify(Input document, Input data, SealControl control) {
    try (Call call = new Call()) {
      final long options = call.share(this);
      final long in = call.take(document);
      final long over = call.take(data);
      final long controlled = call.take(control);
      return new Verification(call.run(() -> Native.verify(options, in, over, controlled)));
    }
  }

  /**
   * Writes a revision of a PDF document: its first bytes. Of these options, the password counts.
   *
   * @param document PDF
   * @param revision counted from 1
   * @param output takes the revision
   */
  public void extractRevision(Input document, long revision, Output output) {
    try (Call call = new Call()) {
      final long options = call.share(this);
      final long in = call.take(document);
      final long out = call.take(output);
      call.run(
          () -> {
            Native.extractRevision(options, in, revision, out);
            return null;
          });
    }
  }
}
