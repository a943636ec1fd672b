// Visible seals.
#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "bindings/c/call.h"
#include "bindings/c/handles.h"
#include "pdf/look/appearance.h"

namespace signet::c {

namespace {

namespace look = pdf::look;

using look::Align;
using look::Arrangement;
using look::Corner;

constexpr double kLongestLength = 14'400;  // points; as pdf::look::parse_length()
constexpr std::uint32_t kMostColor = 0xFFFFFF;

// In the order of the header's enums, which begin with 1.
constexpr std::array kCorners = {Corner::bottom_right, Corner::bottom_left, Corner::top_right,
                                 Corner::top_left};
constexpr std::array kAlignments = {Align::start, Align::middle, Align::end};
constexpr std::array kArrangements = {Arrangement::beside_text, Arrangement::above_text,
                                      Arrangement::behind_text};

template <typename T, std::size_t size>
CallResult<T> numbered(const std::array<T, size>& values, int number) {
  if (number < 1 || static_cast<std::size_t>(number) > size)
    return bad_argument("this is not a value of the enum");
  return values.at(static_cast<std::size_t>(number) - 1);
}

// Not a NaN either.
CallResult<void> check_length(double points) {
  if (points >= 0 && points <= kLongestLength) return success();
  return bad_argument("a length is 0 to 14400 points");
}

CallResult<void> check_extent(double points) {
  if (points > 0 && points <= kLongestLength) return success();
  return bad_argument("a size is more than 0, and at most 14400 points");
}

CallResult<look::Colour> color_of(std::uint32_t color) {
  if (color > kMostColor) return bad_argument("a color is 0xRRGGBB");
  return look::Colour{static_cast<std::uint8_t>(color >> 16U),
                      static_cast<std::uint8_t>(color >> 8U & 0xFFU),
                      static_cast<std::uint8_t>(color & 0xFFU)};
}

template <typename T>
CallResult<std::shared_ptr<const T>> usable(look::LookResult<std::shared_ptr<const T>> read) {
  if (!read) return Refusal(SIGNET_SEAL_SETTINGS, read.error().sentence);
  return std::move(read).value();
}

template <typename T>
int set_from_file(signet_seal_visible* visible, std::shared_ptr<const T> look::Look::*member,
                  const char* file, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({visible}));
    BOOST_OUTCOME_TRY(const auto name, text_of(file));
    BOOST_OUTCOME_TRY(visible->wish.look.*member, usable<T>(T::open(name)));
    return success();
  });
}

template <typename T>
int set_from_memory(signet_seal_visible* visible, std::shared_ptr<const T> look::Look::*member,
                    const void* data, std::size_t size, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({visible, data}));
    if (size > T::kMostBytes) return bad_argument("this is larger than such a file may be");
    BOOST_OUTCOME_TRY(const auto bytes, bytes_of(data, size));
    BOOST_OUTCOME_TRY(visible->wish.look.*member, usable<T>(T::from(copy_of(bytes), "in memory")));
    return success();
  });
}

// With the defaults of text and font.
CallResult<std::shared_ptr<const sealing::VisibleWish>> whole(const sealing::VisibleWish& wish) {
  auto made = std::make_shared<sealing::VisibleWish>(wish);
  look::Look& shown = made->look;
  if (shown.text.empty() && !shown.image && !shown.background)
    shown.text = sealing::kDefaultSealText;
  if (!shown.text.empty() && !shown.font) {
    BOOST_OUTCOME_TRY(shown.font, usable<look::Font>(look::Font::open_default()));
  }
  return std::shared_ptr<const sealing::VisibleWish>(std::move(made));
}

}  // namespace

}  // namespace signet::c

using signet::c::bad_argument;
using signet::c::call;
using signet::c::CallResult;
using signet::c::check_extent;
using signet::c::check_length;
using signet::c::free_handle;
using signet::c::need;
using signet::c::numbered;
using signet::c::set_from_file;
using signet::c::set_from_memory;
using signet::c::text_of;
using signet::pdf::look::Look;

int signet_seal_visible_new(signet_seal_context* context, signet_seal_visible** visible,
                            signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, visible}));
    *visible = new signet_seal_visible;
    return signet::success();
  });
}

void signet_seal_visible_free(signet_seal_visible* visible) {
  free_handle(visible);
}

int signet_seal_visible_set_page(signet_seal_visible* visible, int page, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({visible}));
    if (page == 0) return bad_argument("pages are counted from 1, or from -1 backwards");
    visible->wish.page = page;
    return signet::success();
  });
}

