package signet.seal;

import java.util.List;

/** A seal that lacks its signature. */
public final class PreparedSeal {
  private final Hash hash;
  private final byte[] digest;
  private final byte[] attributes;
  private final byte[] state;
  private final List<String> remarks;

  /** Reads and frees the native one. */
  PreparedSeal(long prepared) {
    try {
      hash = Hash.of(Native.preparedHash(prepared));
      digest = Native.preparedDigest(prepared);
      attributes = Native.preparedAttributes(prepared);
      state = Native.preparedState(prepared);
      remarks = Values.list(Native.preparedRemarkCount(prepared), at -> Native.preparedRemark(prepared, at));
    } finally {
      Native.preparedFree(prepared);
    }
  }

  /**
   * Of the digest.
   *
   * @return the value
   */
  public Hash hash() {
    return hash;
  }

  /**
   * The digest that RSA and ECDSA keys sign; null for Ed25519.
   *
   * @return a copy of it; null where there is none
   */
  public byte[] digest() {
    return digest == null ? null : digest.clone();
  }

  /**
   * The signed attributes in DER, which Ed25519 signs as they are.
   *
   * @return a copy
   */
  public byte[] attributes() {
    return attributes.clone();
  }

  /**
   * What finish() wants, in this process or another; some kilobytes, no secret.
   *
   * @return a copy
   */
  public byte[] state() {
    return state.clone();
  }

  /**
   * What readers may take amiss in this document, though the seal is good.
   *
   * @return the list
   */
  public List<String> remarks() {
    return remarks;
  }

  /**
   * Puts a signature into a prepared seal, and writes the document.
   *
   * @param context of the library
   * @param state of the prepared seal
   * @param signature as X.509 carries it (ECDSA: DER SEQUENCE of r and s); {@link Status#SIGNATURE} where it does not fit the state
   * @param document the same again, else {@link Status#CHANGED}; may be null for an external seal
   * @param output takes the sealed document
   * @param options packaging and encoding (CAdES), level, and what concerns time-stamps; may be null
   * @param timeStamper gives the time-stamp; may be null
   * @param control tells and cancels; may be null
   * @return what became of the seal
   */
  public static SealResult finish(
      Context context, byte[] state, byte[] signature, Input document, Output output, SealOptions options, TimeStamper timeStamper, SealControl control) {
    try (Call call = new Call()) {
      final long address = call.share(context);
      final long stamper = call.share(timeStamper);
      final long how = call.share(options);
      final long in = call.take(document);
      final long out = call.take(output);
      final long controlled = call.take(control);
      return new SealResult(call.run(() -> Native.finish(address, stamper, how, state, signature, in, out, controlled)));
    }
  }
}
