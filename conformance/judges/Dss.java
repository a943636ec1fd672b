import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.simplereport.jaxb.XmlTimestamp;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.revocation.ocsp.ExternalResourcesOCSPSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.policy.ValidationPolicyLoader;
import eu.europa.esig.dss.validation.reports.Reports;
import eu.europa.esig.validationreport.ValidationReportUtils;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.transform.stream.StreamSource;
import org.json.JSONArray;
import org.json.JSONObject;

/** EU DSS without any network: no loader of certificates, revocation data or trusted lists is set. */
final class Dss {
  private static final Map<String, ValidationPolicy> policies = new HashMap<>();

  static JSONObject judge(JSONObject request) throws Exception {
    SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(file(request.getString("signature")));
    validator.setCertificateVerifier(verifier(request));
    if (!request.isNull("password")) {
      ((PDFDocumentValidator) validator).setPasswordProtection(request.getString("password").toCharArray());
    }
    if (!request.isNull("detached")) {
      validator.setDetachedContents(List.<DSSDocument>of(file(request.getString("detached"))));
    }
    if (!request.isNull("time")) validator.setValidationTime(Date.from(Instant.parse(request.getString("time"))));
    Reports reports = validator.validateDocument(policy(request.optString("policy", "default"), request.optString("suite", "")));
    if (!request.isNull("report")) { // ETSI TS 119 102-2
      Files.writeString(Path.of(request.getString("report")), reports.getXmlValidationReport());
    }
    SimpleReport report = reports.getSimpleReport();
    JSONArray signatures = new JSONArray();
    for (String id : report.getSignatureIdList()) {
      signatures.put(signature(report, reports.getDiagnosticData().getSignatureById(id), id));
    }
    JSONArray stamps = new JSONArray(); // of documents that are nothing but a time-stamp
    if (signatures.isEmpty()) {
      for (String id : report.getTimestampIdList()) {
        stamps.put(new JSONObject().put("indication", report.getIndication(id).name())
            .put("subIndication", name(report.getSubIndication(id))).put("errors", texts(report.getAdESValidationErrors(id))));
      }
    }
    return new JSONObject().put("signatures", signatures).put("timestamps", stamps);
  }

  /** What is wrong with a report by the schema of TS 119 102-2. */
  static JSONObject schema(JSONObject request) throws Exception {
    StreamSource report = new StreamSource(new File(request.getString("report")));
    return new JSONObject().put("errors", new JSONArray(ValidationReportUtils.getInstance().validateAgainstXSD(report)));
  }

  private static JSONObject signature(SimpleReport report, SignatureWrapper facts, String id) {
    JSONArray stamps = new JSONArray();
    for (XmlTimestamp stamp : report.getSignatureTimestamps(id)) {
      stamps.put(new JSONObject().put("indication", report.getIndication(stamp.getId()).name())
          .put("subIndication", name(report.getSubIndication(stamp.getId())))
          .put("errors", texts(report.getAdESValidationErrors(stamp.getId())))
          .put("qualification", name(report.getTimestampQualification(stamp.getId())))
          .put("time", String.valueOf(stamp.getProductionTime().toInstant())));
    }
    return new JSONObject().put("indication", report.getIndication(id).name())
        .put("subIndication", name(report.getSubIndication(id)))
        .put("field", facts.getFirstFieldName() == null ? JSONObject.NULL : facts.getFirstFieldName())
        .put("level", report.getSignatureFormat(id).toString())
        .put("qualification", name(report.getSignatureQualification(id)))
        .put("errors", texts(report.getAdESValidationErrors(id)))
        .put("warnings", texts(report.getAdESValidationWarnings(id)))
        .put("infos", texts(report.getAdESValidationInfo(id)))
        .put("digest", name(facts.getDigestAlgorithm()))
        .put("encryption", name(facts.getEncryptionAlgorithm()))
        .put("intact", facts.isSignatureIntact())
        .put("structure", new JSONArray(facts.getStructuralValidationMessages()))
        .put("signingTime", time(report.getSigningTime(id)))
        .put("bestTime", time(report.getBestSignatureTime(id)))
        .put("timestamps", stamps);
  }

