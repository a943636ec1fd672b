#include "pdf/look/bidi.h"

#include <fribidi.h>

#include <algorithm>
#include <new>
#include <numeric>

namespace signet::pdf::look {

namespace {

static_assert(sizeof(Level) == sizeof(FriBidiLevel));

// Asks for P2 and P3, with this answer where the paragraph has no strong character outside isolates.
FriBidiParType fallback_direction(const std::vector<FriBidiCharType>& types) {
  const auto strong = std::find_if(types.begin(), types.end(),
                                   [](FriBidiCharType type) { return FRIBIDI_IS_STRONG(type); });
  return strong != types.end() && FRIBIDI_IS_RTL(*strong) ? FRIBIDI_PAR_WRTL : FRIBIDI_PAR_WLTR;
}

}  // namespace

Directions directions_of(CharacterView paragraph) {
  if (paragraph.empty()) return {};
  const auto size = static_cast<FriBidiStrIndex>(paragraph.size());
  std::vector<FriBidiCharType> types(paragraph.size());
  std::vector<FriBidiBracketType> brackets(paragraph.size());
  fribidi_get_bidi_types(paragraph.data(), size, types.data());
  fribidi_get_bracket_types(paragraph.data(), size, types.data(), brackets.data());
  Directions directions;
  directions.levels.resize(paragraph.size());
  FriBidiParType base = fallback_direction(types);
  if (fribidi_get_par_embedding_levels_ex(types.data(), brackets.data(), size, &base,
                                          directions.levels.data()) == 0) {
    throw std::bad_alloc();  // it fails for want of memory alone
  }
  directions.right_to_left = FRIBIDI_IS_RTL(base) != 0;
  return directions;
}

std::vector<std::size_t> visual_order(const std::vector<Level>& levels) {
  std::vector<std::size_t> order(levels.size());
  std::iota(order.begin(), order.end(), 0UL);
  Level highest = 0;
  for (const Level level : levels) highest = std::max(highest, level);
  for (Level level = highest; level > 0; --level) {
    const auto is_below = [&](std::size_t run) { return levels[run] < level; };
    auto from = order.begin();
    while (true) {
      from = std::find_if_not(from, order.end(), is_below);
      if (from == order.end()) break;
      const auto to = std::find_if(from, order.end(), is_below);
      std::reverse(from, to);
      from = to;
    }
  }
  return order;
}

}  // namespace signet::pdf::look
