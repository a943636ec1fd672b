#include "pdf/look/arrangement.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace signet::pdf::look {

namespace {

constexpr double kMostBeside = 0.4;  // of the width, for the image
constexpr double kMostAbove = 0.5;   // of the height
constexpr double kSlack = 0.01;      // points

Error no_room(double width, double height, double margin) {
  return {Fault::place, fmt::format("the seal's box of {:g} x {:g} points has no room within a "
                                    "margin of {:g} points",
                                    width, height, margin)};
}

LookResult<void> check_region(const std::optional<Region>& region, std::string_view whose,
                              double width, double height) {
  if (!region) return success();
  const bool inside = region->x >= -kSlack && region->y >= -kSlack && region->width > 0 &&
                      region->height > 0 && region->x + region->width <= width + kSlack &&
                      region->y + region->height <= height + kSlack;
  if (inside) return success();
  return Error{Fault::place, fmt::format("the region of the {} is not in the seal's box of {:g} x "
                                         "{:g} points",
                                         whose, width, height)};
}

// Both are there, and each gets its part of `room`.
Regions divided(const Look& look, const Region& room) {
  const double ratio = static_cast<double>(look.image->width()) / look.image->height();
  Region image = room;
  Region text = room;
  if (look.arrangement == Arrangement::beside_text) {
    image.width = std::min(room.width * kMostBeside, room.height * ratio);
    text.x += image.width + look.margin;
    text.width -= image.width + look.margin;
  } else if (look.arrangement == Arrangement::above_text) {
    image.height = std::min(room.height * kMostAbove, room.width / ratio);
    image.y += room.height - image.height;
    text.height -= image.height + look.margin;
  }
  return {text, image};
}

bool has_size(const Region& region) {
  return region.width > 0 && region.height > 0;
}

}  // namespace

LookResult<Regions> arranged(const Look& look, bool has_text, double width, double height) {
  BOOST_OUTCOME_TRY(check_region(look.text_region, "text", width, height));
  BOOST_OUTCOME_TRY(check_region(look.image_region, "image", width, height));
  const Region room = {look.margin, look.margin, width - 2 * look.margin, height - 2 * look.margin};
  const bool sensible = look.margin >= 0 && has_size(room);
  if (!sensible) return no_room(width, height, look.margin);
  Regions regions;
  // Who has a region of its own takes no room from the other.
  const bool share = has_text && look.image && !look.text_region && !look.image_region;
  if (share) {
    regions = divided(look, room);
  } else {
    if (has_text) regions.text = room;
    if (look.image) regions.image = room;
  }
  if (has_text && look.text_region) regions.text = look.text_region;
  if (look.image && look.image_region) regions.image = look.image_region;
  for (const auto& region : {regions.text, regions.image}) {
    if (region && !has_size(*region)) return no_room(width, height, look.margin);
  }
  return regions;
}

Region fitted(const Region& region, double width, double height) {
  const double scale = std::min(region.width / width, region.height / height);
  const double wide = width * scale;
  const double high = height * scale;
  return {region.x + (region.width - wide) / 2, region.y + (region.height - high) / 2, wide, high};
}

}  // namespace signet::pdf::look
