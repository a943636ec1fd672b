#include "keygen/generate.h"

#include <fmt/format.h>

namespace signet::keygen {

TokenResult<std::optional<Key>> ordered_key(const TokenSession& token, const KeyOrder& order) {
  BOOST_OUTCOME_TRY(const auto keys, token.keys());
  const Key* other = nullptr;
  for (const Key& key : keys) {
    if (order.id ? key.id != *order.id : key.label != order.label) continue;
    if (key.label == order.label && key.type == order.type) return std::optional<Key>(key);
    other = &key;
  }
  if (other == nullptr) return std::optional<Key>();
  return token_error(
      Reason::exists,
      fmt::format("there is another key already: {} with label \"{}\" and id {}; choose "
                  "another {}",
                  other->type.text(), other->label, to_hex(other->id),
                  order.id ? "id" : "label, or give an id of its own"));
}

TokenResult<OrderedKey> generate_once(TokenSession& token, const KeyOrder& order) {
  BOOST_OUTCOME_TRY(auto there, ordered_key(token, order));
  if (there) return OrderedKey{std::move(*there), false};
  BOOST_OUTCOME_TRY(
      auto made, token.generate({order.type, order.label, order.id.value_or(pkcs11::random_id())}));
  return OrderedKey{std::move(made), true};
}

}  // namespace signet::keygen
