#include <fmt/format.h>

#include <set>
#include <string>

#include "crypto/openssl.h"
#include "validation/report/report.h"
#include "validation/report/report_text.h"
#include "validation/report/xml_writer.h"

namespace signet::validation {

namespace {

using Element = XmlWriter::Element;

constexpr std::string_view kUrn = "urn:etsi:019102:";

// Of XML signatures (RFC 9231); empty for what has none.
std::string_view uri_of(crypto::Hash hash) {
  switch (hash) {
    case crypto::Hash::sha1:
      return "http://www.w3.org/2000/09/xmldsig#sha1";
    case crypto::Hash::sha256:
      return "http://www.w3.org/2001/04/xmlenc#sha256";
    case crypto::Hash::sha384:
      return "http://www.w3.org/2001/04/xmldsig-more#sha384";
    case crypto::Hash::sha512:
      return "http://www.w3.org/2001/04/xmlenc#sha512";
    default:
      return {};
  }
}

// Ids of XML begin with a letter.
std::string id_of(const Certificate& certificate) {
  return "C-" + text_of(certificate.id());
}
std::string id_of(const RevocationData& data) {
  return "R-" + text_of(data.id());
}
std::string time_stamp_id(const ObjectId& id) {
  return "T-" + text_of(id);
}

std::string_view main_indication(Indication indication, bool total) {
  if (!total) {
    if (indication == Indication::passed) return "passed";
    if (indication == Indication::failed) return "failed";
    return "indeterminate";
  }
  if (indication == Indication::passed) return "total-passed";
  if (indication == Indication::failed) return "total-failed";
  return "indeterminate";
}

class XmlReportWriter {
 public:
  XmlReportWriter(const ValidationResult& result, const ReportOptions& options)
      : result_(result), language_(options.language) {
    for (const TimeStampResult* stamp : time_stamps_of(result)) known_.insert(stamp->part->id);
  }

  std::string write() && {
    {
      const Element report(xml_, "ValidationReport");
      xml_.attribute("xmlns", "http://uri.etsi.org/19102/v1.4.1#")
          .attribute("xmlns:ds", "http://www.w3.org/2000/09/xmldsig#");
      for (const SignatureResult& signature : result_.signatures) write(signature);
      // The schema wants one report at least: of a time-stamp alone its own, of anything else that nothing was found.
      if (result_.signatures.empty()) {
        for (const TimeStampResult& stamp : result_.document_time_stamps) write(stamp);
        if (result_.document_time_stamps.empty()) {
          const Element empty(xml_, "SignatureValidationReport");
          status({Indication::indeterminate, SubIndication::signed_data_not_found, {}, {}}, {},
                 false, true);
        }
      }
      objects();
    }
    return std::move(xml_).finish();
  }

 private:
  void write(const SignatureResult& signature) {
    const SignaturePart& part = *signature.part;
    const Element report(xml_, "SignatureValidationReport");
    identifier(part.signer, "S-" + std::to_string(++signatures_));
    time_info(signature.best_signature_time);
    signers_document(part.signer);
    attributes(signature);
    signer_information(signature.chain);
    quality(signature.qualification);
    process();
    status(signature.conclusion, signature.chain, signature.trusted, true);
  }

  void write(const TimeStampResult& stamp) {
    const Element report(xml_, "SignatureValidationReport");
    time_stamp_report(stamp);
  }

  void time_stamp_report(const TimeStampResult& stamp) {
    identifier(stamp.part->signer, "S-" + std::to_string(++signatures_));
    time_info(stamp.judged_at);
    signer_information(stamp.chain);
    quality(stamp.qualification);
    process();
    status(stamp.conclusion, stamp.chain, stamp.trusted, false);
  }

  void digest(std::string_view uri, ByteView value) {
    const Element digest(xml_, "DigestAlgAndValue");
    xml_.reference("ds:DigestMethod", "Algorithm", uri).base64("ds:DigestValue", value);
  }

  void identifier(const SignerPart& signer, const std::string& id) {
    const Element element(xml_, "SignatureIdentifier");
    xml_.attribute("id", id);
    if (!signer.signed_attributes.empty())
      digest(uri_of(crypto::Hash::sha256), crypto::sha256(signer.signed_attributes));
    if (!signer.signature.empty()) xml_.base64("ds:SignatureValue", signer.signature);
    xml_.element("HashOnly", "false").element("DocHashOnly", "false");
  }

