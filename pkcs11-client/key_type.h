// What a key pair is: kind and size, as people write it ("rsa:3072", "ec:P-256", "Ed25519").
#ifndef SIGNET_PKCS11_CLIENT_KEY_TYPE_H_
#define SIGNET_PKCS11_CLIENT_KEY_TYPE_H_

#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "pkcs11-client/error.h"

namespace signet::pkcs11 {

struct KeyType {
  std::optional<crypto::KeyType> kind = {};  // nothing: another one
  unsigned bits = 0;                         // RSA: of the modulus; else of the field
  std::string curve = {};  // the row's name of it; another curve: OpenSSL's name for it

  // "rsa:2048" and longer, "ec:" and a curve's name, or the name of an Edwards curve alone; unreadable says which there
  // are.
  static TokenResult<KeyType> parse(std::string_view text);

  // Of a DER SubjectPublicKeyInfo; `kind` is empty for what has no row.
  static KeyType of_public_key(ByteView spki);

  std::string text() const;

  // Nothing for what has no row.
  std::optional<crypto::KeyParameters> parameters() const;

  bool operator==(const KeyType&) const = default;
};

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_KEY_TYPE_H_
