package signet.seal;

/** Whose key signs elsewhere or later: sealing in two steps. */
public final class Signer extends NativeObject {
  /**
   * With no other setting.
   *
   * @param context of the library
   * @param certificate the signer's, X.509 in DER
   */
  public Signer(Context context, byte[] certificate) {
    super(Call.in(context, address -> Native.signerNew(address, certificate)), Native::signerFree);
  }

  /**
   * An issuer's certificate that goes into the seal.
   *
   * @param der of an X.509 certificate
   * @return this signer
   */
  public Signer addIssuer(byte[] der) {
    change(signer -> Native.signerAddIssuer(signer, der));
    return this;
  }

  /**
   * Reads a document and leaves a seal that lacks its signature.
   *
   * @param options format, hash, padding, and what is signed beside the document; for PAdES also the level: other than B-B leaves room
   *     for a time-stamp; may be null
   * @param document to be sealed
   * @param control tells and cancels; may be null
   * @return the seal
   */
  public PreparedSeal prepare(SealOptions options, Input document, SealControl control) {
    try (Call call = new Call()) {
      final long signer = call.share(this);
      final long how = call.share(options);
      final long in = call.take(document);
      final long controlled = call.take(control);
      return new PreparedSeal(call.run(() -> Native.prepare(signer, how, in, controlled)));
    }
  }
}
