// DssVerify: what the appliance is, and the verification of signatures. It asks nobody for a password.
#include <fmt/format.h>

#include <chrono>

#include "common/clock.h"
#include "crypto/context.h"
#include "crypto/public_key.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/public_key.h"
#include "softhsm-backend/sapiws/pdf_signatures.h"
#include "softhsm-backend/sapiws/service.h"
#include "softhsm-backend/sapiws/words.h"
#include "softhsm-backend/sapiws/xml_writer.h"

namespace signet::emulator::sapiws {

namespace {

constexpr std::size_t kMaxIssuers = 100;

DssResult verdict(bool right) {
  if (right)
    return {.minor = minor::kOnAllDocuments, .message = {}, .outputs = {}, .signature_object = {}};
  return {.minor = minor::kIncorrectSignature,
          .message = "The signature is not valid, " + code_text(sapi::kSignatureNotValid),
          .outputs = {},
          .signature_object = {}};
}

const std::shared_ptr<crypto::Context>& openssl_context() {
  static const auto made = crypto::Context::create().value();
  return made;
}

// A positive 31-bit number, as the appliance has it; the members of a pair have the same.
std::string cluster_number(const std::string& cluster_id) {
  return std::to_string(std::stoul(cluster_id.substr(0, 7), nullptr, 16));
}

// The certificate to verify by: the configuration value CertVerify, or the KeySelector's.
std::optional<Bytes> verifying_certificate(const DssRequest& asked) {
  if (asked.certificate) return asked.certificate;
  if (asked.key_info == nullptr) return std::nullopt;
  const Element* const data = child(*asked.key_info, "X509Data", dss_contract());
  const Element* const one =
      data == nullptr ? nullptr : child(*data, "X509Certificate", dss_contract());
  return one == nullptr ? std::nullopt : one->base64();
}

std::string field_element(std::size_t number, const PdfSignature& signature) {
  XmlWriter xml;
  xml.open("SAPIFieldsInfo", kDssTypes).open("SigFieldSettings");
  xml.attribute("Name", "Signature" + std::to_string(number));
  xml.attribute("DependencyMode", "Dependant").attribute("SignatureType", "Digital");
  xml.attribute("Invisible", "true").attribute("Flags", "0").close();
  xml.open("SignedFieldInfo");
  const CmsFacts facts = signature.facts.value_or(CmsFacts{});
  xml.attribute("SignerName", facts.signer).attribute("IsSigned", "true");
  if (facts.time) xml.attribute("SignatureTime", *facts.time);
  if (!facts.certificate.empty()) xml.base64("Certificate", facts.certificate);
  xml.element("GraphicImage", "").element("GraphicLogo", "").close();
  xml.open("FieldStatus");
  xml.attribute(
      "SignatureStatus",
      facts.right ? "0" : std::to_string(static_cast<std::int32_t>(sapi::kSignatureNotValid)));
  // Chains and revocation are not looked at.
  xml.attribute("CertificateStatus", "NotChecked").attribute("OSCertificateStatus", "0");
  return xml.finish();
}

}  // namespace

DssOutcome<DssResult> Service::verify(const DssRequest& asked) {
  const std::string& type = asked.signature_type;
  if (type == kTypeCosignInfo) return cosign_info();
  if (type == kTypeTime) return time();
  if (type == kTypeCaInfo) return ca_info();
  // The appliance gives the same answer for both where it is asked about a PDF.
  if (type == kTypeFieldVerify || type == kTypeXmlDsig) return verify_fields(asked);
  if (type == kTypeCms) return verify_cms(asked);
  if (type == kTypePkcs1 && settings_.profile != Profile::v5_2) return verify_pkcs1(asked);
  return failures::not_supported("SignatureType is");
}

DssResult Service::cosign_info() {
  const bool old = settings_.profile == Profile::v5_2;
  XmlWriter xml;
  xml.open("CoSignInfo", kDssTypes).attribute("SerialNumber", serial_number_);
  xml.attribute("Major", old ? "5" : "8").attribute("Minor", old ? "2" : "5");
  xml.attribute("InstallStatus", "400");
  if (!old) xml.attribute("ServerKind", role_ == "primary" ? "2" : "3");
  xml.attribute("DirectoryKind", "3").attribute("SubDirectoryKind", "0");
  xml.attribute("AuthMode", "4").attribute("AuthMode2", "0");
  xml.attribute("ClusterID", cluster_number(cluster_id_));
  return {.minor = nullptr, .message = {}, .outputs = xml.finish(), .signature_object = {}};
}

DssResult Service::time() {
  XmlWriter xml;
  xml.open("SAPITime", kDssTypes).text(utc_text(std::chrono::system_clock::now()));
  return {.minor = nullptr, .message = {}, .outputs = xml.finish(), .signature_object = {}};
}

DssResult Service::ca_info() {
  const auto stored =
      state_.read([](Database& database) { return certificates_without_key(database); });
  XmlWriter xml;
  xml.open("CAInfo", kDssTypes).attribute("AIA", "").attribute("CDP", "");
  std::size_t room = kMaxIssuers;
  for (const Bytes& certificate : stored) {
    const auto facts = read_certificate(certificate);
    if (!facts || !facts->issuer) continue;
    if (room-- == 0) break;
    xml.base64("CACertificate", certificate);
  }
  return {.minor = nullptr, .message = {}, .outputs = xml.finish(), .signature_object = {}};
}

DssOutcome<DssResult> Service::verify_pkcs1(const DssRequest& asked) {
  const auto certificate = verifying_certificate(asked);
  if (!asked.signature || !asked.has_input() || !certificate) return failures::exception();
  const auto key = crypto::PublicKey::from_certificate(openssl_context(), *certificate);
  if (!key) return failures::exception();
  BOOST_OUTCOME_TRY(const auto signing, read_signing(asked, settings_.profile));
  const crypto::Hash hash = signing.order.hash->hash;
  const bool pss = signing.order.salt_length.has_value();
  const crypto::PublicKey& by = *key.assume_value();
  return verdict(pss ? by.verify_pss(hash, {.mgf_hash = hash, .salt_length = digest_size(hash)},
                                     signing.digest, *asked.signature)
                     : by.verify_pkcs1_digest(hash, signing.digest, *asked.signature));
}

DssOutcome<DssResult> Service::verify_cms(const DssRequest& asked) {
  if (!asked.signature || !asked.has_input()) return failures::exception();
  const auto facts =
      read_cms(*asked.signature, [&](crypto::Hash hash) { return digest_by(asked, hash); });
  if (!facts) return failures::exception();
  return verdict(facts->right);
}

DssOutcome<DssResult> Service::verify_fields(const DssRequest& asked) {
  if (!asked.document) return failures::exception();
  if (asked.document->data.empty()) return failures::silent();
  const auto found = pdf_signatures(text_of(asked.document->data));
  if (!found) {
    return DssFailure{major::kRequesterError, minor::kGeneralError,
                      "Failed to enum signature fields"};
  }
  DssResult result = verdict(true);
  std::size_t number = 0;
  for (const PdfSignature& signature : *found) {
    if (!signature.facts || !signature.facts->right) result = verdict(false);
  }
  for (const PdfSignature& signature : *found) result.outputs += field_element(++number, signature);
  return result;
}

}  // namespace signet::emulator::sapiws
