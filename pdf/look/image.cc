#include "pdf/look/image.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "common/bounded_file.h"
#include "common/printable.h"
#include "pdf/look/deflate.h"

namespace signet::pdf::look {

namespace {

using Handle = QPDFObjectHandle;

Error refused_image(const std::string& source, const std::string& why) {
  return {Fault::image, fmt::format("the image {} {}", printable(source), why)};
}

void put_integer(Handle& dictionary, const char* key, std::int64_t number) {
  dictionary.replaceKey(key, Handle::newInteger(number));
}

Handle image_dictionary(std::uint32_t width, std::uint32_t height, int bits) {
  Handle dictionary = Handle::parse("<< /Type /XObject /Subtype /Image >>");
  put_integer(dictionary, "/Width", width);
  put_integer(dictionary, "/Height", height);
  put_integer(dictionary, "/BitsPerComponent", bits);
  return dictionary;
}

// Of a PNG's planes: /DecodeParms says how its rows are filtered.
Handle put_plane(const PngImage& image, const Plane& plane, Handle dictionary, ObjectSink& sink) {
  Handle parameters = Handle::newDictionary();
  put_integer(parameters, "/Predictor", 15);
  put_integer(parameters, "/Colors", plane.samples == Samples::rgb ? 3 : 1);
  put_integer(parameters, "/BitsPerComponent", plane.bits);
  put_integer(parameters, "/Columns", image.width);
  dictionary.replaceKey("/Filter", Handle::newName("/FlateDecode"));
  dictionary.replaceKey("/DecodeParms", parameters);
  const Handle reference = sink.allocate();
  sink.put_stream(reference, dictionary, plane.data);
  return reference;
}

Handle colour_space_of(const Plane& plane, ColourSpaces& spaces) {
  if (plane.samples == Samples::gray) return spaces.gray();
  if (plane.samples == Samples::rgb) return spaces.rgb();
  Handle indexed = Handle::newArray();
  indexed.appendItem(Handle::newName("/Indexed"));
  indexed.appendItem(spaces.rgb());
  indexed.appendItem(Handle::newInteger((1 << plane.bits) - 1));
  indexed.appendItem(Handle::newString(std::string(text_of(plane.palette))));
  return indexed;
}

// ICC.1, 7.2: the version is at 8, the class of device at 12, the colour space at 16.
bool is_usable_cmyk_profile(ByteView profile, const Demands& demands) {
  if (profile.size() < 132) return false;
  const std::string_view device = text_of(profile.subspan(12, 4));
  const bool known = device == "prtr" || device == "scnr" || device == "mntr" || device == "spac";
  const int most = demands.pdfa_part == 1 ? 2 : 4;
  return known && profile[8] <= most && text_of(profile.subspan(16, 4)) == "CMYK";
}

}  // namespace

LookResult<std::shared_ptr<const Image>> Image::open(const std::filesystem::path& file) {
  auto read = read_file(file, kMostBytes);
  if (!read) return Error{Fault::image, read.error().sentence};
  return from(std::move(read.value()), file.string());
}

LookResult<std::shared_ptr<const Image>> Image::from(Bytes file, std::string source) {
  if (is_png(file)) {
    auto png = read_png(file);
    if (!png) return refused_image(source, png.error());
    return std::shared_ptr<const Image>(new Image(std::move(source), std::move(png.value())));
  }
  if (is_jpeg(file)) {
    auto facts = read_jpeg(file);
    if (!facts) return refused_image(source, facts.error());
    file.resize(facts.value().size);
    Jpeg jpeg{std::move(facts.value()), std::move(file)};
    return std::shared_ptr<const Image>(new Image(std::move(source), std::move(jpeg)));
  }
  return refused_image(source, "is neither PNG nor JPEG");
}

std::uint32_t Image::width() const {
  const auto* const png = std::get_if<PngImage>(&content_);
  return png != nullptr ? png->width : std::get<Jpeg>(content_).facts.width;
}

std::uint32_t Image::height() const {
  const auto* const png = std::get_if<PngImage>(&content_);
  return png != nullptr ? png->height : std::get<Jpeg>(content_).facts.height;
}

bool Image::is_transparent_in(const Demands& demands) const {
  const auto* const png = std::get_if<PngImage>(&content_);
  return png != nullptr && png->alpha && demands.allows_transparency();
}

LookResult<void> Image::check(const Demands& demands) const {
  const auto* const jpeg = std::get_if<Jpeg>(&content_);
  const bool described = jpeg == nullptr || jpeg->facts.components != 4 || !demands.is_pdfa() ||
                         demands.intent == IntentSpace::cmyk ||
                         is_usable_cmyk_profile(jpeg->facts.profile, demands);
  if (described) return success();
  return Error{Fault::forbidden,
               fmt::format("the document is PDF/A-{} and has no output intent for CMYK: the image "
                           "{} is CMYK, and has no ICC profile that it could bring; use RGB",
                           demands.pdfa_part, printable(source_))};
}

QPDFObjectHandle Image::put(ObjectSink& sink, ColourSpaces& spaces) const {
  const auto* const png = std::get_if<PngImage>(&content_);
  return png != nullptr ? put_png(*png, sink, spaces)
                        : put_jpeg(std::get<Jpeg>(content_), sink, spaces);
}

QPDFObjectHandle Image::put_png(const PngImage& image, ObjectSink& sink, ColourSpaces& spaces) {
  const bool soft = spaces.demands().allows_transparency();
  const Plane& colours = image.flat_colours && !soft ? *image.flat_colours : image.colours;
  Handle dictionary = image_dictionary(image.width, image.height, colours.bits);
  dictionary.replaceKey("/ColorSpace", colour_space_of(colours, spaces));
  if (image.alpha && soft) {
    Handle alpha = image_dictionary(image.width, image.height, image.alpha->bits);
    alpha.replaceKey("/ColorSpace", Handle::newName("/DeviceGray"));
    dictionary.replaceKey("/SMask", put_plane(image, *image.alpha, alpha, sink));
  } else if (image.mask) {
    Handle mask = image_dictionary(image.width, image.height, image.mask->bits);
    mask.replaceKey("/ImageMask", Handle::newBool(true));
    dictionary.replaceKey("/Mask", put_plane(image, *image.mask, mask, sink));
  }
  return put_plane(image, colours, dictionary, sink);
}

QPDFObjectHandle Image::put_jpeg(const Jpeg& image, ObjectSink& sink, ColourSpaces& spaces) {
  const JpegImage& facts = image.facts;
  Handle dictionary = image_dictionary(facts.width, facts.height, 8);
  dictionary.replaceKey("/Filter", Handle::newName("/DCTDecode"));
  if (facts.components == 1) {
    dictionary.replaceKey("/ColorSpace", spaces.gray());
  } else if (facts.components == 3) {
    dictionary.replaceKey("/ColorSpace", spaces.rgb());
  } else if (spaces.allows_device_cmyk()) {
    dictionary.replaceKey("/ColorSpace", Handle::newName("/DeviceCMYK"));
  } else {
    Handle profile = Handle::newDictionary();
    put_integer(profile, "/N", 4);
    Handle based = Handle::newArray();
    based.appendItem(Handle::newName("/ICCBased"));
    based.appendItem(put_deflated(sink, profile, facts.profile));
    dictionary.replaceKey("/ColorSpace", based);
  }
  if (facts.inverted) dictionary.replaceKey("/Decode", Handle::parse("[1 0 1 0 1 0 1 0]"));
  if (facts.plain_rgb) {
    dictionary.replaceKey("/DecodeParms", Handle::parse("<< /ColorTransform 0 >>"));
  }
  const Handle reference = sink.allocate();
  sink.put_stream(reference, dictionary, image.file);
  return reference;
}

}  // namespace signet::pdf::look
