import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.DSSException;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.client.http.DSSFileLoader;
import eu.europa.esig.dss.spi.tsl.TrustedListsCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.tsl.job.TLValidationJob;
import eu.europa.esig.dss.tsl.source.LOTLSource;
import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A folder of trusted lists as EU DSS reads it: what stands at https://HOST/NAME.xml is the folder's NAME.xml, the list of lists EU.xml. */
final class DssLists {
  private static final String LIST_OF_LISTS = "https://lists.example/EU.xml";
  private static final Map<String, TrustedListsCertificateSource> loaded = new HashMap<>();

  /** Loaded once; `journal` are the files of the certificates that may sign the list of lists. */
  static TrustedListsCertificateSource load(String folder, List<String> journal) {
    return loaded.computeIfAbsent(folder + journal, key -> read(folder, journal));
  }

  private static TrustedListsCertificateSource read(String folder, List<String> journal) {
    CommonCertificateSource signers = new CommonCertificateSource();
    for (String file : journal) {
      DSSUtils.loadCertificateFromP7c(new FileDocument(file).openStream()).forEach(signers::addCertificate);
    }
    LOTLSource source = new LOTLSource();
    source.setUrl(LIST_OF_LISTS);
    source.setCertificateSource(signers);
    source.setPivotSupport(true);
    TrustedListsCertificateSource certificates = new TrustedListsCertificateSource();
    TLValidationJob job = new TLValidationJob();
    job.setListOfTrustedListSources(source);
    job.setOfflineDataLoader(new Folder(folder));
    job.setTrustedListCertificateSource(certificates);
    job.offlineRefresh();
    return certificates;
  }

  private static final class Folder implements DSSFileLoader {
    private final String folder;

    Folder(String folder) {
      this.folder = folder;
    }

    @Override
    public DSSDocument getDocument(String url) {
      File file = new File(folder, url.substring(url.lastIndexOf('/') + 1));
      if (!file.isFile()) throw new DSSException("there is no " + file);
      return new FileDocument(file);
    }
  }
}