  void time_info(const Proof& proof) {
    const Element element(xml_, "ValidationTimeInfo");
    xml_.element("ValidationTime", rfc3339(result_.policy.at));
    poe("BestSignatureTime", proof);
  }

  void poe(const char* name, const Proof& proof) {
    const Element element(xml_, name);
    xml_.element("POETime", rfc3339(proof.time))
        .element("TypeOfProof", fmt::format("{}poetype:validation", kUrn));
    if (proof.by && known_.contains(*proof.by))
      xml_.reference("POEObject", "VOReference", time_stamp_id(*proof.by));
  }

  void signers_document(const SignerPart& signer) {
    const std::string_view uri = uri_of(signer.hash);
    if (uri.empty() || signer.content_digest.empty()) return;
    const Element element(xml_, "SignersDocument");
    digest(uri, signer.content_digest);
  }

  void time_stamp_attribute(const char* name, const TimeStampPart& part) {
    const Element element(xml_, name);
    xml_.reference("AttributeObject", "VOReference", time_stamp_id(part.id))
        .element("TimeStampValue", rfc3339(part.time));
  }

  static const char* attribute_of(TimeStampKind kind) {
    switch (kind) {
      case TimeStampKind::content:
        return "AllDataObjectsTimeStamp";
      case TimeStampKind::signature:
        return "SignatureTimeStamp";
      case TimeStampKind::archive:
        return "ArchiveTimeStamp";
      case TimeStampKind::references:
        return "SigAndRefsTimeStamp";
      case TimeStampKind::document:
      case TimeStampKind::alone:
        break;
    }
    return "DocTimeStamp";
  }

  void text_attribute(const char* name, const char* inner, const std::string& text) {
    if (text.empty()) return;
    const Element element(xml_, name);
    xml_.element(inner, text);
  }

  void attributes(const SignatureResult& signature) {
    const SignaturePart& part = *signature.part;
    if (!part.signer.signing_time && signature.time_stamps.empty() && part.reason.empty() &&
        part.claimed_name.empty() && part.contact.empty() && part.location.empty() &&
        result_.document_time_stamps.empty())
      return;
    const Element element(xml_, "SignatureAttributes");
    if (part.signer.signing_time) {
      const Element time(xml_, "SigningTime");
      xml_.attribute("Signed", "true").element("Time", rfc3339(*part.signer.signing_time));
    }
    text_attribute("SignatureProductionPlace", "AddressString", part.location);
    for (const TimeStampResult& stamp : signature.time_stamps)
      time_stamp_attribute(attribute_of(stamp.part->kind), *stamp.part);
    for (const TimeStampResult& stamp : result_.document_time_stamps)
      time_stamp_attribute("DocTimeStamp", *stamp.part);
    text_attribute("Reason", "ReasonElement", part.reason);
    text_attribute("Name", "NameElement", part.claimed_name);
    text_attribute("ContactInfo", "ContactInfoElement", part.contact);
  }

  void signer_information(const std::vector<ChainLink>& chain) {
    if (chain.empty()) return;
    const Element element(xml_, "SignerInformation");
    xml_.reference("SignerCertificate", "VOReference", id_of(*chain.front().certificate))
        .element("Signer", chain.front().certificate->short_name());
  }

  void quality(const Qualification& qualification) {
    if (qualification.kind == QualificationKind::not_asked) return;
    const Element element(xml_, "SignatureQuality");
    xml_.element("SignatureQualityInformation",
                 fmt::format("urn:signet:qualification:{}", name_of(qualification.kind)));
  }

  void process() {
    const Element element(xml_, "SignatureValidationProcess");
    xml_.element("SignatureValidationProcessID", fmt::format("{}validationprocess:LTA", kUrn));
  }

