// For tests: a key pair in memory with a self-signed certificate, by OpenSSL alone. Where OpenSSL fails the certificate is
// empty, and so the test that uses it fails.
#ifndef SIGNET_CRYPTO_TESTING_KEY_OWNER_H_
#define SIGNET_CRYPTO_TESTING_KEY_OWNER_H_

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <string>

#include "common/bytes.h"
#include "crypto/certificate.h"
#include "crypto/openssl.h"

namespace signet::crypto {

class KeyOwner {
 public:
  // `kind`: a curve's name, or bits of RSA. `usage`: keyUsage as OpenSSL's configuration writes it; empty: no extension.
  explicit KeyOwner(const std::string& kind, const std::string& usage = {}) {
    key_.reset(kind[0] == 'P' ? EVP_PKEY_Q_keygen(library_context(), nullptr, "EC", kind.c_str())
                              : EVP_PKEY_Q_keygen(library_context(), nullptr, "RSA",
                                                  static_cast<std::size_t>(std::stoul(kind))));
    certificate_.reset(X509_new_ex(library_context(), nullptr));
    X509* const made = certificate_.get();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 7);
    X509_gmtime_adj(X509_getm_notBefore(made), -60);
    X509_gmtime_adj(X509_getm_notAfter(made), 86400);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("Owner"), -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(made));
    X509_set_pubkey(made, key_.get());
    extend(NID_subject_key_identifier, "hash");
    if (!usage.empty()) extend(NID_key_usage, usage.c_str());
    X509_sign(made, key_.get(), EVP_sha256());
  }

  EVP_PKEY* key() const { return key_.get(); }
  X509* x509() const { return certificate_.get(); }
  Bytes certificate() const { return der_of(x509(), i2d_X509); }
  Bytes spki() const { return public_key_of(x509()); }

 private:
  void extend(int number, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, x509(), x509(), nullptr, nullptr, 0);
    const OpensslPtr<X509_EXTENSION, X509_EXTENSION_free> extension(
        X509V3_EXT_conf_nid(nullptr, &context, number, value));
    X509_add_ext(x509(), extension.get(), -1);
  }

  PkeyPtr key_;
  X509Ptr certificate_;
};

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_TESTING_KEY_OWNER_H_
