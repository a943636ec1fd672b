// A new key pair, made once, however often the answer is lost.
#ifndef SIGNET_KEYGEN_GENERATE_H_
#define SIGNET_KEYGEN_GENERATE_H_

#include <optional>
#include <string>

#include "keygen/token_names.h"
#include "pkcs11-client/session.h"

namespace signet::keygen {

struct KeyOrder {
  KeyType type;
  std::string label;
  std::optional<Bytes> id;  // absent: random
};

struct OrderedKey {
  Key key;
  bool made = true;  // false: it was there already
};

// The key of an order that is on the token already: with the id where the order has one, else with
// the label. `exists` where that one is of another type, or has the id and another label.
TokenResult<std::optional<Key>> ordered_key(const TokenSession& token, const KeyOrder& order);

// The key that is there already, or a new one. After no_answer the same order can be given again,
// to a token reopened: it makes no second key.
TokenResult<OrderedKey> generate_once(TokenSession& token, const KeyOrder& order);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_GENERATE_H_
