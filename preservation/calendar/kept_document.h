// A document as the register knows it.
#ifndef SIGNET_PRESERVATION_CALENDAR_KEPT_DOCUMENT_H_
#define SIGNET_PRESERVATION_CALENDAR_KEPT_DOCUMENT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "preservation/extension.h"

namespace signet::preservation {

// One state of a file, and what it was worth when it was examined.
struct Condition {
  std::string digest;      // SHA-256 of the file, hexadecimal
  std::uint64_t size = 0;  // bytes
  std::string format;      // "PAdES", as the reports have it
  std::string level;       // "B-LTA": the lowest of its signatures
  std::string verdict;     // "TOTAL-PASSED", "INDETERMINATE/REVOKED_NO_POE"
  // As things stand, until when it can be verified; INDETERMINATE: the end that was known before. Nothing: no end is known, or
  // it did not pass.
  std::optional<Time> until;
  std::string because;  // the English sentence; empty with `until`
  std::string suite;    // the name of the suite that algorithms were measured by for `until`
  std::string lists;    // ListArchive's name of the trusted lists that were used; empty: none

  bool passed() const { return verdict == "TOTAL-PASSED"; }
  bool is_indeterminate() const { return verdict.starts_with("INDETERMINATE"); }
  bool operator==(const Condition&) const = default;
};

// `digest`, `size`, `suite` and `lists` are the caller's to set.
Condition condition_of(const DocumentState& state);

enum class Standing : std::uint8_t {
  kept,     // as it was when it was examined last
  changed,  // another file is in its place
  missing,
  failed,  // its last extension failed; the file is the one that is registered
};
inline constexpr std::array kStandings = {Standing::kept, Standing::changed, Standing::missing,
                                          Standing::failed};
std::string_view name_of(Standing standing);  // "kept"
std::optional<Standing> standing_from(std::string_view name);

struct KeptDocument {
  std::int64_t id = 0;  // within one register
  std::string path;     // absolute
  std::string data;     // absolute: what an external seal is over; empty: none
  Condition condition;
  Standing standing = Standing::kept;
  std::string note;  // why it is not kept; a sentence, without the path
  Time added{};
  Time examined{};
  std::optional<Time> extended;  // the last time; nothing: never, by this register
  std::uint64_t extensions = 0;

  bool operator==(const KeptDocument&) const = default;
};

// Whether it should be extended at `now`, where documents are to be extended `margin` before they can no longer be verified.
bool is_due(const KeptDocument& document, Time now, std::chrono::seconds margin);

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_CALENDAR_KEPT_DOCUMENT_H_
