#include "validation/certificate.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <new>

#include "common/printable.h"
#include "crypto/certificate.h"
#include "crypto/certificate_parts.h"
#include "crypto/der.h"
#include "crypto/host_errors.h"
#include "crypto/openssl.h"
#include "crypto/spki.h"
#include "validation/names.h"

namespace signet::validation {

namespace {

constexpr std::size_t kLargestCertificate = std::size_t{1024} * 1024;
constexpr std::size_t kMostUrls = 16;
constexpr std::size_t kLongestUrl = 2048;

// DER OBJECT IDENTIFIERs of extensions that OpenSSL has no name for.
constexpr std::uint8_t kShortTerm[] = {0x06, 0x07, 0x04, 0x00, 0x8B,
                                       0xEC, 0x49, 0x02, 0x01};           // 0.4.0.194121.2.1
constexpr std::uint8_t kNoRevocation[] = {0x06, 0x03, 0x55, 0x1D, 0x38};  // 2.5.29.56

using ObjectPtr = OpensslPtr<ASN1_OBJECT, ASN1_OBJECT_free>;
using AccessPtr = OpensslPtr<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free>;
using PointsPtr = OpensslPtr<CRL_DIST_POINTS, CRL_DIST_POINTS_free>;

Bytes text_bytes(const ASN1_STRING* text) {
  if (text == nullptr) return {};
  const unsigned char* const data = ASN1_STRING_get0_data(text);
  return {data, data + ASN1_STRING_length(text)};
}

// As it stands, but for a text that no client could send.
void add_url(const GENERAL_NAME* name, std::vector<std::string>& urls) {
  if (name->type != GEN_URI || urls.size() >= kMostUrls) return;
  const Bytes bytes = text_bytes(name->d.uniformResourceIdentifier);
  const std::string_view url = signet::text_of(bytes);
  const bool is_plain = std::ranges::all_of(url, [](char c) { return c > ' ' && c < '\x7f'; });
  const bool is_http = url.starts_with("http://") || url.starts_with("https://");
  if (is_plain && is_http && url.size() <= kLongestUrl) urls.emplace_back(url);
}

bool has_extension(const X509* certificate, ByteView oid) {
  const unsigned char* at = oid.data();
  const ObjectPtr object(d2i_ASN1_OBJECT(nullptr, &at, static_cast<long>(oid.size())));
  if (!object) throw std::bad_alloc();
  return X509_get_ext_by_OBJ(certificate, object.get(), -1) >= 0;
}

void read_access(const X509* certificate, std::vector<std::string>& issuers,
                 std::vector<std::string>& ocsp) {
  const AccessPtr access(static_cast<AUTHORITY_INFO_ACCESS*>(
      X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr)));
  for (int i = 0; access && i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
    const ACCESS_DESCRIPTION* const one = sk_ACCESS_DESCRIPTION_value(access.get(), i);
    const int method = OBJ_obj2nid(one->method);
    if (method == NID_ad_ca_issuers) add_url(one->location, issuers);
    if (method == NID_ad_OCSP) add_url(one->location, ocsp);
  }
}

void read_distribution_points(const X509* certificate, std::vector<std::string>& urls) {
  const PointsPtr points(static_cast<CRL_DIST_POINTS*>(
      X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr)));
  for (int i = 0; points && i < sk_DIST_POINT_num(points.get()); ++i) {
    const DIST_POINT_NAME* const name = sk_DIST_POINT_value(points.get(), i)->distpoint;
    if (name == nullptr || name->type != 0) continue;
    for (int j = 0; j < sk_GENERAL_NAME_num(name->name.fullname); ++j)
      add_url(sk_GENERAL_NAME_value(name->name.fullname, j), urls);
  }
}

std::uint32_t hash_of(const X509_NAME* name) {
  int known = 0;
  const unsigned long hash = X509_NAME_hash_ex(name, crypto::library_context(), nullptr, &known);
  if (known != 1) throw std::bad_alloc();
  return static_cast<std::uint32_t>(hash);
}

}  // namespace

