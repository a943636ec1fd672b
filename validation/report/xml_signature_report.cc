#include "validation/report/xml_signature_report.h"

#include <fmt/format.h>

#include <array>

#include "crypto/openssl.h"
#include "validation/reliability.h"
#include "validation/report/report_text.h"
#include "validation/report/xml_attributes.h"
#include "validation/report/xml_names.h"

namespace signet::validation {

namespace {

using Element = XmlWriter::Element;

// The names of RFC 5280, 5.3.1, which X.509 has from ITU-T X.509, 9.5.3.1; 7 is not used.
constexpr std::array<std::string_view, 11> kReasonNames = {
    "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
    "superseded",    "cessationOfOperation", "certificateHold", "",
    "removeFromCRL", "privilegeWithdrawn",   "aACompromise"};

}  // namespace

SignatureReportWriter::SignatureReportWriter(XmlWriter& xml, const ValidationResult& result,
                                             Language language)
    : xml_(xml), result_(result), language_(language) {
  for (const TimeStampResult* stamp : time_stamps_of(result)) known_.insert(stamp->part->id);
}

void SignatureReportWriter::write(const SignatureResult& signature) {
  const SignaturePart& part = *signature.part;
  const std::string id = fmt::format("S-{}", ++written_);
  identifier(part.signer, id);
  time_info(signature.best_signature_time);
  signers_document(part.signer);
  write_attributes(xml_, result_, signature);
  signer_information(signature.chain);
  quality(signature.qualification,
          signature.level == Level::none ? "" : std::string(name_of(signature.level)));
  process();
  status({signature.conclusion, signature.chain, signature.trusted, part.signer, id}, true);
}

void SignatureReportWriter::write(const TimeStampResult& stamp) {
  const SignerPart& signer = stamp.part->signer;
  identifier(signer, fmt::format("S-{}", ++written_));
  time_info(stamp.judged_at);
  signer_information(stamp.chain);
  quality(stamp.qualification, {});
  process();
  status({stamp.conclusion, stamp.chain, stamp.trusted, signer, time_stamp_id(stamp.part->id)},
         false);
}

void SignatureReportWriter::write(const UsedRevocation& used) {
  {
    const Element element(xml_, "SignerInformation");
    xml_.reference("SignerCertificate", "VOReference", certificate_id(used.signer->id()))
        .element("Signer", used.signer->short_name());
  }
  const Element element(xml_, "SignatureValidationStatus");
  xml_.element("MainIndication", main_indication(Indication::passed, false));
}

void SignatureReportWriter::write_nothing_found() {
  const Conclusion nothing{Indication::indeterminate, SubIndication::signed_data_not_found, {}, {}};
  status({nothing, {}, false, {}, {}}, true);
}

void SignatureReportWriter::proof(const char* name, const Proof& proof) {
  const Element element(xml_, name);
  xml_.element("POETime", rfc3339(proof.time))
      .element("TypeOfProof", fmt::format("{}poetype:validation", kEtsiUrn));
  if (proof.by && known_.contains(*proof.by))
    xml_.reference("POEObject", "VOReference", time_stamp_id(*proof.by));
}

void SignatureReportWriter::digest(std::string_view uri, ByteView value) {
  const Element digest(xml_, "DigestAlgAndValue");
  xml_.reference("ds:DigestMethod", "Algorithm", uri).base64("ds:DigestValue", value);
}

// The digest is that of the data to be signed.
void SignatureReportWriter::identifier(const SignerPart& signer, const std::string& id) {
  const Element element(xml_, "SignatureIdentifier");
  xml_.attribute("id", id);
  if (!signer.signed_attributes.empty())
    digest(uri_of(crypto::Hash::sha256), crypto::sha256(signer.signed_attributes));
  if (!signer.signature.empty()) xml_.base64("ds:SignatureValue", signer.signature);
  xml_.element("HashOnly", "false").element("DocHashOnly", "false");
}

void SignatureReportWriter::time_info(const Proof& found) {
  const Element element(xml_, "ValidationTimeInfo");
  xml_.element("ValidationTime", rfc3339(result_.policy.at));
  proof("BestSignatureTime", found);
}

void SignatureReportWriter::signers_document(const SignerPart& signer) {
  const std::string id = signed_data_id(signer);
  if (id.empty()) return;
  const Element element(xml_, "SignersDocument");
  digest(uri_of(signer.hash), signer.content_digest);
  xml_.reference("SignersDocumentRepresentation", "VOReference", id);
}

void SignatureReportWriter::signer_information(const std::vector<ChainLink>& chain) {
  if (chain.empty()) return;
  const Element element(xml_, "SignerInformation");
  const Certificate& certificate = *chain.front().certificate;
  xml_.reference("SignerCertificate", "VOReference", certificate_id(certificate.id()))
      .element("Signer", certificate.short_name());
}

void SignatureReportWriter::quality(const Qualification& qualification, const std::string& level) {
  const bool qualified = qualification.kind != QualificationKind::not_asked;
  if (!qualified && level.empty()) return;
  const Element element(xml_, "SignatureQuality");
  if (qualified)
    xml_.element("SignatureQualityInformation",
                 fmt::format("urn:signet:qualification:{}", name_of(qualification.kind)));
  if (!level.empty())
    xml_.element("SignatureQualityInformation", fmt::format("urn:signet:level:{}", level));
}

void SignatureReportWriter::process() {
  const Element element(xml_, "SignatureValidationProcess");
  xml_.element("SignatureValidationProcessID", fmt::format("{}validationprocess:LTA", kEtsiUrn));
}

void SignatureReportWriter::status(const Judged& judged, bool total) {
  const Element element(xml_, "SignatureValidationStatus");
  const Conclusion& conclusion = judged.conclusion;
  xml_.element("MainIndication", main_indication(conclusion.indication, total));
  if (conclusion.sub_indication != SubIndication::none)
    xml_.element("SubIndication",
                 fmt::format("{}subindication:{}", kEtsiUrn, name_of(conclusion.sub_indication)));
  if (judged.chain.empty() && conclusion.reasons.empty() && conclusion.warnings.empty()) return;
  const Element associated(xml_, "AssociatedValidationReportData");
  data(judged);
}

void SignatureReportWriter::data(const Judged& judged) {
  if (judged.trusted && !judged.chain.empty())
    xml_.reference("TrustAnchor", "VOReference",
                   certificate_id(judged.chain.back().certificate->id()));
  chain(judged);
  for (const ChainLink& link : judged.chain)
    if (link.revocation.data)
      xml_.reference("RelatedValidationObject", "VOReference",
                     revocation_id(link.revocation.data->id()));
  revoked(judged.chain);
  algorithm(judged);
  reasons(judged.conclusion);
}

void SignatureReportWriter::chain(const Judged& judged) {
  if (judged.chain.empty()) return;
  const Element element(xml_, "CertificateChain");
  for (std::size_t i = 0; i < judged.chain.size(); ++i) {
    const bool is_anchor = judged.trusted && i > 0 && i + 1 == judged.chain.size();
    const char* const name = i == 0      ? "SigningCertificate"
                             : is_anchor ? "TrustAnchor"
                                         : "IntermediateCertificate";
    xml_.reference(name, "VOReference", certificate_id(judged.chain[i].certificate->id()));
  }
}

void SignatureReportWriter::revoked(const std::vector<ChainLink>& chain) {
  for (const ChainLink& link : chain) {
    const UsedRevocation& used = link.revocation;
    if (!used.data || !used.status || !used.status->revoked_at) continue;
    const Element element(xml_, "RevocationStatusInformation");
    xml_.reference("ValidationObjectId", "VOReference", certificate_id(link.certificate->id()))
        .element("RevocationTime", rfc3339(*used.status->revoked_at));
    const int reason = used.status->reason.value_or(-1);
    if (reason >= 0 && static_cast<std::size_t>(reason) < kReasonNames.size() &&
        !kReasonNames.at(static_cast<std::size_t>(reason)).empty())
      xml_.element("RevocationReason",
                   fmt::format("{}revocationReason:{}", kEtsiUrn,
                               kReasonNames.at(static_cast<std::size_t>(reason))));
    xml_.reference("RevocationObject", "VOReference", revocation_id(used.data->id()));
    return;  // the schema has place for one; the first one decides
  }
}

// Whether the signature's algorithm is good at the validation time.
void SignatureReportWriter::algorithm(const Judged& judged) {
  const std::string uri = signature_uri(judged.signer);
  if (uri.empty() || judged.chain.empty() || !result_.policy.suite) return;
  const Reliability found =
      reliability_of_signature(result_.policy, judged.signer.signature_algorithm,
                               judged.signer.hash, judged.chain.front().certificate->public_key());
  const Element element(xml_, "CryptoInformation");
  xml_.reference("ValidationObjectId", "VOReference", judged.id)
      .element("Algorithm", uri)
      .element("SecureAlgorithm", found.good_at(result_.policy.at) ? "true" : "false");
  if (found.foreseen_end) xml_.element("NotAfter", rfc3339(*found.foreseen_end));
}

void SignatureReportWriter::reasons(const Conclusion& conclusion) {
  if (conclusion.reasons.empty() && conclusion.warnings.empty()) return;
  const Element element(xml_, "AdditionalValidationReportData");
  const auto add = [this](std::string_view type, const Statement& statement) {
    const Element data(xml_, "ReportData");
    xml_.element("Type", fmt::format("urn:signet:report:{}", type))
        .element("Value", text_of(statement, language_));
  };
  for (const Statement& each : conclusion.reasons) add("reason", each);
  for (const Statement& each : conclusion.warnings) add("warning", each);
}

}  // namespace signet::validation
