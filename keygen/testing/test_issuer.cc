#include "keygen/testing/test_issuer.h"

#include <openssl/rand.h>

#include <stdexcept>

namespace signet::keygen {
namespace {

constexpr long kDay = 24L * 60 * 60;

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

void add_name(X509_NAME* name, const char* type, const std::string& value) {
  X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1, 0);
}

X509_NAME* name_of(const std::string& common_name) {
  X509_NAME* name = X509_NAME_new();
  add_name(name, "CN", common_name);
  return name;
}

void add_extension(X509* certificate, int kind, const char* value) {
  X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
  X509_add_ext(certificate, made, -1);
  X509_EXTENSION_free(made);
}

PkeyPtr key_of(ByteView spki) {
  const unsigned char* in = spki.data();
  return PkeyPtr(d2i_PUBKEY(nullptr, &in, static_cast<long>(spki.size())));
}

}  // namespace

TestIssuer::TestIssuer(const std::string& name, const char* type, unsigned bits)
    : key_(std::string(type) == "RSA"
               ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{bits})
               : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", type)),
      name_(name) {
  TestCertificate wish;
  wish.common_name = name;
  wish.authority = true;
  certificate_ = std::make_unique<Certificate>(issue(wish));
}

TestIssuer::TestIssuer(const std::string& name, const TestIssuer& above, int days_after)
    : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")), name_(name) {
  TestCertificate wish;
  wish.common_name = name;
  wish.public_key = public_key();
  wish.authority = true;
  wish.days_before = 60;
  wish.days_after = days_after;
  certificate_ = std::make_unique<Certificate>(above.issue(wish));
}

Certificate TestIssuer::issue(const TestCertificate& wish) const {
  X509* const made = X509_new();
  const std::shared_ptr<X509> owner(made, X509_free);
  X509_set_version(made, X509_VERSION_3);
  std::int64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), 7);
  ASN1_INTEGER_set_int64(X509_get_serialNumber(made), serial);
  const NamePtr subject(name_of(wish.common_name));
  if (!wish.organisation.empty())
    add_name(subject.get(), "organizationIdentifier", wish.organisation);
  const NamePtr issuer(name_of(name_));
  X509_set_subject_name(made, subject.get());
  X509_set_issuer_name(made, issuer.get());
  X509_gmtime_adj(X509_getm_notBefore(made), -wish.days_before * kDay);
  X509_gmtime_adj(X509_getm_notAfter(made), wish.days_after * kDay);
  const PkeyPtr open = key_of(wish.public_key.empty() ? public_key() : wish.public_key);
  X509_set_pubkey(made, open.get());
  add_extension(made, NID_basic_constraints, wish.authority ? "critical,CA:TRUE" : "CA:FALSE");
  if (wish.extended_usage != nullptr) add_extension(made, NID_ext_key_usage, wish.extended_usage);
  require(X509_sign(made, key_.get(), EVP_get_digestbyname(wish.hash)) > 0, "signature");
  auto parsed = Certificate::from_der(crypto::der_of(made, i2d_X509));
  require(parsed.has_value(), "certificate");
  return std::move(parsed).value();
}

}  // namespace signet::keygen
