// For tests: key pairs, requests for their certificates, certificates for any span, and what a sealing key seals, all by
// OpenSSL alone. Where OpenSSL fails the result is empty, and so the test that uses it fails.
#ifndef SIGNET_SEAL_SERVER_TESTING_TEST_IDENTITY_H_
#define SIGNET_SEAL_SERVER_TESTING_TEST_IDENTITY_H_

#include <openssl/evp.h>

#include <string>

#include "common/bytes.h"
#include "crypto/openssl_ptr.h"

namespace signet::sealserver {

class TestIdentity {
 public:
  // "P-256", "P-384", or bits of RSA.
  explicit TestIdentity(const std::string& name, const std::string& kind = "P-256");

  std::string spki() const;  // hexadecimal SHA-256 of the DER
  Bytes request() const;     // PKCS#10, DER
  Bytes request_named(const std::string& name) const;
  Bytes certificate(int days = 365, const char* key_usage = nullptr) const;  // self-signed, DER
  Bytes sealed(ByteView content, ByteView certificate) const;  // CMS SignedData around it, DER

 private:
  std::string name_;
  PkeyPtr key_;
};

// A CMS AuthEnvelopedData as far as the server looks at it, base64.
std::string test_cryptogram();

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_TESTING_TEST_IDENTITY_H_
