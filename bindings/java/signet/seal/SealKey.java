package signet.seal;

/** A key that seals. Many threads may use it at once. */
public final class SealKey extends NativeObject {
  // It lives as long as this key.
  private final Callback signingPin;

  SealKey(long address, Callback signingPin) {
    super(address, Native::keyFree);
    this.signingPin = signingPin;
  }

  /**
   * The signer's certificate.
   *
   * @return it in DER
   */
  public byte[] certificate() {
    return read(Native::keyCertificate);
  }

  /**
   * Seals a document, without time-stamp and control.
   *
   * @param document to be sealed
   * @param output takes the sealed document
   * @param options how; null: as CAdES, inside the seal
   * @return what became of the seal
   */
  public SealResult seal(Input document, Output output, SealOptions options) {
    return seal(document, output, options, null, null);
  }

  /**
   * Seals a document: one signature of the key, and one request to an authority.
   *
   * @param document to be sealed
   * @param output takes the sealed document
   * @param options how; null: as CAdES, inside the seal
   * @param timeStamper gives the time-stamp; may be null
   * @param control tells and cancels; may be null
   * @return what became of the seal
   */
  public SealResult seal(Input document, Output output, SealOptions options, TimeStamper timeStamper, SealControl control) {
    try (Call call = new Call()) {
      final long key = call.share(this);
      final long stamper = call.share(timeStamper);
      final long how = call.share(options);
      final long in = call.take(document);
      final long out = call.take(output);
      final long controlled = call.take(control);
      return new SealResult(call.run(() -> Native.document(key, stamper, how, in, out, controlled)));
    }
  }

  /**
   * One more, parallel signature in a sealed message (CAdES), whose own bytes stay as they are. A PDF document that is sealed gets
   * one more seal by {@link #seal}.
   *
   * @param message that is sealed
   * @param document that the message is over; null: it holds it
   * @param output takes the message
   * @param options how; packaging and encoding are the message's; may be null
   * @param timeStamper gives the time-stamp; may be null
   * @param control tells and cancels; may be null
   * @return what became of the seal
   */
  public SealResult addSignature(
      Input message, Input document, Output output, SealOptions options, TimeStamper timeStamper, SealControl control) {
    try (Call call = new Call()) {
      final long key = call.share(this);
      final long stamper = call.share(timeStamper);
      final long how = call.share(options);
      final long sealed = call.take(message);
      final long data = call.take(document);
      final long out = call.take(output);
      final long controlled = call.take(control);
      return new SealResult(call.run(() -> Native.addSignature(key, stamper, how, sealed, data, out, controlled)));
    }
  }
}
