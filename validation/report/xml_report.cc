#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "crypto/openssl.h"
#include "validation/report/report.h"
#include "validation/report/report_text.h"
#include "validation/report/xml_names.h"
#include "validation/report/xml_signature_report.h"
#include "validation/report/xml_writer.h"

namespace signet::validation {

namespace {

using Element = XmlWriter::Element;

class XmlReportWriter {
 public:
  XmlReportWriter(const ValidationResult& result, const ReportOptions& options)
      : result_(result), reports_(xml_, result, options.language) {
    for (const SignatureResult& each : result.signatures)
      signatures_.emplace(each.part->id, each.part);
  }

  std::string write() && {
    {
      const Element report(xml_, "ValidationReport");
      xml_.attribute("xmlns", "http://uri.etsi.org/19102/v1.4.1#")
          .attribute("xmlns:ds", "http://www.w3.org/2000/09/xmldsig#");
      for (const SignatureResult& signature : result_.signatures) report_of(signature);
      // The schema wants one report at least: of a time-stamp alone its own, of anything else that nothing was found.
      if (result_.signatures.empty()) {
        for (const TimeStampResult& stamp : result_.document_time_stamps) report_of(stamp);
        if (result_.document_time_stamps.empty()) {
          const Element empty(xml_, "SignatureValidationReport");
          reports_.write_nothing_found();
        }
      }
      objects();
    }
    return std::move(xml_).finish();
  }

 private:
  template <typename Judged>
  void report_of(const Judged& judged) {
    const Element report(xml_, "SignatureValidationReport");
    reports_.write(judged);
  }

  // What was used first, with its bytes; then what else there was, by its digest alone.
  void objects() {
    const auto& evidence = result_.document->evidence;
    const auto used = certificates_of(result_);
    const auto stamps = time_stamps_of(result_);
    if (used.empty() && stamps.empty() && evidence.certificates().empty() &&
        evidence.revocations().empty() && signed_data_id_of_any().empty())
      return;
    const Element element(xml_, "SignatureValidationObjects");
    for (const CertificatePtr& each : used) certificate(*each, true);
    for (const FoundCertificate& each : evidence.certificates())
      certificate(*each.certificate, false);
    for (const UsedRevocation* each : used_revocations()) revocation(*each->data, each);
    for (const FoundRevocation& each : evidence.revocations()) revocation(*each.data, nullptr);
    for (const TimeStampResult* stamp : stamps)
      if (written_.insert(time_stamp_id(stamp->part->id)).second) time_stamp(*stamp);
    for (const SignatureResult& each : result_.signatures) signed_data(each);
  }

  std::string signed_data_id_of_any() const {
    for (const SignatureResult& each : result_.signatures)
      if (std::string id = signed_data_id(each.part->signer); !id.empty()) return id;
    return {};
  }

  void certificate(const Certificate& certificate, bool with_bytes) {
    const std::string id = certificate_id(certificate.id());
    if (!written_.insert(id).second) return;
    const Element object(xml_, "ValidationObject");
    head(id, "certificate");
    if (with_bytes)
      representation("base64", certificate.der());
    else
      representation(certificate.id());
    proven(certificate.id());
  }

  std::vector<const UsedRevocation*> used_revocations() const {
    std::vector<const UsedRevocation*> all;
    const auto add = [&](const std::vector<ChainLink>& chain) {
      for (const ChainLink& link : chain)
        if (link.revocation.data) all.push_back(&link.revocation);
    };
    for (const SignatureResult& each : result_.signatures) add(each.chain);
    for (const TimeStampResult* each : time_stamps_of(result_)) add(each->chain);
    return all;
  }

  // CRLs may have many megabytes; the digest tells which one it was. `used` may be null.
  void revocation(const RevocationData& data, const UsedRevocation* used) {
    const std::string id = revocation_id(data.id());
    if (!written_.insert(id).second) return;
    const Element object(xml_, "ValidationObject");
    head(id, data.kind() == RevocationKind::crl ? "CRL" : "OCSPResponse");
    representation(data.id());
    proven(data.id());
    if (!used || !used->status || !used->signer) return;
    const Element report(xml_, "ValidationReport");
    reports_.write(*used);
  }

