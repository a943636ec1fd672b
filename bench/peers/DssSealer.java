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
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.SignatureFieldParameters;
import eu.europa.esig.dss.pades.SignatureImageParameters;
import eu.europa.esig.dss.pades.SignatureImageTextParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.pdf.PdfMemoryUsageSetting;
import eu.europa.esig.dss.pdf.ServiceLoaderPdfObjFactory;
import eu.europa.esig.dss.signature.resources.TempFileResourcesHandlerBuilder;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.token.DSSPrivateKeyEntry;
import eu.europa.esig.dss.token.Pkcs11SignatureToken;
import java.io.File;
import java.security.KeyStore.PasswordProtection;
import java.util.List;

/**
 * CAdES B-B and PAdES B-B by EU DSS through a PKCS#11 module. Forms: external, internal, pades, visible.
 *
 * <p>Environment: MODULE, PIN, KEY (the label), CHAIN (PEM file with the issuer), TEXT (of a visible seal).
 */
final class DssSealer implements Peer {
  /** Larger PDF documents go through temporary files: slower than its default, memory, but there is an end to that. */
  private static final long LARGE = 256L << 20;

  private final Pkcs11SignatureToken token;
  private final DSSPrivateKeyEntry key;
  private final List<CertificateToken> chain;
  private final CAdESService cades = new CAdESService(new CommonCertificateVerifier());

  private DssSealer(Pkcs11SignatureToken token, PasswordProtection pin) {
    this.token = token;
    key = token.getKey(System.getenv("KEY"), pin);
    chain = List.of(key.getCertificate(), DSSUtils.loadCertificate(new File(System.getenv("CHAIN"))));
  }

  public static void main(String[] args) throws Exception {
    PasswordProtection pin = new PasswordProtection(System.getenv("PIN").toCharArray());
    try (Pkcs11SignatureToken token = new Pkcs11SignatureToken(System.getenv("MODULE"), pin, 0)) {
      Peer.run(new DssSealer(token, pin), args);
    }
  }

  @Override
  public void seal(String form, String document, String output) throws Exception {
    DSSDocument content = new FileDocument(document);
    if (form.equals("pades") || form.equals("visible")) {
      PAdESService service = new File(document).length() > LARGE ? Pades.IN_FILES : Pades.IN_MEMORY;
      sealPdf(form.equals("visible"), content, service, output);
    } else {
      sealCades(form.equals("external"), content, output);
    }
  }

  private void sealCades(boolean external, DSSDocument content, String output) throws Exception {
    CAdESSignatureParameters parameters = new CAdESSignatureParameters();
    parameters.setSignatureLevel(SignatureLevel.CAdES_BASELINE_B);
    parameters.setSignaturePackaging(external ? SignaturePackaging.DETACHED : SignaturePackaging.ENVELOPING);
    parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
    parameters.setSigningCertificate(key.getCertificate());
    parameters.setCertificateChain(chain);
    ToBeSigned data = cades.getDataToSign(content, parameters);
    SignatureValue value = token.sign(data, parameters.getDigestAlgorithm(), key);
    cades.signDocument(content, parameters, value).save(output);
  }

  private void sealPdf(boolean visible, DSSDocument content, PAdESService service, String output) throws Exception {
    PAdESSignatureParameters parameters = new PAdESSignatureParameters();
    parameters.setSignatureLevel(SignatureLevel.PAdES_BASELINE_B);
    parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
    parameters.setSigningCertificate(key.getCertificate());
    parameters.setCertificateChain(chain);
    if (visible) parameters.setImageParameters(look());
    ToBeSigned data = service.getDataToSign(content, parameters);
    SignatureValue value = token.sign(data, parameters.getDigestAlgorithm(), key);
    service.signDocument(content, parameters, value).save(output);
  }

  /** Its default font, in a box as the other peers have it. */
  private static SignatureImageParameters look() {
    SignatureFieldParameters place = new SignatureFieldParameters();
    place.setPage(1);
    place.setOriginX(36);
    place.setOriginY(36);
    place.setWidth(180);
    place.setHeight(60);
    SignatureImageTextParameters text = new SignatureImageTextParameters();
    text.setText(System.getenv("TEXT"));
    SignatureImageParameters look = new SignatureImageParameters();
    look.setFieldParameters(place);
    look.setTextParameters(text);
    return look;
  }

  /** Loaded for PDF documents only. */
  private static final class Pades {
    static final PAdESService IN_MEMORY = new PAdESService(new CommonCertificateVerifier());
    static final PAdESService IN_FILES = new PAdESService(new CommonCertificateVerifier());

    static {
      ServiceLoaderPdfObjFactory files = new ServiceLoaderPdfObjFactory();
      files.setResourcesHandlerBuilder(new TempFileResourcesHandlerBuilder());
      files.setPdfMemoryUsageSetting(PdfMemoryUsageSetting.fileOnly());
      IN_FILES.setPdfObjFactory(files);
    }
  }
}
