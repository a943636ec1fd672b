#include "pdf/look/to_unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "common/bytes.h"

namespace signet::pdf::look {

namespace {

constexpr std::string_view kHead =
    "/CIDInit /ProcSet findresource begin\n"
    "12 dict begin\n"
    "begincmap\n"
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    "/CMapName /Adobe-Identity-UCS def\n"
    "/CMapType 2 def\n"
    "1 begincodespacerange\n"
    "<0000> <FFFF>\n"
    "endcodespacerange\n";
constexpr std::string_view kTail =
    "endcmap\n"
    "CMapName currentdict /CMap defineresource pop\n"
    "end\n"
    "end\n";
constexpr std::size_t kMostInBlock = 100;  // entries between beginbfchar and endbfchar

std::vector<std::uint32_t> in_reading_order(const Cluster& cluster) {
  std::vector<std::uint32_t> ids;
  ids.reserve(cluster.glyphs.size());
  for (const Glyph& glyph : cluster.glyphs) ids.push_back(glyph.id);
  if (cluster.right_to_left) std::reverse(ids.begin(), ids.end());
  return ids;
}

// Each glyph gets a character, the last one the rest.
Characters share_of(CharacterView text, std::size_t glyph, std::size_t glyphs) {
  if (glyph >= text.size()) return {};
  const CharacterView share = glyph + 1 == glyphs ? text.subspan(glyph) : text.subspan(glyph, 1);
  return {share.begin(), share.end()};
}

// A meaning must not be empty (ISO 19005-2, 6.2.11.7.2); nothing is seen of this one.
CharacterView shown_meaning(const Characters& meaning) {
  static const Characters kNothingSeen = {0x200B};
  return meaning.empty() ? kNothingSeen : meaning;
}

}  // namespace

void ToUnicode::add(const Cluster& cluster) {
  const auto ids = in_reading_order(cluster);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    meanings_.try_emplace(ids[i], share_of(cluster.text, i, ids.size()));
  }
}

bool ToUnicode::tells(const Cluster& cluster) const {
  Characters told;
  for (const std::uint32_t id : in_reading_order(cluster)) {
    const auto found = meanings_.find(id);
    if (found == meanings_.end()) return false;
    const CharacterView meaning = shown_meaning(found->second);
    told.insert(told.end(), meaning.begin(), meaning.end());
  }
  return told == cluster.text;
}

std::string ToUnicode::cmap(const Subset& subset) const {
  std::map<Cid, CharacterView> entries;
  for (const auto& [id, meaning] : meanings_) {
    if (const auto cid = subset.cids.find(id); cid != subset.cids.end()) {
      entries[cid->second] = shown_meaning(meaning);
    }
  }
  std::string text(kHead);
  std::size_t written = 0;
  for (const auto& [cid, meaning] : entries) {
    if (written % kMostInBlock == 0) {
      const std::size_t count = std::min(kMostInBlock, entries.size() - written);
      text += fmt::format("{} beginbfchar\n", count);
    }
    text += fmt::format("<{:04X}> <{}>\n", cid, to_hex(view_of(utf16_of(meaning))));
    ++written;
    if (written % kMostInBlock == 0 || written == entries.size()) text += "endbfchar\n";
  }
  text += kTail;
  return text;
}

}  // namespace signet::pdf::look
