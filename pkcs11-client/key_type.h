// What a key pair is: kind and size, as people write it ("rsa:3072", "ec:P-256").
#ifndef SIGNET_PKCS11_CLIENT_KEY_TYPE_H_
#define SIGNET_PKCS11_CLIENT_KEY_TYPE_H_

#include <string>
#include <string_view>

#include "common/bytes.h"
#include "pkcs11-client/error.h"

namespace signet::pkcs11 {

enum class KeyKind { rsa, ec, other };

struct KeyType {
  KeyKind kind = KeyKind::other;
  unsigned bits = 0;       // RSA: of the modulus; EC: of the field
  std::string curve = {};  // EC: "P-256", "P-384", "P-521"; another curve: OpenSSL's name for it

  // "rsa:2048" and longer, "ec:P-256", "ec:P-384", "ec:P-521"; unreadable says which there are.
  static TokenResult<KeyType> parse(std::string_view text);

  // Of a DER SubjectPublicKeyInfo; `other` for what is neither RSA nor EC.
  static KeyType of_public_key(ByteView spki);

  std::string text() const;
  bool operator==(const KeyType&) const = default;
};

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_KEY_TYPE_H_