  void time_stamp(const TimeStampResult& stamp) {
    const Element object(xml_, "ValidationObject");
    head(time_stamp_id(stamp.part->id), "timestamp");
    representation("base64", stamp.part->der);
    proven(stamp.part->id);
    if (stamp.conclusion.passed()) provided(*stamp.part);
    const Element report(xml_, "ValidationReport");
    reports_.write(stamp);
  }

  // What a valid time-stamp proves: objects that are written here, and signatures, which are told by their field in a
  // PDF, else by the digest of their SignerInfo.
  void provided(const TimeStampPart& part) {
    const Element element(xml_, "POEProvisioning");
    xml_.element("POETime", rfc3339(part.time));
    for (const ObjectId& id : part.covered)
      for (const std::string& name : {certificate_id(id), revocation_id(id), time_stamp_id(id)})
        if (written_.contains(name) || is_time_stamp(name))
          xml_.reference("ValidationObject", "VOReference", name);
    for (const ObjectId& id : part.covered) {
      const auto found = signatures_.find(id);
      if (found == signatures_.end()) continue;
      const Element reference(xml_, "SignatureReference");
      if (found->second->pdf) {
        xml_.element("PAdESFieldName", found->second->name);
        continue;
      }
      xml_.element("DigestMethod", uri_of(crypto::Hash::sha256))
          .base64("DigestValue", crypto::sha256(found->second->signer.signer_info));
    }
  }

  // Also one whose object is written later.
  bool is_time_stamp(const std::string& name) const {
    return std::ranges::any_of(time_stamps_of(result_), [&](const TimeStampResult* stamp) {
      return time_stamp_id(stamp->part->id) == name;
    });
  }

  // What a signature is over: proven with the signature, since its digest is in there, or by a content time-stamp.
  void signed_data(const SignatureResult& signature) {
    const SignerPart& signer = signature.part->signer;
    const std::string id = signed_data_id(signer);
    if (id.empty() || !written_.insert(id).second) return;
    const Element object(xml_, "ValidationObject");
    head(id, "signedData");
    {
      const Element element(xml_, "ValidationObjectRepresentation");
      reports_.digest(uri_of(signer.hash), signer.content_digest);
    }
    Proof lowest = proof_of(signature.part->id);
    for (const TimeStampResult& stamp : signature.time_stamps)
      if (stamp.part->kind == TimeStampKind::content && stamp.conclusion.passed() &&
          stamp.part->time < lowest.time)
        lowest = {stamp.part->time, stamp.part->id};
    reports_.proof("POE", lowest);
  }

  void head(const std::string& id, std::string_view type) {
    xml_.attribute("id", id).element("ObjectType",
                                     fmt::format("{}validationObject:{}", kEtsiUrn, type));
  }

  void representation(const char* form, ByteView der) {
    const Element element(xml_, "ValidationObjectRepresentation");
    xml_.base64(form, der);
  }

  void representation(const ObjectId& id) {
    const Element element(xml_, "ValidationObjectRepresentation");
    reports_.digest(uri_of(crypto::Hash::sha256), id.digest);
  }

  // Everything exists at the validation time (EN 319 102-1, 5.6.3.4).
  Proof proof_of(const ObjectId& id) const {
    const auto found = result_.proofs.find(id);
    return found != result_.proofs.end() ? found->second : Proof{result_.policy.at, {}};
  }

  void proven(const ObjectId& id) { reports_.proof("POE", proof_of(id)); }

  const ValidationResult& result_;
  XmlWriter xml_;
  SignatureReportWriter reports_;
  std::map<ObjectId, const SignaturePart*> signatures_;
  std::set<std::string> written_;  // ids
};

}  // namespace

std::string xml_report(const ValidationResult& result, const ReportOptions& options) {
  return XmlReportWriter(result, options).write();
}

}  // namespace signet::validation
