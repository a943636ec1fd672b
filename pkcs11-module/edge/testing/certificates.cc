#include "pkcs11-module/edge/testing/certificates.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "crypto/openssl_ptr.h"

namespace signet::edge::testing {

namespace {

constexpr long kDay = 24L * 60 * 60;

void must(int ok) {
  if (ok <= 0) throw std::runtime_error("OpenSSL cannot make a test certificate");
}

}  // namespace

Bytes self_signed(EVP_PKEY* key, const std::string& common_name) {
  const X509Ptr certificate(X509_new());
  X509* x509 = certificate.get();
  must(X509_set_version(x509, X509_VERSION_3));
  must(ASN1_INTEGER_set(X509_get_serialNumber(x509), 4711));
  must(X509_gmtime_adj(X509_getm_notBefore(x509), -kDay) != nullptr);
  must(X509_gmtime_adj(X509_getm_notAfter(x509), kDay) != nullptr);
  X509_NAME* name = X509_get_subject_name(x509);
  must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(common_name.c_str()), -1,
                                  -1, 0));
  must(X509_set_issuer_name(x509, name));
  must(X509_set_pubkey(x509, key));
  must(X509_sign(x509, key, EVP_sha256()));
  return crypto::der_of(x509, i2d_X509);
}

}  // namespace signet::edge::testing
