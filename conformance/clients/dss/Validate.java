import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.util.List;

/** java Validate LEVEL SEALED [DOCUMENT]: status 1 unless there is one seal, of this level and TOTAL_PASSED. */
final class Validate {
  public static void main(String[] args) {
    SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(args[1]));
    validator.setCertificateVerifier(Authority.verifier());
    if (args.length > 2) validator.setDetachedContents(List.<DSSDocument>of(new FileDocument(args[2])));
    SimpleReport report = validator.validateDocument().getSimpleReport();
    for (String id : report.getSignatureIdList()) {
      System.out.println(args[1] + ": " + report.getSignatureFormat(id) + " " + report.getIndication(id) + " "
          + report.getSubIndication(id) + " by " + report.getSignedBy(id));
      report.getAdESValidationErrors(id).forEach(error -> System.out.println("  " + error.getValue()));
    }
    if (report.getSignatureIdList().size() != 1) System.exit(1);
    String id = report.getFirstSignatureId();
    boolean passed = report.getIndication(id) == Indication.TOTAL_PASSED;
    System.exit(passed && report.getSignatureFormat(id).name().endsWith("BASELINE_" + args[0]) ? 0 : 1);
  }
}
