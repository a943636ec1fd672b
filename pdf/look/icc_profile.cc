#include "pdf/look/icc_profile.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace signet::pdf::look {

namespace {

// Fractions of 65,536, as s15Fixed16Number has them: relative to D50, by the Bradford transform.
using Xyz = std::array<std::uint32_t, 3>;
constexpr Xyz kD50 = {0xF6D6, 0x10000, 0xD32D};
constexpr Xyz kRed = {0x6FA2, 0x38F5, 0x0390};
constexpr Xyz kGreen = {0x6299, 0xB785, 0x18DA};
constexpr Xyz kBlue = {0x24A0, 0x0F84, 0xB6CF};

constexpr std::uint32_t kCurvePoints = 256;
constexpr std::size_t kHeaderSize = 128;

class Writer {
 public:
  void number(std::uint32_t value, int size = 4) {
    for (int i = size - 1; i >= 0; --i)
      bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void text(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  void zeros(std::size_t count) { bytes_.insert(bytes_.end(), count, 0); }
  void xyz(const Xyz& value) {
    for (const std::uint32_t part : value) number(part);
  }
  void append(const Bytes& other) { bytes_.insert(bytes_.end(), other.begin(), other.end()); }
  void align() {
    while (bytes_.size() % 4 != 0) bytes_.push_back(0);
  }
  std::size_t size() const { return bytes_.size(); }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

// textDescriptionType: ASCII alone; 67 bytes are the Macintosh's, which must be there.
Bytes description(std::string_view text) {
  Writer out;
  out.text("desc");
  out.number(0);
  out.number(static_cast<std::uint32_t>(text.size() + 1));
  out.text(text);
  out.zeros(1 + 4 + 4 + 2 + 1 + 67);
  return out.take();
}

Bytes plain_text(std::string_view text) {
  Writer out;
  out.text("text");
  out.number(0);
  out.text(text);
  out.zeros(1);
  return out.take();
}

Bytes point(const Xyz& value) {
  Writer out;
  out.text("XYZ ");
  out.number(0);
  out.xyz(value);
  return out.take();
}

double linear(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

Bytes curve() {
  Writer out;
  out.text("curv");
  out.number(0);
  out.number(kCurvePoints);
  for (std::uint32_t i = 0; i < kCurvePoints; ++i) {
    const double value = linear(static_cast<double>(i) / (kCurvePoints - 1));
    out.number(static_cast<std::uint32_t>(std::lround(value * 65535)), 2);
  }
  return out.take();
}

// `space`: four letters.
Bytes header(std::string_view space, std::size_t size) {
  Writer out;
  out.number(static_cast<std::uint32_t>(size));
  out.zeros(4);
  out.number(0x02100000);
  out.text("mntr");
  out.text(space);
  out.text("XYZ ");
  for (const std::uint32_t part : {2026U, 1U, 1U, 0U, 0U, 0U}) out.number(part, 2);
  out.text("acsp");
  out.zeros(28);
  out.xyz(kD50);
  out.zeros(kHeaderSize - out.size());
  return out.take();
}

// A part that several tags share.
struct Part {
  std::vector<std::string_view> tags;
  Bytes content;
};

Bytes profile_of(std::string_view space, const std::vector<Part>& parts) {
  std::uint32_t tags = 0;
  for (const Part& part : parts) tags += static_cast<std::uint32_t>(part.tags.size());
  const std::size_t begin = kHeaderSize + 4 + std::size_t{tags} * 12;
  Writer table;
  Writer data;
  table.number(tags);
  for (const Part& part : parts) {
    for (const std::string_view tag : part.tags) {
      table.text(tag);
      table.number(static_cast<std::uint32_t>(begin + data.size()));
      table.number(static_cast<std::uint32_t>(part.content.size()));
    }
    data.append(part.content);
    data.align();
  }
  Writer whole;
  whole.append(header(space, begin + data.size()));
  whole.append(table.take());
  whole.append(data.take());
  return whole.take();
}

Bytes copyright() {
  return plain_text("No copyright, use freely");
}

}  // namespace

const Bytes& srgb_profile() {
  static const Bytes kProfile = profile_of("RGB ", {{{"desc"}, description("sRGB")},
                                                    {{"cprt"}, copyright()},
                                                    {{"wtpt"}, point(kD50)},
                                                    {{"rXYZ"}, point(kRed)},
                                                    {{"gXYZ"}, point(kGreen)},
                                                    {{"bXYZ"}, point(kBlue)},
                                                    {{"rTRC", "gTRC", "bTRC"}, curve()}});
  return kProfile;
}

const Bytes& gray_profile() {
  static const Bytes kProfile = profile_of("GRAY", {{{"desc"}, description("Gray of sRGB")},
                                                    {{"cprt"}, copyright()},
                                                    {{"wtpt"}, point(kD50)},
                                                    {{"kTRC"}, curve()}});
  return kProfile;
}

}  // namespace signet::pdf::look
