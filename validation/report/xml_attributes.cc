#include "validation/report/xml_attributes.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "crypto/object_identifier.h"
#include "validation/report/report_text.h"
#include "validation/report/xml_names.h"

namespace signet::validation {

namespace {

using Element = XmlWriter::Element;

const char* attribute_of(TimeStampKind kind) {
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

bool is_of_dss(const std::vector<Origin>& origins) {
  return std::ranges::find(origins, Origin::dss) != origins.end();
}

class AttributeWriter {
 public:
  AttributeWriter(XmlWriter& xml, const ValidationResult& result, const SignatureResult& signature)
      : xml_(xml), result_(result), signature_(signature), signer_(signature.part->signer) {}

  void write() {
    write_signed();
    for (const TimeStampResult& stamp : signature_.time_stamps)
      time_stamp(attribute_of(stamp.part->kind), *stamp.part);
    validation_data();
    for (const TimeStampResult& stamp : result_.document_time_stamps)
      time_stamp("DocTimeStamp", *stamp.part);
    dictionary();
  }

 private:
  // An attribute that the signature is over.
  class Signed {
   public:
    Signed(XmlWriter& xml, const char* name) : element_(xml, name) {
      xml.attribute("Signed", "true");
    }

   private:
    const Element element_;
  };

  void write_signed() {
    // A PDF has it in its dictionary, which the byte range covers (EN 319 142-1, 6.3).
    const auto& claimed =
        signer_.signing_time ? signer_.signing_time : signature_.part->claimed_time;
    if (claimed) {
      const Signed attribute(xml_, "SigningTime");
      xml_.element("Time", rfc3339(*claimed));
    }
    signing_certificate();
    if (!signer_.signed_attributes.empty()) {
      const Signed attribute(xml_, "DataObjectFormat");
      if (const std::string type = crypto::dotted(signer_.content_type); !type.empty())
        xml_.element("ContentType", "urn:oid:" + type);
      if (!signer_.media_type.empty()) xml_.element("MimeType", signer_.media_type);
    }
    if (!signer_.commitment.empty()) {
      const Signed attribute(xml_, "CommitmentTypeIndication");
      xml_.element("CommitmentTypeIdentifier", "urn:oid:" + signer_.commitment);
    }
    policy();
    production_place();
    roles();
    if (signer_.message_digest) {
      const Signed attribute(xml_, "MessageDigest");
      xml_.base64("Digest", *signer_.message_digest);
    }
  }

  void signing_certificate() {
    if (!signer_.has_certificate_reference) return;
    const Signed attribute(xml_, "SigningCertificate");
    if (!signature_.chain.empty())
      xml_.reference("AttributeObject", "VOReference",
                     certificate_id(signature_.chain.front().certificate->id()));
    for (const auto& reference : signer_.certificate_references) {
      if (uri_of(reference.hash).empty()) continue;
      const Element entry(xml_, "CertID");
      if (!reference.issuer_serial.empty())
        xml_.base64("X509IssuerSerial", reference.issuer_serial);
      xml_.reference("ds:DigestMethod", "Algorithm", uri_of(reference.hash))
          .base64("ds:DigestValue", reference.digest);
    }
  }

  void policy() {
    const std::string& oid = signer_.policy_oid;
    // What cannot be read has no identifier either; the reasons speak of it.
    if (oid.empty() || oid == "?") return;
    const Signed attribute(xml_, "SigPolicyIdentifier");
    xml_.element("SigPolicyId", oid == "implied" ? "urn:signet:policy:implied" : "urn:oid:" + oid);
  }

  // What the signature is over, or else the PDF's dictionary, which its byte range covers.
  void production_place() {
    const std::string& place =
        signer_.location.empty() ? signature_.part->location : signer_.location;
    if (place.empty()) return;
    const Signed attribute(xml_, "SignatureProductionPlace");
    xml_.element("AddressString", place);
  }

  void roles() {
    if (signer_.claimed_roles.empty()) return;
    const Signed attribute(xml_, "SignerRole");
    for (const std::string& role : signer_.claimed_roles) {
      const Element details(xml_, "RoleDetails");
      xml_.element("Role", role).element("EndorsementType", "claimed");
    }
  }

  void time_stamp(const char* name, const TimeStampPart& part) {
    const Element element(xml_, name);
    if (part.kind == TimeStampKind::content) xml_.attribute("Signed", "true");
    xml_.reference("AttributeObject", "VOReference", time_stamp_id(part.id))
        .element("TimeStampValue", rfc3339(part.time));
  }

  void list(const char* name, const std::vector<std::string>& ids) {
    if (!ids.empty()) xml_.reference(name, "VOReference", fmt::format("{}", fmt::join(ids, " ")));
  }

  // A PDF's DSS dictionary (ISO 32000-2, 12.8.4.3).
  void validation_data() {
    std::vector<std::string> certificates, crls, answers;
    for (const FoundCertificate& found : result_.document->evidence.certificates())
      if (is_of_dss(found.origins)) certificates.push_back(certificate_id(found.certificate->id()));
    for (const FoundRevocation& found : result_.document->evidence.revocations())
      if (is_of_dss(found.origins))
        (found.data->kind() == RevocationKind::crl ? crls : answers)
            .push_back(revocation_id(found.data->id()));
    if (certificates.empty() && crls.empty() && answers.empty()) return;
    const Element element(xml_, "DSS");
    list("Certs", certificates);
    list("CRLs", crls);
    list("OCSPs", answers);
  }

  void text(const char* name, const char* inner, const std::string& text) {
    if (text.empty()) return;
    const Element element(xml_, name);
    xml_.element(inner, text);
  }

  // A PDF's signature dictionary (ISO 32000-2, 12.8.1).
  void dictionary() {
    const SignaturePart& part = *signature_.part;
    text("Reason", "ReasonElement", part.reason);
    text("Name", "NameElement", part.claimed_name);
    text("ContactInfo", "ContactInfoElement", part.contact);
    text("SubFilter", "SubFilterElement", part.sub_filter);
    if (!part.byte_range.empty())
      xml_.element("ByteRange", fmt::format("{}", fmt::join(part.byte_range, " ")));
    text("Filter", "Filter", part.filter);
  }

  XmlWriter& xml_;
  const ValidationResult& result_;
  const SignatureResult& signature_;
  const SignerPart& signer_;
};

bool has_attributes(const ValidationResult& result, const SignatureResult& signature) {
  const SignaturePart& part = *signature.part;
  return !part.signer.signed_attributes.empty() || !signature.time_stamps.empty() ||
         !result.document_time_stamps.empty() || !part.sub_filter.empty() ||
         !part.byte_range.empty() || !part.reason.empty() || !part.claimed_name.empty() ||
         !part.contact.empty() || !part.location.empty() || !part.filter.empty();
}

}  // namespace

void write_attributes(XmlWriter& xml, const ValidationResult& result,
                      const SignatureResult& signature) {
  // The schema has no place for an element without any.
  if (!has_attributes(result, signature)) return;
  const Element element(xml, "SignatureAttributes");
  AttributeWriter(xml, result, signature).write();
}

}  // namespace signet::validation
