package signet.seal;

import java.nio.file.Path;
import java.time.Duration;

/** A time-stamp authority (RFC 3161). Nobody else may use it while it is changed. */
public final class Authority extends NativeObject {
  /**
   * With no other setting.
   *
   * @param context of the library
   * @param url http or https, without user and password; or "csc:", the service behind the token of the key that
   * seals, for Signet's tokens of a CSC service that gives time-stamps
   */
  public Authority(Context context, String url) {
    super(Call.in(context, address -> Native.authorityNew(address, url)), Native::authorityFree);
  }

  /**
   * What messages and results call it; else its URL without the query.
   *
   * @param name for people
   * @return this authority
   */
  public Authority name(String name) {
    change(authority -> Native.authoritySetName(authority, name));
    return this;
  }

  /**
   * The policy that is asked for, and demanded of the answer (RFC 3161, 2.4.1).
   *
   * @param oid such as "1.3.6.1.4.1.32473.1"
   * @return this authority
   */
  public Authority policy(String oid) {
    change(authority -> Native.authoritySetPolicy(authority, oid));
    return this;
  }

  /**
   * Certificates to which the signer of the time-stamps must chain, read now. Without them, its chain is not looked
   * at.
   *
   * @param file of certificates in PEM
   * @return this authority
   */
  public Authority caFile(Path file) {
    change(authority -> Native.authoritySetCaFile(authority, file.toString()));
    return this;
  }

  /**
   * HTTP Basic (RFC 7617), over https only.
   *
   * @param user without a colon
   * @param password is copied
   * @return this authority
   */
  public Authority basic(String user, char[] password) {
    Secrets.use(password, bytes -> change(authority -> Native.authoritySetBasic(authority, user, bytes)));
    return this;
  }

  /**
   * A client certificate for https. The files are read at each connection.
   *
   * @param certificateFile in PEM, with those above it
   * @param keyFile in PEM, unencrypted
   * @return this authority
   */
  public Authority clientCertificate(Path certificateFile, Path keyFile) {
    change(authority -> Native.authoritySetClientCertificate(authority, certificateFile.toString(), keyFile.toString()));
    return this;
  }

  /**
   * How an https server is recognised; without a file and pins, by the authorities that the system trusts.
   *
   * @param file of certification authorities in PEM
   * @return this authority
   */
  public Authority tlsCaFile(Path file) {
    change(authority -> Native.authoritySetTlsCaFile(authority, file.toString()));
    return this;
  }

  /**
   * A pin of the https server's key.
   *
   * @param pin such as "sha256//...="
   * @return this authority
   */
  public Authority addPin(String pin) {
    change(authority -> Native.authorityAddPin(authority, pin));
    return this;
  }

  /**
   * For one time-stamp of this authority; else 10 seconds.
   *
   * @param limit 1 ms to 1 hour
   * @return this authority
   */
  public Authority limit(Duration limit) {
    change(authority -> Native.authoritySetLimit(authority, limit.toMillis()));
    return this;
  }

  /**
   * How far the time of a time-stamp may lie from this machine's clock; else 300 seconds.
   *
   * @param distance 1 second to 1 day
   * @return this authority
   */
  public Authority largestDistance(Duration distance) {
    change(authority -> Native.authoritySetLargestDistance(authority, Values.seconds(distance)));
    return this;
  }
}