Result<CertificatePtr, std::string> Certificate::parse(ByteView der) {
  if (der.size() > kLargestCertificate) return std::string("the certificate is larger than 1 MiB");
  const crypto::HostErrors aside;
  const std::shared_ptr<Certificate> made(new Certificate());
  made->der_ = copy_of(der);
  const auto parts = crypto::parse_certificate(made->der_);
  if (!parts) return std::string("it is not one certificate in DER");
  made->x509_ = crypto::certificate_of(made->der_);
  if (!made->x509_) return std::string("the certificate cannot be read");
  X509* const x509 = made->x509_.get();
  made->id_ = ObjectId::of(made->der_);
  made->subject_ = copy_of(parts->subject);
  made->issuer_ = copy_of(parts->issuer);
  made->spki_ = copy_of(parts->public_key);
  made->key_id_ = ObjectId::of(made->spki_);
  made->serial_ = copy_of(*der::only(der::kInteger, parts->serial_number));

  der::Reader outer(*der::only(der::kSequence, made->der_));
  made->to_be_signed_ = *outer.read_whole(der::kSequence);
  made->signature_algorithm_ = copy_of(*outer.read_whole(der::kSequence));
  const ByteView bits = *outer.read(der::kBitString);
  if (bits.empty() || bits[0] != 0) return std::string("the certificate's signature is not bytes");
  made->signature_ = bits.subspan(1);
  // RFC 5280, 4.1.1.2. What is signed must say how it is.
  const Bytes inner = crypto::der_of(X509_get0_tbs_sigalg(x509), i2d_X509_ALGOR);
  if (inner != made->signature_algorithm_)
    return std::string("the certificate names two different signature algorithms");

  const auto from = crypto::time_of(X509_get0_notBefore(x509));
  const auto until = crypto::time_of(X509_get0_notAfter(x509));
  if (!from || !until) return std::string("the certificate's validity cannot be read");
  made->not_before_ = *from;
  made->not_after_ = *until;
  X509_check_purpose(x509, -1, 0);  // fills the caches
  made->subject_hash_ = hash_of(X509_get_subject_name(x509));
  made->issuer_hash_ = hash_of(X509_get_issuer_name(x509));
  made->is_ca_ = (X509_get_extension_flags(x509) & EXFLAG_CA) != 0;
  made->key_identifier_ = text_bytes(X509_get0_subject_key_id(x509));
  made->authority_key_identifier_ = text_bytes(X509_get0_authority_key_id(x509));
  const std::uint32_t purposes = X509_get_extended_key_usage(x509);  // all bits: absent
  const bool is_responder = purposes != UINT32_MAX && (purposes & XKU_OCSP_SIGN) != 0;
  made->has_ocsp_nocheck_ =
      is_responder && X509_get_ext_by_NID(x509, NID_id_pkix_OCSP_noCheck, -1) >= 0;
  made->is_short_term_ =
      !made->is_ca_ && (has_extension(x509, kShortTerm) || has_extension(x509, kNoRevocation));
  read_access(x509, made->issuer_urls_, made->ocsp_urls_);
  read_distribution_points(x509, made->crl_urls_);
  return CertificatePtr(made);
}

ByteView Certificate::bytes_of(Part part) const {
  switch (part) {
    case Part::whole:
      return der_;
    case Part::subject:
      return subject_;
    case Part::issuer:
      return issuer_;
    case Part::key_bits:
      break;
  }
  const auto outline = spki::read(spki_);
  return outline ? outline->key : ByteView();
}

// What is in the map stays where it is, and as it is.
const Bytes& Certificate::digest(Part part, const std::string& hash) const {
  const MutexLock lock(mutex_);
  const auto [place, added] = digests_.try_emplace({part, hash});
  if (!added) return place->second;
  const crypto::HostErrors aside;
  const ByteView bytes = bytes_of(part);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  std::size_t size = 0;
  if (crypto::verdict(EVP_Q_digest(crypto::library_context(), hash.c_str(), nullptr, bytes.data(),
                                   bytes.size(), digest.data(), &size) == 1))
    place->second.assign(digest.begin(), digest.begin() + static_cast<std::ptrdiff_t>(size));
  return place->second;
}

std::string Certificate::subject_text() const {
  return name_text(X509_get_subject_name(x509()));
}

std::string Certificate::issuer_text() const {
  return name_text(X509_get_issuer_name(x509()));
}

std::string Certificate::short_name() const {
  for (const int kind : {NID_commonName, NID_organizationName}) {
    const std::string text = crypto::name_entry(X509_get_subject_name(x509()), kind);
    if (!text.empty()) return shortened(printable(text));
  }
  return subject_text();
}

std::string Certificate::serial_text() const {
  std::string text = to_hex(serial_);
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const bool padded = serial_.size() > 1 && serial_[0] == 0;
  return padded ? text.substr(2) : text;
}

bool Certificate::has_name(ByteView issuer, ByteView serial) const {
  if (!equal(serial, serial_)) return false;
  if (equal(issuer, issuer_)) return true;
  const NamePtr parsed = parse_name(issuer);
  return parsed && same_name(parsed.get(), X509_get_issuer_name(x509()));
}

bool Certificate::has_subject_of_issuer(const Certificate& issued) const {
  if (subject_ == issued.issuer_) return true;
  return subject_hash_ == issued.issuer_hash_ &&
         same_name(X509_get_subject_name(x509()), X509_get_issuer_name(issued.x509()));
}

}  // namespace signet::validation
