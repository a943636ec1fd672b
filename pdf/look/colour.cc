#include "pdf/look/colour.h"

#include <fmt/format.h>

#include "common/bytes.h"
#include "pdf/look/content.h"
#include "pdf/look/deflate.h"
#include "pdf/look/icc_profile.h"

namespace signet::pdf::look {

namespace {

QPDFObjectHandle name(const char* text) {
  return QPDFObjectHandle::newName(text);
}

std::string component(std::uint8_t value) {
  return number_text(value / 255.0);
}

}  // namespace

std::optional<Colour> parse_colour(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != 3) return std::nullopt;
  return Colour{(*bytes)[0], (*bytes)[1], (*bytes)[2]};
}

// ISO 19005-1, 6.2.3.3; ISO 19005-2, 6.2.4.3.
bool ColourSpaces::allows_device_gray() const {
  return !demands_.is_pdfa() || demands_.intent != IntentSpace::none;
}

bool ColourSpaces::allows_device_rgb() const {
  return !demands_.is_pdfa() || demands_.intent == IntentSpace::rgb;
}

bool ColourSpaces::allows_device_cmyk() const {
  return !demands_.is_pdfa() || demands_.intent == IntentSpace::cmyk;
}

QPDFObjectHandle ColourSpaces::gray() {
  return allows_device_gray() ? name("/DeviceGray") : based_on(gray_, 1, gray_profile());
}

QPDFObjectHandle ColourSpaces::rgb() {
  return allows_device_rgb() ? name("/DeviceRGB") : based_on(srgb_, 3, srgb_profile());
}

QPDFObjectHandle ColourSpaces::based_on(QPDFObjectHandle& profile, int components, ByteView data) {
  if (!profile.isInitialized()) {
    QPDFObjectHandle dictionary = QPDFObjectHandle::newDictionary();
    dictionary.replaceKey("/N", QPDFObjectHandle::newInteger(components));
    profile = put_deflated(sink_, dictionary, data);
  }
  QPDFObjectHandle space = QPDFObjectHandle::newArray();
  space.appendItem(name("/ICCBased"));
  space.appendItem(profile);
  return space;
}

std::string ColourSpaces::fill(const Colour& colour, QPDFObjectHandle resources) {
  if (colour.is_gray() && allows_device_gray()) return component(colour.red) + " g\n";
  const std::string components = fmt::format("{} {} {}", component(colour.red),
                                             component(colour.green), component(colour.blue));
  if (allows_device_rgb()) return components + " rg\n";
  if (!resources.hasKey("/ColorSpace")) {
    resources.replaceKey("/ColorSpace", QPDFObjectHandle::newDictionary());
  }
  resources.getKey("/ColorSpace").replaceKey("/sRGB", rgb());
  return "/sRGB cs " + components + " sc\n";
}

}  // namespace signet::pdf::look
