import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataParser;
import org.bouncycastle.cms.CMSTypedStream;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.json.JSONArray;
import org.json.JSONObject;

/**
 * Bouncy Castle's reader of streams: signatures over documents of any size, DER or BER. It says whether each signature
 * fits the document and the certificate that its SignerInfo names; whom to trust is for other judges.
 */
final class BouncyCastle {
  static JSONObject judge(JSONObject request) throws Exception {
    var digests = new JcaDigestCalculatorProviderBuilder().setProvider("BC").build();
    try (InputStream in = new BufferedInputStream(new FileInputStream(request.getString("signature")))) {
      CMSSignedDataParser parser;
      long[] size = {0};
      if (request.isNull("detached")) {
        parser = new CMSSignedDataParser(digests, in);
        drain(parser, size);
      } else {
        try (InputStream content = new BufferedInputStream(new FileInputStream(request.getString("detached")))) {
          parser = new CMSSignedDataParser(digests, new CMSTypedStream(content), in);
          drain(parser, size);
        }
      }
      JSONArray signatures = new JSONArray();
      for (SignerInformation signer : parser.getSignerInfos().getSigners()) signatures.put(signature(parser, signer));
      return new JSONObject().put("signatures", signatures).put("contentSize", size[0]);
    }
  }

  private static void drain(CMSSignedDataParser parser, long[] size) throws Exception {
    if (parser.getSignedContent() == null) throw new CMSException("there is no content");
    try (InputStream content = parser.getSignedContent().getContentStream()) {
      size[0] = content.transferTo(OutputStream.nullOutputStream());
    }
  }

  @SuppressWarnings("unchecked")
  private static JSONObject signature(CMSSignedDataParser parser, SignerInformation signer) throws Exception {
    Collection<X509CertificateHolder> found = parser.getCertificates().getMatches(signer.getSID());
    boolean valid = false;
    String error = found.isEmpty() ? "the signer's certificate is missing" : "";
    for (X509CertificateHolder certificate : found) {
      try {
        valid |= signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate));
        if (!valid) error = "the signature is wrong";
      } catch (CMSException failure) {
        error = failure.getMessage();
      }
    }
    var attributes = signer.getSignedAttributes();
    boolean reference = attributes != null && (attributes.get(PKCSObjectIdentifiers.id_aa_signingCertificateV2) != null
        || attributes.get(PKCSObjectIdentifiers.id_aa_signingCertificate) != null);
    return new JSONObject().put("valid", valid).put("error", valid ? "" : error)
        .put("signingCertificate", reference).put("digest", signer.getDigestAlgOID())
        .put("encryption", signer.getEncryptionAlgOID());
  }
}
