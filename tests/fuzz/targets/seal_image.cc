// Any bytes as the image of a visible seal. What is accepted becomes streams that qpdf reads, with as many samples as the
// image has pixels, in every kind of document.
#include <array>
#include <cstdint>

#include "common/printable.h"
#include "pdf/look/image.h"
#include "pdf/look/testing/document.h"
#include "pdf/look/testing/png_chunks.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

using namespace pdf::look;
using pdf::look::testing::Document;

constexpr std::array<Demands, 4> kDocuments = {{{0, IntentSpace::none},
                                                {1, IntentSpace::rgb},
                                                {2, IntentSpace::none},
                                                {3, IntentSpace::cmyk}}};

int whole(QPDFObjectHandle dictionary, const char* key) {
  return dictionary.getKey(key).getIntValueAsInt();
}

void check_plane(QPDFObjectHandle stream, std::uint32_t width, std::uint32_t height) {
  QPDFObjectHandle dictionary = stream.getDict();
  require(whole(dictionary, "/Width") == static_cast<int>(width) &&
              whole(dictionary, "/Height") == static_cast<int>(height),
          "a mask is as large as its image");
  if (dictionary.getKey("/Filter").getName() != "/FlateDecode") return;
  const auto bits = static_cast<std::size_t>(whole(dictionary, "/BitsPerComponent")) *
                    static_cast<std::size_t>(whole(dictionary.getKey("/DecodeParms"), "/Colors"));
  const std::size_t row = (width * bits + 7) / 8;
  const auto samples = stream.getStreamData(qpdf_dl_all);
  require(samples->getSize() == row * height, "there are samples for each pixel");
}

void check_image(const Image& image) {
  require(image.width() > 0 && image.height() > 0, "it has a size");
  require(std::uint64_t{image.width()} * image.height() <= kMostPixels, "it is not too large");
  for (const Demands& demands : kDocuments) {
    if (!image.check(demands)) continue;
    Document document(10, 10);
    ColourSpaces spaces(document, demands);
    QPDFObjectHandle stream = image.put(document, spaces);
    check_plane(stream, image.width(), image.height());
    for (const char* const mask : {"/SMask", "/Mask"}) {
      QPDFObjectHandle there = stream.getDict().getKey(mask);
      if (there.isStream()) check_plane(there, image.width(), image.height());
    }
    require(demands.allows_transparency() || !stream.getDict().hasKey("/SMask"),
            "there is no transparency where none is allowed");
  }
}

void check_file(Bytes file) {
  const auto image = Image::from(std::move(file), "image");
  if (image) return check_image(*image.value());
  const std::string& sentence = image.error().sentence;
  require(!sentence.empty() && sentence.size() < 500, "an error has a short sentence");
  require(printable(sentence) == sentence, "what is told can be shown: " + sentence);
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet::fuzz;
  const signet::Bytes bytes(data, data + size);
  check_file(bytes);
  // With checksums that fit, since no fuzzer finds those.
  if (is_png(bytes)) check_file(signet::pdf::look::testing::with_fitting_checksums(bytes));
  return 0;
}
