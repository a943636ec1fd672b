#include "seal-server/register/entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "crypto/openssl.h"
#include "seal-server/register/tree_text.h"

namespace signet::sealserver {

crypto::TreeHash commitment(ByteView random, std::string_view content) {
  Bytes octets(random.begin(), random.end());
  octets.insert(octets.end(), content.begin(), content.end());
  crypto::TreeHash hash{};
  std::ranges::copy(crypto::sha256(octets), hash.begin());
  return hash;
}

std::string entry_text(const Entry& entry) {
  return fmt::format(R"({{"sequence":{},"time":"{}","kind":"{}","content":"{}"}})", entry.sequence,
                     entry.time, entry.kind, to_hex(entry.content));
}

std::optional<Entry> entry_of(std::string_view text) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  const auto* object = error ? nullptr : value.if_object();
  if (object == nullptr) return std::nullopt;
  const auto* sequence = object->if_contains("sequence");
  const auto member = [&](const char* name) {
    const auto* found = object->if_contains(name);
    const auto* string = found == nullptr ? nullptr : found->if_string();
    return string == nullptr ? std::string() : std::string(*string);
  };
  const auto content = tree_hash_of(member("content"));
  if (sequence == nullptr || !sequence->is_int64() || !content) return std::nullopt;
  Entry entry{.sequence = static_cast<std::uint64_t>(sequence->get_int64()),
              .time = member("time"),
              .kind = member("kind"),
              .content = *content};
  return entry_text(entry) == text ? std::optional(std::move(entry)) : std::nullopt;
}

}  // namespace signet::sealserver
