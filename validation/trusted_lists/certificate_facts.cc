#include "validation/trusted_lists/certificate_facts.h"

#include <openssl/x509v3.h>

#include <memory>

#include "crypto/der.h"
#include "crypto/host_errors.h"
#include "crypto/object_identifier.h"

namespace signet::validation {

namespace {

constexpr std::size_t kMost = 1000;  // of each kind

// DER of an extension that is there once; empty where it is not.
ByteView extension(const X509* certificate, int nid) {
  const int at = X509_get_ext_by_NID(certificate, nid, -1);
  if (at < 0 || X509_get_ext_by_NID(certificate, nid, at) >= 0) return {};
  const ASN1_OCTET_STRING* const value = X509_EXTENSION_get_data(X509_get_ext(certificate, at));
  return {ASN1_STRING_get0_data(value), static_cast<std::size_t>(ASN1_STRING_length(value))};
}

void insert_identifiers(ByteView sequence, std::set<std::string>& into) {
  const auto content = der::only(der::kSequence, sequence);
  if (!content) return;
  der::Reader reader(*content);
  while (auto identifier = reader.read_whole(der::kObjectIdentifier))
    if (into.size() < kMost) into.insert(crypto::dotted(*identifier));
}

void insert_countries(ByteView sequence, std::set<std::string>& into) {
  const auto content = der::only(der::kSequence, sequence);
  if (!content) return;
  der::Reader reader(*content);
  while (auto country = reader.read(der::kPrintableString))
    if (into.size() < kMost) into.insert(std::string(signet::text_of(*country)));
}

void read_statements(const X509* certificate, CertificateFacts& facts) {
  const auto content = der::only(der::kSequence, extension(certificate, NID_qcStatements));
  if (!content) return;
  der::Reader reader(*content);
  while (auto statement = reader.read(der::kSequence)) {
    der::Reader parts(*statement);
    const auto identifier = parts.read_whole(der::kObjectIdentifier);
    if (!identifier || facts.statements.size() >= kMost) return;
    const std::string dotted = crypto::dotted(*identifier);
    facts.statements.insert(dotted);
    const auto info = parts.read_any();
    if (!info) continue;
    if (dotted == qc::kType) insert_identifiers(*info, facts.types);
    if (dotted == qc::kLegislation) insert_countries(*info, facts.legislations);
  }
}

void read_policies(const X509* certificate, CertificateFacts& facts) {
  const auto content = der::only(der::kSequence, extension(certificate, NID_certificate_policies));
  if (!content) return;
  der::Reader reader(*content);
  while (auto policy = reader.read(der::kSequence)) {
    const auto identifier = der::Reader(*policy).read_whole(der::kObjectIdentifier);
    if (identifier && facts.policies.size() < kMost)
      facts.policies.insert(crypto::dotted(*identifier));
  }
}

void read_key_usage(const X509* certificate, CertificateFacts& facts) {
  const std::unique_ptr<ASN1_BIT_STRING, decltype(&ASN1_BIT_STRING_free)> usage(
      static_cast<ASN1_BIT_STRING*>(X509_get_ext_d2i(certificate, NID_key_usage, nullptr, nullptr)),
      &ASN1_BIT_STRING_free);
  if (usage == nullptr) return;
  facts.has_key_usage = true;
  for (std::size_t bit = 0; bit < facts.key_usage.size(); ++bit)
    facts.key_usage[bit] = ASN1_BIT_STRING_get_bit(usage.get(), static_cast<int>(bit)) != 0;
}

void read_subject(const X509* certificate, CertificateFacts& facts) {
  const X509_NAME* const subject = X509_get_subject_name(certificate);
  for (int i = 0; i < X509_NAME_entry_count(subject); ++i)
    if (facts.subject_attributes.size() < kMost)
      facts.subject_attributes.insert(
          crypto::dotted(X509_NAME_ENTRY_get_object(X509_NAME_get_entry(subject, i))));
}

}  // namespace

CertificateFacts CertificateFacts::of(const Certificate& certificate) {
  const crypto::HostErrors aside;
  CertificateFacts facts;
  facts.not_before = certificate.not_before();
  read_statements(certificate.x509(), facts);
  read_policies(certificate.x509(), facts);
  insert_identifiers(extension(certificate.x509(), NID_ext_key_usage), facts.extended_usages);
  read_key_usage(certificate.x509(), facts);
  read_subject(certificate.x509(), facts);
  return facts;
}

}  // namespace signet::validation
