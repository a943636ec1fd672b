// What stands in the register for one event: the text that is a leaf of the tree. It tells what happened only to those who
// have the event's content and random octets, which may be deleted later; the entry stays.
#ifndef SIGNET_SEAL_SERVER_REGISTER_ENTRY_H_
#define SIGNET_SEAL_SERVER_REGISTER_ENTRY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "crypto/merkle.h"

namespace signet::sealserver {

inline constexpr std::size_t kEntryRandom = 32;  // octets

struct Entry {
  std::uint64_t sequence = 0;  // the number of the leaf, from 0
  std::string time;            // RFC 3339 in UTC
  std::string kind;            // lower-case words joined by hyphens: "opened", "sealed"
  crypto::TreeHash content{};  // commitment()

  bool operator==(const Entry&) const = default;
};

// SHA-256 of the random octets and the content behind them.
crypto::TreeHash commitment(ByteView random, std::string_view content);

// JSON on one line, its members in the order of Entry, the hash in hexadecimal: there is one text for each entry.
std::string entry_text(const Entry& entry);

// Nothing for any other text.
std::optional<Entry> entry_of(std::string_view text);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_ENTRY_H_
