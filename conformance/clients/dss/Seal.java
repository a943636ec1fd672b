import eu.europa.esig.dss.cades.CAdESSignatureParameters;
import eu.europa.esig.dss.cades.signature.CAdESService;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SignaturePackaging;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.token.DSSPrivateKeyEntry;
import eu.europa.esig.dss.token.Pkcs11SignatureToken;
import java.security.KeyStore.PasswordProtection;

/**
 * java Seal pades|cades LEVEL ALIAS DOCUMENT RESULT: a seal in a PDF file, or one beside any document, with the token
 * of the module MODULE and the PIN in the environment. LEVEL is B, T, LT or LTA.
 */
final class Seal {
  public static void main(String[] args) throws Exception {
    DSSDocument document = new FileDocument(args[3]);
    PasswordProtection pin = new PasswordProtection(System.getenv("PIN").toCharArray());
    int slot = 0;
    try (Pkcs11SignatureToken token = new Pkcs11SignatureToken(System.getenv("MODULE"), pin, slot)) {
      DSSPrivateKeyEntry key = token.getKey(args[2], pin);
      DSSDocument sealed = args[0].equals("pades")
          ? pades(token, key, "PAdES_BASELINE_" + args[1], document)
          : cades(token, key, "CAdES_BASELINE_" + args[1], document);
      sealed.save(args[4]);
    }
  }

  private static DSSDocument pades(Pkcs11SignatureToken token, DSSPrivateKeyEntry key, String level,
      DSSDocument document) throws Exception {
    PAdESSignatureParameters parameters = new PAdESSignatureParameters();
    parameters.setSignatureLevel(SignatureLevel.valueOf(level));
    parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
    parameters.setSigningCertificate(key.getCertificate());
    parameters.setCertificateChain(key.getCertificateChain());
    PAdESService service = new PAdESService(Authority.verifier());
    service.setTspSource(Authority.timestamps());
    ToBeSigned data = service.getDataToSign(document, parameters);
    SignatureValue value = token.sign(data, parameters.getDigestAlgorithm(), key);
    return service.signDocument(document, parameters, value);
  }

  private static DSSDocument cades(Pkcs11SignatureToken token, DSSPrivateKeyEntry key, String level,
      DSSDocument document) throws Exception {
    CAdESSignatureParameters parameters = new CAdESSignatureParameters();
    parameters.setSignatureLevel(SignatureLevel.valueOf(level));
    parameters.setSignaturePackaging(SignaturePackaging.DETACHED);
    parameters.setDigestAlgorithm(DigestAlgorithm.SHA512);
    parameters.setSigningCertificate(key.getCertificate());
    parameters.setCertificateChain(key.getCertificateChain());
    CAdESService service = new CAdESService(Authority.verifier());
    service.setTspSource(Authority.timestamps());
    ToBeSigned data = service.getDataToSign(document, parameters);
    SignatureValue value = token.sign(data, parameters.getDigestAlgorithm(), key);
    return service.signDocument(document, parameters, value);
  }
}
