#include "signet-cli/seal/visible_option.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "config/suggest.h"
#include "pdf/look/placement.h"
#include "signet-cli/seal/tool.h"

namespace signet::cli {

namespace {

using config::SealSettings;
using sealing::SealResult;
using sealing::VisibleWish;

namespace look = pdf::look;

// Whether the value can be used.
using Set = bool (*)(VisibleWish& wish, std::string_view value);

template <double look::Position::*member>
bool set_distance(VisibleWish& wish, std::string_view value) {
  const auto length = look::parse_length(value);
  if (length) wish.position.*member = *length;
  return length.has_value();
}

// Nothing fits into a box without an extent, on whatever page.
template <double look::Position::*member>
bool set_extent(VisibleWish& wish, std::string_view value) {
  const auto length = look::parse_length(value);
  if (!length || *length <= 0) return false;
  wish.position.*member = *length;
  return true;
}

template <typename T>
struct Word {
  std::string_view word;
  T value;
};

template <typename T, std::size_t size>
bool take_word(T& member, std::string_view value, const Word<T> (&words)[size]) {
  for (const Word<T>& each : words)
    if (each.word == value) {
      member = each.value;
      return true;
    }
  return false;
}

bool set_page(VisibleWish& wish, std::string_view value) {
  int page = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), page);
  if (read.ec != std::errc() || read.ptr != value.data() + value.size() || page == 0) return false;
  wish.page = page;
  return true;
}

bool set_corner(VisibleWish& wish, std::string_view value) {
  return take_word(wish.position.corner, value,
                   {{"bottom-left", look::Corner::bottom_left},
                    {"bottom-right", look::Corner::bottom_right},
                    {"top-left", look::Corner::top_left},
                    {"top-right", look::Corner::top_right}});
}

bool set_across(VisibleWish& wish, std::string_view value) {
  return take_word(
      wish.look.style.across, value,
      {{"start", look::Align::start}, {"center", look::Align::middle}, {"end", look::Align::end}});
}

bool set_down(VisibleWish& wish, std::string_view value) {
  return take_word(
      wish.look.style.down, value,
      {{"top", look::Align::start}, {"middle", look::Align::middle}, {"bottom", look::Align::end}});
}

bool set_arrangement(VisibleWish& wish, std::string_view value) {
  return take_word(wish.look.arrangement, value,
                   {{"beside", look::Arrangement::beside_text},
                    {"above", look::Arrangement::above_text},
                    {"behind", look::Arrangement::behind_text}});
}

template <double look::TextStyle::*member>
bool set_size(VisibleWish& wish, std::string_view value) {
  const auto length = look::parse_length(value);
  if (!length || *length < 1 || *length > 1000) return false;
  wish.look.style.*member = *length;
  return true;
}

bool set_margin(VisibleWish& wish, std::string_view value) {
  const auto length = look::parse_length(value);
  if (length) wish.look.margin = *length;
  return length.has_value();
}

bool set_colour(VisibleWish& wish, std::string_view value) {
  const auto colour = look::parse_colour(value);
  if (colour) wish.look.text_colour = *colour;
  return colour.has_value();
}

bool set_background_colour(VisibleWish& wish, std::string_view value) {
  wish.look.background_colour = look::parse_colour(value);
  return wish.look.background_colour.has_value();
}

struct Key {
  std::string_view key;
  Set set;
  const char* values;  // that it takes
};
constexpr const char* kLengths =
    "a length such as 36, 36pt, 12.7mm, 1.27cm or 0.5in, of at most 14400 points";
constexpr const char* kExtents =
    "a length such as 36, 36pt, 12.7mm, 1.27cm or 0.5in, of more than 0 and at most 14400 points";
constexpr const char* kSizes = "a size of 1 to 1000 points, such as 12, 12pt or 4mm";
constexpr const char* kColours = "a color such as #0a64c8";
constexpr Key kKeys[] = {
    {"page", set_page, "a page: 1 is the first, -1 the last"},
    {"corner", set_corner, "bottom-left, bottom-right, top-left or top-right"},
    {"x", set_distance<&look::Position::x>, kLengths},
    {"y", set_distance<&look::Position::y>, kLengths},
    {"width", set_extent<&look::Position::width>, kExtents},
    {"height", set_extent<&look::Position::height>, kExtents},
    {"size", set_size<&look::TextStyle::largest>, kSizes},
    {"min-size", set_size<&look::TextStyle::smallest>, kSizes},
    {"align", set_across, "start, center or end"},
    {"valign", set_down, "top, middle or bottom"},
    {"arrangement", set_arrangement, "beside, above or behind: where the image is"},
    {"margin", set_margin, kLengths},
    {"color", set_colour, kColours},
    {"background-color", set_background_colour, kColours},
};

SealResult<void> take_keys(VisibleWish& wish, std::string_view list) {
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    const std::size_t sign = one.find('=');
    const std::string_view name = one.substr(0, sign);
    const auto* const key = std::ranges::find(kKeys, name, &Key::key);
    if (key != std::end(kKeys) && sign == std::string_view::npos)
      return settings_error(
          fmt::format("--visible {}: it has no value: {}=… takes {}", name, name, key->values));
    if (key == std::end(kKeys)) {
      std::vector<std::string_view> known;
      for (const Key& each : kKeys) known.push_back(each.key);
      return settings_error(fmt::format(
          "--visible takes KEY=VALUE, separated by commas, with the keys {}: not \"{}\"{}",
          fmt::join(known, ", "), one, config::suggestion(std::string(name), known)));
    }
    if (!key->set(wish, one.substr(sign + 1)))
      return settings_error(fmt::format("--visible {}: {} takes {}", one, name, key->values));
  }
  return success();
}

// The two characters \n are a line's end, too: a shell has no easy way to write one.
std::string with_line_ends(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool line_end = text.substr(at, 2) == "\\n";
    result += line_end ? '\n' : text[at];
    if (line_end) ++at;
  }
  return result;
}

SealResult<std::shared_ptr<const look::Image>> image_in(const SealSettings::Text& file) {
  if (!file) return std::shared_ptr<const look::Image>();
  auto image = look::Image::open(*file);
  if (!image) return settings_error(image.error().sentence);
  return std::move(image).value();
}

}  // namespace

SealResult<std::shared_ptr<const VisibleWish>> visible_wish_of(const SealSettings& settings) {
  const bool wanted = settings.visible || settings.text || settings.image || settings.background;
  if (!wanted) {
    if (settings.font)
      return settings_error("--font is for visible seals: add --visible or --text");
    return std::shared_ptr<const VisibleWish>();
  }
  auto wish = std::make_shared<VisibleWish>();
  BOOST_OUTCOME_TRY(take_keys(*wish, settings.visible.value_or("")));
  BOOST_OUTCOME_TRY(wish->look.image, image_in(settings.image));
  BOOST_OUTCOME_TRY(wish->look.background, image_in(settings.background));
  if (settings.text) {
    wish->look.text = with_line_ends(*settings.text);
  } else if (!settings.image && !settings.background) {
    wish->look.text = sealing::kDefaultSealText;
  }
  if (const auto filled = look::fill_template(wish->look.text, {}); !filled)
    return settings_error(filled.error().sentence);
  auto font = settings.font ? look::Font::open(*settings.font) : look::Font::open_default();
  if (!font) return settings_error(font.error().sentence);
  wish->look.font = std::move(font).value();
  return std::shared_ptr<const VisibleWish>(std::move(wish));
}

}  // namespace signet::cli
