import eu.europa.esig.dss.cades.CAdESSignatureParameters;
import eu.europa.esig.dss.cades.signature.CAdESService;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SignaturePackaging;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.token.DSSPrivateKeyEntry;
import eu.europa.esig.dss.token.Pkcs11SignatureToken;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore.PasswordProtection;
import java.util.List;
import java.util.StringJoiner;

/**
 * CAdES B-B by EU DSS through a PKCS#11 module: one seal, or many in one process.
 *
 * <p>java DssSealer external|internal DOCUMENT OUTPUT: one seal. Without arguments: lines with the form and
 * then each document and its output, separated by tabs; the answer to each line is the JSON that sealbench.cc gives.
 *
 * <p>Environment: MODULE, PIN, KEY (the label), CHAIN (PEM file with the issuer).
 */
final class DssSealer {
  private final Pkcs11SignatureToken token;
  private final DSSPrivateKeyEntry key;
  private final List<CertificateToken> chain;
  private final CAdESService service = new CAdESService(new CommonCertificateVerifier());

  private DssSealer(Pkcs11SignatureToken token, PasswordProtection pin) {
    this.token = token;
    key = token.getKey(System.getenv("KEY"), pin);
    chain = List.of(key.getCertificate(), DSSUtils.loadCertificate(new File(System.getenv("CHAIN"))));
  }

  public static void main(String[] args) throws Exception {
    PasswordProtection pin = new PasswordProtection(System.getenv("PIN").toCharArray());
    try (Pkcs11SignatureToken token = new Pkcs11SignatureToken(System.getenv("MODULE"), pin, 0)) {
      DssSealer sealer = new DssSealer(token, pin);
      if (args.length == 3) {
        sealer.seal(args[0], args[1], args[2]);
      } else {
        sealer.serve();
      }
    }
  }

  /** Written, not synced. */
  private void seal(String form, String document, String output) throws Exception {
    CAdESSignatureParameters parameters = new CAdESSignatureParameters();
    parameters.setSignatureLevel(SignatureLevel.CAdES_BASELINE_B);
    parameters.setSignaturePackaging(form.equals("external") ? SignaturePackaging.DETACHED : SignaturePackaging.ENVELOPING);
    parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
    parameters.setSigningCertificate(key.getCertificate());
    parameters.setCertificateChain(chain);
    DSSDocument content = new FileDocument(document);
    ToBeSigned data = service.getDataToSign(content, parameters);
    SignatureValue value = token.sign(data, parameters.getDigestAlgorithm(), key);
    service.signDocument(content, parameters, value).save(output);
  }

  private void serve() throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split("\t");
      StringJoiner milliseconds = new StringJoiner(", ", "[", "]");
      long began = System.nanoTime();
      for (int i = 1; i + 1 < words.length; i += 2) {
        long start = System.nanoTime();
        seal(words[0], words[i], words[i + 1]);
        milliseconds.add(String.valueOf((System.nanoTime() - start) / 1e6));
      }
      System.out.println("{\"milliseconds\": " + milliseconds + ", \"seconds\": " + (System.nanoTime() - began) / 1e9 + "}");
    }
  }
}
