// Checks of the DER that an appliance sends. The usual encodings are told by their outline (crypto/spki.h); what that
// does not take is OpenSSL's to judge, in a library context of our own: the host program's providers and configuration
// have no say in it. Whether a point is on its curve is left to whoever uses the key.
#ifndef SIGNET_DSA_TRANSPORT_DER_CHECK_H_
#define SIGNET_DSA_TRANSPORT_DER_CHECK_H_

#include <mutex>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "crypto/library_context.h"

namespace signet::transport {

// The key that a certificate is of, for services that show keys by their certificates only.
struct CertifiedKey {
  crypto::KeyParameters parameters;
  Bytes public_key;         // DER SubjectPublicKeyInfo
  Bytes id;                 // SHA-1 of the key's bits (RFC 5280, 4.2.1.2, method 1): its CKA_ID
  std::string common_name;  // of the subject, UTF-8; may be empty
};

// Thread-safe. OpenSSL is not touched before something odd comes along.
class DerCheck {
 public:
  // What a SubjectPublicKeyInfo holds; nothing where it is not exactly one of a type we know.
  std::optional<crypto::KeyParameters> public_key(ByteView spki) const;

  bool is_certificate(ByteView der) const;

  // Nothing where it is no certificate of a key of a type we know.
  std::optional<CertifiedKey> certified_key(ByteView certificate) const;

  // Throws std::bad_alloc where OpenSSL has no memory.
  Bytes digest(crypto::Hash hash, ByteView data) const;

  // Whether the certificate is over this SubjectPublicKeyInfo, whatever its encoding.
  bool certifies(ByteView certificate, ByteView spki) const;

 private:
  OSSL_LIB_CTX* context() const;
  std::optional<crypto::KeyParameters> parse_public_key(ByteView spki) const;
  bool parse_and_compare(ByteView certificate, ByteView spki) const;

  mutable std::once_flag context_made_;
  mutable std::optional<crypto::LibraryContext> context_;
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_DER_CHECK_H_
