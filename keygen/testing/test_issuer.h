// For tests: certificates by an authority that OpenSSL keeps in memory.
#ifndef SIGNET_KEYGEN_TESTING_TEST_ISSUER_H_
#define SIGNET_KEYGEN_TESTING_TEST_ISSUER_H_

#include <memory>
#include <string>

#include "crypto/openssl.h"
#include "keygen/certificate.h"

namespace signet::keygen {

struct TestCertificate {
  std::string common_name = "seal";
  Bytes public_key;     // DER SubjectPublicKeyInfo; empty: the issuer's own, self-signed
  int days_before = 1;  // since when it is valid
  int days_after = 30;  // until when
  bool authority = false;
  const char* hash = "SHA256";
  std::string organisation = {};         // organizationIdentifier of the subject; empty: none
  const char* extended_usage = nullptr;  // "clientAuth"; null: none
};

// A key that OpenSSL keeps, with its certificate.
class TestIssuer {
 public:
  // Self-signed. `type`: "P-256", or "RSA" with `bits`.
  explicit TestIssuer(const std::string& name, const char* type = "P-256", unsigned bits = 0);
  // Below another.
  TestIssuer(const std::string& name, const TestIssuer& above, int days_after = 30);

  Certificate issue(const TestCertificate& wish) const;
  const Certificate& certificate() const { return *certificate_; }
  Bytes public_key() const { return crypto::der_of(key_.get(), i2d_PUBKEY); }
  EVP_PKEY* key() const { return key_.get(); }

 private:
  PkeyPtr key_;
  std::string name_;
  std::unique_ptr<Certificate> certificate_;
};

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_TESTING_TEST_ISSUER_H_