int signet_seal_visible_set_position(signet_seal_visible* visible, int corner, double x, double y,
                                     double width, double height, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({visible}));
    BOOST_OUTCOME_TRY(const auto from, numbered(signet::c::kCorners, corner));
    BOOST_OUTCOME_TRY(check_length(x));
    BOOST_OUTCOME_TRY(check_length(y));
    BOOST_OUTCOME_TRY(check_extent(width));
    BOOST_OUTCOME_TRY(check_extent(height));
    visible->wish.position = {from, x, y, width, height};
    return signet::success();
  });
}

int signet_seal_visible_set_text(signet_seal_visible* visible, const char* text,
                                 signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({visible}));
    BOOST_OUTCOME_TRY(auto lines, text_of(text));
    if (const auto filled = signet::pdf::look::fill_template(lines, {}); !filled)
      return bad_argument(filled.error().sentence);
    visible->wish.look.text = std::move(lines);
    return signet::success();
  });
}

int signet_seal_visible_set_font_file(signet_seal_visible* visible, const char* file,
                                      signet_seal_error* error) {
  return set_from_file(visible, &Look::font, file, error);
}

int signet_seal_visible_set_font_memory(signet_seal_visible* visible, const void* data, size_t size,
                                        signet_seal_error* error) {
  return set_from_memory(visible, &Look::font, data, size, error);
}

int signet_seal_visible_set_image_file(signet_seal_visible* visible, const char* file,
                                       signet_seal_error* error) {
  return set_from_file(visible, &Look::image, file, error);
}

int signet_seal_visible_set_image_memory(signet_seal_visible* visible, const void* data,
                                         size_t size, signet_seal_error* error) {
  return set_from_memory(visible, &Look::image, data, size, error);
}

int signet_seal_visible_set_background_file(signet_seal_visible* visible, const char* file,
                                            signet_seal_error* error) {
  return set_from_file(visible, &Look::background, file, error);
}

int signet_seal_visible_set_background_memory(signet_seal_visible* visible, const void* data,
                                              size_t size, signet_seal_error* error) {
  return set_from_memory(visible, &Look::background, data, size, error);
}

int signet_seal_visible_set_text_size(signet_seal_visible* visible, double smallest, double largest,
                                      signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({visible}));
    BOOST_OUTCOME_TRY(check_extent(smallest));
    BOOST_OUTCOME_TRY(check_extent(largest));
    if (smallest > largest) return bad_argument("the smallest size is larger than the largest");
    visible->wish.look.style.smallest = smallest;
    visible->wish.look.style.largest = largest;
    return signet::success();
  });
}

int signet_seal_visible_set_alignment(signet_seal_visible* visible, int across, int down,
                                      signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({visible}));
    BOOST_OUTCOME_TRY(const auto one, numbered(signet::c::kAlignments, across));
    BOOST_OUTCOME_TRY(const auto other, numbered(signet::c::kAlignments, down));
    visible->wish.look.style.across = one;
    visible->wish.look.style.down = other;
    return signet::success();
  });
}

int signet_seal_visible_set_arrangement(signet_seal_visible* visible, int arrangement,
                                        signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({visible}));
    BOOST_OUTCOME_TRY(visible->wish.look.arrangement,
                      numbered(signet::c::kArrangements, arrangement));
    return signet::success();
  });
}

int signet_seal_visible_set_margin(signet_seal_visible* visible, double margin,
                                   signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({visible}));
    BOOST_OUTCOME_TRY(check_length(margin));
    visible->wish.look.margin = margin;
    return signet::success();
  });
}

int signet_seal_visible_set_text_color(signet_seal_visible* visible, uint32_t color,
                                       signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({visible}));
    BOOST_OUTCOME_TRY(visible->wish.look.text_colour, signet::c::color_of(color));
    return signet::success();
  });
}

int signet_seal_visible_set_background_color(signet_seal_visible* visible, uint32_t color,
                                             signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({visible}));
    BOOST_OUTCOME_TRY(visible->wish.look.background_colour, signet::c::color_of(color));
    return signet::success();
  });
}

int signet_seal_options_set_visible(signet_seal_options* options,
                                    const signet_seal_visible* visible, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options}));
    std::shared_ptr<const signet::sealing::VisibleWish> wish;
    if (visible != nullptr) {
      BOOST_OUTCOME_TRY(wish, signet::c::whole(visible->wish));
    }
    options->pdf.visible = std::move(wish);
    return signet::success();
  });
}
