import eu.europa.esig.dss.cades.CAdESSignatureParameters;
import eu.europa.esig.dss.cades.signature.CAdESService;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SignaturePackaging;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.TimestampBinary;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.signature.AbstractSignatureParameters;
import eu.europa.esig.dss.signature.AbstractSignatureService;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import java.io.FileInputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.json.JSONObject;

/**
 * DSS's own seals, by a P-256 key in a file (PKCS#8, DER), so that the judges are tried on what is not ours. The chain goes
 * up to its root, which is trusted; "crls" are files, for the levels that need them.
 */
final class Maker {
  static JSONObject make(JSONObject request) throws Exception {
    List<CertificateToken> chain = new ArrayList<>();
    try (FileInputStream in = new FileInputStream(request.getString("chain"))) {
      chain.addAll(DSSUtils.loadCertificateFromP7c(in));
    }
    CommonCertificateVerifier verifier = Dss.verifier(request);
    if (request.getString("form").equals("pades")) {
      make(request, chain, new PAdESService(verifier), new PAdESSignatureParameters(), "PAdES");
    } else {
      CAdESSignatureParameters parameters = new CAdESSignatureParameters();
      parameters.setSignaturePackaging(
          request.getBoolean("detached") ? SignaturePackaging.DETACHED : SignaturePackaging.ENVELOPING);
      make(request, chain, new CAdESService(verifier), parameters, "CAdES");
    }
    return new JSONObject().put("made", request.getString("out"));
  }

  private static <P extends AbstractSignatureParameters<?>> void make(
      JSONObject request, List<CertificateToken> chain, AbstractSignatureService<P, ?> service, P parameters, String form)
      throws Exception {
    DSSDocument content = new FileDocument(request.getString("content"));
    parameters.setSignatureLevel(SignatureLevel.valueOf(form + "_BASELINE_" + request.getString("level")));
    parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
    parameters.setSigningCertificate(chain.get(0));
    parameters.setCertificateChain(chain);
    String tsa = request.optString("tsa", "");
    service.setTspSource((TSPSource) (algorithm, digest) -> stamp(tsa, algorithm, digest));
    PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(
        new PKCS8EncodedKeySpec(Files.readAllBytes(Path.of(request.getString("key")))));
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(key);
    signer.update(service.getDataToSign(content, parameters).getBytes());
    SignatureValue value = new SignatureValue(SignatureAlgorithm.ECDSA_SHA256, signer.sign());
    service.signDocument(content, parameters, value).save(request.getString("out"));
  }

  private static TimestampBinary stamp(String url, DigestAlgorithm algorithm, byte[] digest) {
    try {
      TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
      generator.setCertReq(true);
      TimeStampRequest query = generator.generate(new ASN1ObjectIdentifier(algorithm.getOid()), digest);
      HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
      connection.setConnectTimeout(10_000);
      connection.setReadTimeout(10_000);
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/timestamp-query");
      connection.getOutputStream().write(query.getEncoded());
      TimeStampResponse answer = new TimeStampResponse(connection.getInputStream());
      answer.validate(query);
      return new TimestampBinary(answer.getTimeStampToken().getEncoded());
    } catch (Exception failure) {
      throw new IllegalStateException("no time-stamp: " + failure, failure);
    }
  }
}
