// A key of a signing service that a test plays, with its certificate.
#ifndef SIGNET_TESTS_PROCESS_SIGNING_KEY_H_
#define SIGNET_TESTS_PROCESS_SIGNING_KEY_H_

#include <cstddef>
#include <memory>
#include <string>

#include "common/bytes.h"
#include "crypto/openssl_ptr.h"

namespace signet::tests {

class SigningKey {
 public:
  enum class Kind { p256, rsa_2048 };

  SigningKey(Kind kind, const std::string& common_name);

  // Of a digest of SHA-256, SHA-384 or SHA-512: RSASSA-PKCS1-v1_5, or ECDSA in DER.
  Bytes sign(ByteView digest) const;

  // Whether the module's signature over `data` with SHA-256, ECDSA as r and s, is by this key.
  bool verifies(ByteView data, ByteView signature) const;

  const Bytes& certificate() const { return certificate_; }  // DER

 private:
  PkeyPtr key_;
  Bytes certificate_;
};

using SigningKeyPtr = std::shared_ptr<const SigningKey>;

// r and s of a P-256 signature, 64 bytes, and its DER.
Bytes concatenated_ecdsa(ByteView der);

enum class Point { usual, slow };
// DER SubjectPublicKeyInfo: a compressed P-521 point, which takes the longest to check, or a P-256 one as usual.
Bytes ec_public_key(Point point);

// Like this certificate, with another serial number, so that no two of them are equal; its signature is not good. The
// certificate has a serial number of eight bytes.
Bytes renumbered(ByteView certificate, std::size_t number);

// A certificate over that public key whose serial number has eight bytes.
Bytes numbered_certificate(ByteView public_key, std::size_t extension_size = 0);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PROCESS_SIGNING_KEY_H_
