// The colour spaces that a document allows.
#ifndef SIGNET_PDF_LOOK_COLOUR_H_
#define SIGNET_PDF_LOOK_COLOUR_H_

#include <cstdint>
#include <optional>
#include <qpdf/QPDFObjectHandle.hh>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "pdf/look/demands.h"
#include "pdf/object_sink.h"

namespace signet::pdf::look {

// sRGB.
struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  bool is_gray() const { return red == green && green == blue; }
  bool operator==(const Colour&) const = default;
};

// "#0a64c8" or "0a64c8".
std::optional<Colour> parse_colour(std::string_view text);

// Colour spaces for one seal: DeviceGray, DeviceRGB and DeviceCMYK where the document allows them, else such as do not
// depend on a device; their profiles (icc_profile.h) are put into the document once, when they are first wanted.
class ColourSpaces {
 public:
  ColourSpaces(ObjectSink& sink, const Demands& demands) : sink_(sink), demands_(demands) {}

  QPDFObjectHandle gray();
  QPDFObjectHandle rgb();
  bool allows_device_cmyk() const;

  // The operators that make it the colour for filling. Where `resources` needs a /ColorSpace for them, it gets one.
  std::string fill(const Colour& colour, QPDFObjectHandle resources);

  const Demands& demands() const { return demands_; }

 private:
  bool allows_device_gray() const;
  bool allows_device_rgb() const;
  QPDFObjectHandle based_on(QPDFObjectHandle& profile, int components, ByteView data);

  ObjectSink& sink_;
  Demands demands_;
  QPDFObjectHandle srgb_;  // the profiles' streams, once they are wanted
  QPDFObjectHandle gray_;
};

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_COLOUR_H_
