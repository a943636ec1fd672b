// The lines of a log's texts, and the hashes in them.
#ifndef SIGNET_CRYPTO_LOG_TEXT_H_
#define SIGNET_CRYPTO_LOG_TEXT_H_

#include <algorithm>
#include <optional>
#include <string_view>

#include "crypto/base64.h"
#include "crypto/merkle.h"

namespace signet::crypto {

// Up to its end, without it; nothing where there is none.
inline std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

inline std::optional<TreeHash> tree_hash_in_base64(std::string_view text) {
  const auto octets = from_base64(text);
  TreeHash hash{};
  if (!octets || octets->size() != hash.size()) return std::nullopt;
  std::ranges::copy(*octets, hash.begin());
  return hash;
}

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_LOG_TEXT_H_
