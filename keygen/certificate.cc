#include "keygen/certificate.h"

#include <fmt/format.h>
#include <openssl/asn1.h>

#include <utility>

#include "common/bounded_file.h"
#include "crypto/certificate.h"
#include "crypto/certificate_bundle.h"
#include "crypto/openssl.h"
#include "keygen/subject.h"

namespace signet::keygen {
namespace {

std::chrono::system_clock::time_point time_of(const ASN1_TIME* time) {
  return crypto::time_of(time).value_or(std::chrono::system_clock::time_point());
}

TokenError unreadable() {
  crypto::openssl_reason();
  return token_error(Reason::unreadable,
                     "this is not a certificate in PEM or DER, nor a PKCS#7 message");
}

}  // namespace

TokenResult<Certificate> Certificate::from_der(ByteView der) {
  auto parsed = crypto::certificate_of(der);
  if (!parsed) return unreadable();
  std::shared_ptr<X509> x509(std::move(parsed));
  Bytes public_key = crypto::public_key_of(x509.get());
  return Certificate(std::make_shared<const Content>(
      Content{std::move(x509), copy_of(der), std::move(public_key)}));
}

Bytes Certificate::subject_der() const {
  return crypto::der_of(X509_get_subject_name(x509()), i2d_X509_NAME);
}

Bytes Certificate::issuer_der() const {
  return crypto::der_of(X509_get_issuer_name(x509()), i2d_X509_NAME);
}

Bytes Certificate::serial_der() const {
  return crypto::der_of(X509_get0_serialNumber(x509()), i2d_ASN1_INTEGER);
}

std::string Certificate::subject() const {
  return subject_text(subject_der());
}

std::string Certificate::issuer() const {
  return subject_text(issuer_der());
}

std::string Certificate::common_name() const {
  return crypto::name_entry(X509_get_subject_name(x509()), NID_commonName);
}

std::string Certificate::serial() const {
  const ASN1_INTEGER* number = X509_get0_serialNumber(x509());
  return to_hex(
      {ASN1_STRING_get0_data(number), static_cast<std::size_t>(ASN1_STRING_length(number))});
}

std::string Certificate::signature_algorithm() const {
  const int nid = X509_get_signature_nid(x509());
  return nid == NID_undef ? "unknown" : OBJ_nid2ln(nid);
}

std::string Certificate::fingerprint() const {
  return to_hex(crypto::sha256(der()));
}

std::chrono::system_clock::time_point Certificate::not_before() const {
  return time_of(X509_get0_notBefore(x509()));
}

std::chrono::system_clock::time_point Certificate::not_after() const {
  return time_of(X509_get0_notAfter(x509()));
}

bool Certificate::is_authority() const {
  return X509_check_ca(x509()) != 0;
}

bool Certificate::is_self_issued() const {
  return X509_NAME_cmp(X509_get_subject_name(x509()), X509_get_issuer_name(x509())) == 0;
}

std::string Certificate::text() const {
  const BioPtr out(BIO_new(BIO_s_mem()));
  X509_print_ex(out.get(), x509(), XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB, 0);
  return crypto::text_in(out.get());
}

TokenResult<std::vector<Certificate>> parse_certificates(ByteView content) {
  std::vector<Certificate> found;
  for (const Bytes& der : crypto::certificates_in(content)) {
    BOOST_OUTCOME_TRY(auto certificate, Certificate::from_der(der));
    found.push_back(std::move(certificate));
  }
  if (found.empty()) return unreadable();
  return found;
}

TokenResult<std::vector<Certificate>> read_certificates(const std::filesystem::path& file) {
  const auto content = read_file(file, kLargestCertificateFile);
  if (!content) {
    const FileError& error = content.error();
    return token_error(error.missing ? Reason::not_found : Reason::unreadable,
                       "cannot read " + error.sentence);
  }
  auto found = parse_certificates(content.value());
  if (!found)
    return token_error(found.error().reason, file.string() + ": " + found.error().sentence);
  return found;
}

}  // namespace signet::keygen
