// Reads a sealed message of any size with Bouncy Castle, in constant memory: prints the size of the document that it holds and
// whether each signature verifies with its own certificate.
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Collection;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSSignedDataParser;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

public class ReadSeal {
  public static void main(String[] arguments) throws Exception {
    try (InputStream file = new BufferedInputStream(new FileInputStream(arguments[0]), 1 << 20)) {
      var parser = new CMSSignedDataParser(new JcaDigestCalculatorProviderBuilder().build(), file);
      byte[] piece = new byte[1 << 20];
      long size = 0;
      InputStream content = parser.getSignedContent().getContentStream();
      for (int got = content.read(piece); got >= 0; got = content.read(piece)) size += got;
      var certificates = parser.getCertificates();
      for (SignerInformation signer : parser.getSignerInfos()) {
        @SuppressWarnings("unchecked")
        Collection<X509CertificateHolder> found = certificates.getMatches(signer.getSID());
        boolean good = signer.verify(
            new JcaSimpleSignerInfoVerifierBuilder().build(found.iterator().next()));
        System.out.println(size + " bytes: " + (good ? "good" : "BAD"));
      }
    }
  }
}
