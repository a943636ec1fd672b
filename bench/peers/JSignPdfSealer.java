import java.util.logging.Level;
import net.sf.jsignpdf.BasicSignerOptions;
import net.sf.jsignpdf.Constants;
import net.sf.jsignpdf.SignerLogic;
import net.sf.jsignpdf.types.HashAlgorithm;
import net.sf.jsignpdf.utils.PKCS11Utils;

/**
 * Many seals by JSignPdf in one process, as its command makes them where it is given many files: each opens the key store
 * anew. Forms: pades (its kind is CMS, which is not PAdES), visible.
 *
 * <p>Environment: JSIGNPDF_PKCS11 (configuration of SunPKCS11), PIN, KEY (the alias), TEXT (of a visible seal).
 */
final class JSignPdfSealer implements Peer {
  public static void main(String[] args) throws Exception {
    Constants.LOGGER.setLevel(Level.OFF);
    PKCS11Utils.registerProviders(System.getenv("JSIGNPDF_PKCS11"));
    Peer.run(new JSignPdfSealer(), args);
  }

  @Override
  public void seal(String form, String document, String output) {
    BasicSignerOptions options = new BasicSignerOptions();
    options.setAdvanced(true);
    options.setKsType("PKCS11");
    options.setKsPasswd(System.getenv("PIN"));
    options.setKeyAlias(System.getenv("KEY"));
    options.setHashAlgorithm(HashAlgorithm.SHA256);
    options.setAppend(true);
    options.setInFile(document);
    options.setOutFile(output);
    if (form.equals("visible")) {
      options.setVisible(true);
      options.setPage(1);
      options.setPositionLLX(36);
      options.setPositionLLY(36);
      options.setPositionURX(216);
      options.setPositionURY(96);
      options.setL2Text(System.getenv("TEXT"));
    }
    if (!new SignerLogic(options).signFile()) throw new IllegalStateException("JSignPdf has not sealed " + document);
  }
}