  void status(const Conclusion& conclusion, const std::vector<ChainLink>& chain, bool trusted,
              bool total) {
    const Element element(xml_, "SignatureValidationStatus");
    xml_.element("MainIndication", fmt::format("{}mainindication:{}", kUrn,
                                               main_indication(conclusion.indication, total)));
    if (conclusion.sub_indication != SubIndication::none)
      xml_.element("SubIndication",
                   fmt::format("{}subindication:{}", kUrn, name_of(conclusion.sub_indication)));
    if (chain.empty() && conclusion.reasons.empty() && conclusion.warnings.empty()) return;
    const Element data(xml_, "AssociatedValidationReportData");
    if (trusted && !chain.empty())
      xml_.reference("TrustAnchor", "VOReference", id_of(*chain.back().certificate));
    chain_element(chain, trusted);
    for (const ChainLink& link : chain)
      if (link.revocation.data)
        xml_.reference("RelatedValidationObject", "VOReference", id_of(*link.revocation.data));
    revoked(chain);
    reasons(conclusion);
  }

  void chain_element(const std::vector<ChainLink>& chain, bool trusted) {
    if (chain.empty()) return;
    const Element element(xml_, "CertificateChain");
    for (std::size_t i = 0; i < chain.size(); ++i) {
      const bool is_anchor = trusted && i > 0 && i + 1 == chain.size();
      const char* const name = i == 0      ? "SigningCertificate"
                               : is_anchor ? "TrustAnchor"
                                           : "IntermediateCertificate";
      xml_.reference(name, "VOReference", id_of(*chain[i].certificate));
    }
  }

  void revoked(const std::vector<ChainLink>& chain) {
    for (const ChainLink& link : chain) {
      const UsedRevocation& used = link.revocation;
      if (!used.data || !used.status || !used.status->revoked_at) continue;
      const Element element(xml_, "RevocationStatusInformation");
      xml_.reference("ValidationObjectId", "VOReference", id_of(*link.certificate))
          .element("RevocationTime", rfc3339(*used.status->revoked_at))
          .reference("RevocationObject", "VOReference", id_of(*used.data));
      return;  // the schema has place for one; the first one decides
    }
  }

  void reasons(const Conclusion& conclusion) {
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

  void objects() {
    const auto certificates = certificates_of(result_);
    const auto revocations = revocations_of(result_);
    const auto stamps = time_stamps_of(result_);
    if (certificates.empty() && revocations.empty() && stamps.empty()) return;
    const Element element(xml_, "SignatureValidationObjects");
    for (const CertificatePtr& each : certificates) {
      const Element object(xml_, "ValidationObject");
      head(id_of(*each), "certificate");
      representation("base64", each->der());
      proven(each->id());
    }
    for (const RevocationDataPtr& each : revocations) {
      const bool crl = each->kind() == RevocationKind::crl;
      const Element object(xml_, "ValidationObject");
      head(id_of(*each), crl ? "CRL" : "OCSPResponse");
      // CRLs may have many megabytes; the digest tells which one it was.
      {
        const Element shown(xml_, "ValidationObjectRepresentation");
        digest(uri_of(crypto::Hash::sha256), each->id().digest);
      }
      proven(each->id());
    }
    std::set<ObjectId> written;
    for (const TimeStampResult* stamp : stamps)
      if (written.insert(stamp->part->id).second) time_stamp(*stamp);
  }

  void time_stamp(const TimeStampResult& stamp) {
    const Element object(xml_, "ValidationObject");
    head(time_stamp_id(stamp.part->id), "timestamp");
    representation("base64", stamp.part->der);
    proven(stamp.part->id);
    {
      const Element provided(xml_, "POEProvisioning");
      xml_.element("POETime", rfc3339(stamp.part->time));
    }
    const Element report(xml_, "ValidationReport");
    time_stamp_report(stamp);
  }

  void head(const std::string& id, std::string_view type) {
    xml_.attribute("id", id).element("ObjectType",
                                     fmt::format("{}validationObject:{}", kUrn, type));
  }

  void representation(const char* form, ByteView der) {
    const Element element(xml_, "ValidationObjectRepresentation");
    xml_.base64(form, der);
  }

  void proven(const ObjectId& id) {
    const auto found = result_.proofs.find(id);
    if (found != result_.proofs.end()) poe("POE", found->second);
  }

  const ValidationResult& result_;
  const Language language_;
  std::set<ObjectId> known_;
  XmlWriter xml_;
  int signatures_ = 0;
};

}  // namespace

std::string xml_report(const ValidationResult& result, const ReportOptions& options) {
  return XmlReportWriter(result, options).write();
}

}  // namespace signet::validation
