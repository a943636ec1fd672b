import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.service.crl.OnlineCRLSource;
import eu.europa.esig.dss.service.ocsp.OnlineOCSPSource;
import eu.europa.esig.dss.service.tsp.OnlineTSPSource;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** The trial authority in the folder `ca`: whom to trust, its CRLs, OCSP answers and time-stamps. */
final class Authority {
  static CommonCertificateVerifier verifier() {
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    trusted.addCertificate(certificate("ca/root.pem"));
    CommonCertificateSource known = new CommonCertificateSource();
    known.addCertificate(certificate("ca/issuing.pem"));
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setTrustedCertSources(trusted);
    verifier.setAdjunctCertSources(known);
    verifier.setCrlSource(new OnlineCRLSource());
    verifier.setOcspSource(new OnlineOCSPSource());
    return verifier;
  }

  static OnlineTSPSource timestamps() throws Exception {
    return new OnlineTSPSource(Files.readString(Path.of("ca/url")).strip() + "/tsa");
  }

  private static CertificateToken certificate(String file) {
    return DSSUtils.loadCertificate(new File(file));
  }
}