  static CommonCertificateVerifier verifier(JSONObject request) {
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    for (String path : paths(request, "trusted")) {
      DSSUtils.loadCertificateFromP7c(pem(path)).forEach(trusted::addCertificate);
    }
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    if (request.has("lists")) {
      verifier.setTrustedCertSources(trusted, DssLists.load(request.getString("lists"), paths(request, "journal")));
    } else {
      verifier.setTrustedCertSources(trusted);
    }
    verifier.setAIASource(null); // the default one loads from the network
    List<DSSDocument> crls = files(request, "crls");
    if (!crls.isEmpty()) verifier.setCrlSource(new ExternalResourcesCRLSource(crls.toArray(new DSSDocument[0])));
    List<DSSDocument> ocsps = files(request, "ocsps");
    if (!ocsps.isEmpty()) verifier.setOcspSource(new ExternalResourcesOCSPSource(ocsps.toArray(new DSSDocument[0])));
    return verifier;
  }

  private static InputStream pem(String path) {
    return file(path).openStream();
  }

  /**
   * "default": DSS's own; "no-revocation": the same, but revocation data may be missing; "strict-lists": that, and trusted lists have
   * to be in date and signed as announced, of which DSS's own policy only warns; otherwise a file. The suite is
   * a file in the JSON of TS 119 322, or empty for DSS's own.
   */
  private static ValidationPolicy policy(String name, String suite) throws Exception {
    String key = name + "\n" + suite;
    if (!policies.containsKey(key)) policies.put(key, loadPolicy(name, suite));
    return policies.get(key);
  }

  private static ValidationPolicy loadPolicy(String name, String suite) throws Exception {
    ValidationPolicyLoader loader;
    if (name.equals("default")) {
      loader = ValidationPolicyLoader.fromDefaultValidationPolicy();
    } else if (name.equals("no-revocation")) {
      loader = ValidationPolicyLoader.fromValidationPolicy(policyWith(REVOCATION, "IGNORE"));
    } else if (name.equals("strict-lists")) {
      loader = ValidationPolicyLoader.fromValidationPolicy(policyWith(REVOCATION, "IGNORE", "TLNotExpired|TLWellSigned", "FAIL"));
    } else {
      loader = ValidationPolicyLoader.fromValidationPolicy(new File(name));
    }
    return (suite.isEmpty() ? loader.withDefaultCryptographicSuite() : loader.withCryptographicSuite(new File(suite)))
        .create();
  }

  private static final String REVOCATION = "RevocationDataAvailable|AcceptableRevocationDataFound";

  /** DSS's own policy with other levels: names of constraints, their level, and so on. */
  private static DSSDocument policyWith(String... changes) throws Exception {
    try (InputStream in = Dss.class.getResourceAsStream("/policy/constraint.xml")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (int at = 0; at < changes.length; at += 2) {
        String after = text.replaceAll("<(" + changes[at] + ") Level=\"\\w+\"", "<$1 Level=\"" + changes[at + 1] + "\"");
        if (after.equals(text)) throw new IllegalStateException("DSS's policy has changed its words");
        text = after;
      }
      return new InMemoryDocument(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static DSSDocument file(String path) {
    return new FileDocument(path);
  }

  private static List<String> paths(JSONObject request, String key) {
    List<String> paths = new ArrayList<>();
    JSONArray array = request.optJSONArray(key);
    for (int i = 0; array != null && i < array.length(); ++i) paths.add(array.getString(i));
    return paths;
  }

  private static List<DSSDocument> files(JSONObject request, String key) {
    List<DSSDocument> files = new ArrayList<>();
    for (String path : paths(request, key)) files.add(file(path));
    return files;
  }

  private static JSONArray texts(List<Message> messages) {
    JSONArray texts = new JSONArray();
    for (Message message : messages) texts.put(message.getValue());
    return texts;
  }

  private static Object name(Enum<?> value) {
    return value == null ? JSONObject.NULL : value.name();
  }

  private static Object time(Date date) {
    return date == null ? JSONObject.NULL : date.toInstant().toString();
  }
}
