// Seals by what is known of them, page by page: the same cost on each page, and among ten million seals.
#ifndef SIGNET_SEAL_SERVER_SEALS_SEARCH_H_
#define SIGNET_SEAL_SERVER_SEALS_SEARCH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "seal-server/seals/seals.h"

namespace signet::sealserver {

inline constexpr std::size_t kMostDigests = 64;        // of one search
inline constexpr std::size_t kShortestPart = 3;        // characters
inline constexpr std::int64_t kSearchWindow = 10'000;  // seals that one page looks at

// Empty: any. What is given must all be so.
struct SealFilter {
  enum class Match { begin, part };

  std::string client;  // id
  std::string from;    // opened at that time or later
  std::string to;      // opened before
  std::vector<std::string>
      digests;  // one of them is the document's or the sealed one's; hexadecimal
  std::string reference;
  Match match = Match::begin;
  std::string state;
  std::string certificate;  // the one that was used; where that is not known, that was announced
};

struct SealPage {
  std::vector<Seal> seals;
  // The number that continues the search; nothing at its end. There may be fewer than `most` seals before it: one page looks
  // at so many (`window`) and no more.
  std::optional<std::int64_t> next;
};

// The newest first; those whose reference begins so in the order of their references. `after`: SealPage::next of the page
// before. Problem 422 where the filter or `after` cannot be used.
SealPage search_seals(storage::SqlConnection& sql, const SealFilter& filter,
                      std::optional<std::int64_t> after, std::int64_t most,
                      std::int64_t window = kSearchWindow);

// Of any client.
std::optional<Seal> find_seal(storage::SqlConnection& sql, const std::string& id);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SEALS_SEARCH_H_
