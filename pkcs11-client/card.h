// What a token holds for somebody who authenticates with it, beside certificates: a key that signs and to which something is
// encrypted, and small data of its own.
#ifndef SIGNET_PKCS11_CLIENT_CARD_H_
#define SIGNET_PKCS11_CLIENT_CARD_H_

#include <optional>
#include <string_view>

#include "common/bytes.h"
#include "pkcs11-client/session.h"

namespace signet::pkcs11 {

// A key pair that also derives (CKA_DERIVE, on P-256) or decrypts (CKA_DECRYPT, RSA): session.h's generate() makes keys that
// sign only. not_supported for other types and where the token says that it does not do so; token_full at the limit.
TokenResult<Key> generate_card_key(TokenSession& token, const KeyWish& wish);

// Of a data object (CKO_DATA): CKA_APPLICATION and CKA_LABEL.
struct DataName {
  std::string_view application;
  std::string_view label;
};

// Nothing where there is none.
TokenResult<std::optional<Bytes>> read_data(const TokenSession& token, const DataName& name);

// In place of what has this name. It is there for whoever is logged in (CKA_PRIVATE). Cut off, it may leave none.
TokenResult<void> write_data(TokenSession& token, const DataName& name, ByteView value);

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_CARD_H_
