// What a key pair is: kind and size, as people write it ("rsa:3072", "ec:P-256").
#ifndef SIGNET_KEYGEN_KEY_TYPE_H_
#define SIGNET_KEYGEN_KEY_TYPE_H_

#include <string>
#include <string_view>

#include "common/bytes.h"
#include "keygen/failure.h"

namespace signet::keygen {

enum class KeyKind { rsa, ec, other };

struct KeyType {
  KeyKind kind = KeyKind::other;
  unsigned bits = 0;       // RSA: of the modulus; EC: of the field
  std::string curve = {};  // EC: "P-256", "P-384", "P-521"; another curve: OpenSSL's name for it

  // "rsa:2048" and longer, "ec:P-256", "ec:P-384", "ec:P-521"; unreadable says which there are.
  static Outcome<KeyType> parse(std::string_view text);

  // Of a DER SubjectPublicKeyInfo; `other` for what is neither RSA nor EC.
  static KeyType of_public_key(ByteView spki);

  std::string text() const;
  bool operator==(const KeyType&) const = default;
};

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_KEY_TYPE_H_
