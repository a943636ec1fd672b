// Signatures checked by OpenSSL alone, for any key that the module has.
#ifndef SIGNET_TESTS_PROCESS_PUBLIC_KEY_H_
#define SIGNET_TESTS_PROCESS_PUBLIC_KEY_H_

#include <openssl/evp.h>

#include "common/bytes.h"
#include "crypto/openssl_ptr.h"

namespace signet::tests {

// Thread-safe.
class PublicKey {
 public:
  // DER SubjectPublicKeyInfo, as CKA_PUBLIC_KEY_INFO has it; throws std::runtime_error where it is
  // none.
  explicit PublicKey(ByteView spki);

  bool is_rsa() const { return EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_RSA; }

  // Of a SHA-256 digest: PKCS#1 v1.5, or r‖s of equal length.
  bool verifies_digest(ByteView digest, ByteView signature) const;
  bool verifies(ByteView message, ByteView signature) const;

 private:
  PkeyPtr key_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PROCESS_PUBLIC_KEY_H_
