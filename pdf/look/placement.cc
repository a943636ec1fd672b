#include "pdf/look/placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace signet::pdf::look {

namespace {

constexpr double kMostPoints = 14400;  // ISO 32000-1, Annex C: of a page
constexpr double kTolerance = 0.01;    // points: for lengths that were millimetres once

Error misplaced(std::string sentence) {
  return {Fault::place, std::move(sentence)};
}

PageBox normalised(const PageBox& box) {
  return {std::min(box.left, box.right), std::min(box.bottom, box.top),
          std::max(box.left, box.right), std::max(box.bottom, box.top)};
}

PageBox intersection(const PageBox& a, const PageBox& b) {
  return {std::max(a.left, b.left), std::max(a.bottom, b.bottom), std::min(a.right, b.right),
          std::min(a.top, b.top)};
}

bool is_finite(const PageBox& box) {
  return std::isfinite(box.left) && std::isfinite(box.bottom) && std::isfinite(box.right) &&
         std::isfinite(box.top);
}

// The page as it is seen: its lower left corner is (0, 0).
class SeenPage {
 public:
  static LookResult<SeenPage> of(const PageShape& page) {
    SeenPage seen;
    if (page.rotate % 90 != 0) {
      return misplaced(
          fmt::format("the page is rotated by {} degrees, not by a multiple of 90", page.rotate));
    }
    seen.rotate_ = (page.rotate % 360 + 360) % 360;
    seen.unit_ = page.user_unit;
    if (!std::isfinite(seen.unit_) || seen.unit_ <= 0) {
      return misplaced("the page's unit is not a positive number (/UserUnit)");
    }
    seen.box_ = normalised(page.media);
    if (page.crop) seen.box_ = intersection(seen.box_, normalised(*page.crop));
    if (!is_finite(seen.box_) || seen.across() <= 0 || seen.up() <= 0) {
      return misplaced("the page has no visible part (/MediaBox, /CropBox)");
    }
    return seen;
  }

  int rotate() const { return rotate_; }
  bool is_turned() const { return rotate_ == 90 || rotate_ == 270; }
  double width() const { return (is_turned() ? up() : across()) * unit_; }
  double height() const { return (is_turned() ? across() : up()) * unit_; }

  // The page's coordinates of a rectangle that is seen.
  PageBox in_page(double x, double y, double width, double height) const {
    const auto [x1, y1] = point(x, y);
    const auto [x2, y2] = point(x + width, y + height);
    return normalised({x1, y1, x2, y2});
  }

  Placement placement(const PageBox& rectangle) const {
    double width = (rectangle.right - rectangle.left) * unit_;
    double height = (rectangle.top - rectangle.bottom) * unit_;
    if (is_turned()) std::swap(width, height);
    return {rectangle, width, height, rotate_};
  }

 private:
  double across() const { return box_.right - box_.left; }
  double up() const { return box_.top - box_.bottom; }

  std::pair<double, double> point(double x, double y) const {
    x /= unit_;
    y /= unit_;
    switch (rotate_) {
      case 90:
        return {box_.right - y, box_.bottom + x};
      case 180:
        return {box_.right - x, box_.top - y};
      case 270:
        return {box_.left + y, box_.top - x};
      default:
        return {box_.left + x, box_.bottom + y};
    }
  }

  PageBox box_;
  int rotate_ = 0;
  double unit_ = 1;
};

LookResult<void> check_size(double width, double height) {
  if (width > 0 && height > 0 && width <= kMostPoints && height <= kMostPoints) return success();
  return misplaced(
      fmt::format("the seal's box is {:g} x {:g} points; each must be more than 0 and "
                  "at most {:g}",
                  width, height, kMostPoints));
}

}  // namespace

LookResult<Placement> place(const PageShape& page, const Position& position) {
  BOOST_OUTCOME_TRY(const SeenPage seen, SeenPage::of(page));
  BOOST_OUTCOME_TRY(check_size(position.width, position.height));
  const bool at_right =
      position.corner == Corner::bottom_right || position.corner == Corner::top_right;
  const bool at_top = position.corner == Corner::top_left || position.corner == Corner::top_right;
  const double x = at_right ? seen.width() - position.x - position.width : position.x;
  const double y = at_top ? seen.height() - position.y - position.height : position.y;
  const bool inside = x >= -kTolerance && y >= -kTolerance &&
                      x + position.width <= seen.width() + kTolerance &&
                      y + position.height <= seen.height() + kTolerance;
  if (!inside) {
    return misplaced(fmt::format(
        "the seal's box of {:g} x {:g} points, {:g} across and {:g} up or "
        "down from its corner, is not on the page, which is seen as "
        "{:g} x {:g} points",
        position.width, position.height, position.x, position.y, seen.width(), seen.height()));
  }
  return seen.placement(seen.in_page(x, y, position.width, position.height));
}

LookResult<Placement> placement_of(const PageShape& page, const PageBox& rectangle) {
  BOOST_OUTCOME_TRY(const SeenPage seen, SeenPage::of(page));
  const Placement placement = seen.placement(normalised(rectangle));
  BOOST_OUTCOME_TRY(check_size(placement.width, placement.height));
  return placement;
}

std::optional<double> parse_length(std::string_view text) {
  struct Unit {
    std::string_view name;
    double points;
  };
  constexpr std::array<Unit, 5> units = {
      {{"", 1}, {"pt", 1}, {"mm", 72 / 25.4}, {"cm", 720 / 25.4}, {"in", 72}}};
  double number = 0;
  const auto [end, trouble] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (trouble != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const auto* const unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& one) { return one.name == text; });
  if (unit == units.end()) return std::nullopt;
  const double points = number * unit->points;
  if (!(points >= 0 && points <= kMostPoints)) return std::nullopt;
  return points;
}

}  // namespace signet::pdf::look
