// Images of a seal: PNG and JPEG files, as objects of a document.
#ifndef SIGNET_PDF_LOOK_IMAGE_H_
#define SIGNET_PDF_LOOK_IMAGE_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <qpdf/QPDFObjectHandle.hh>
#include <string>
#include <variant>

#include "common/bytes.h"
#include "pdf/look/colour.h"
#include "pdf/look/error.h"
#include "pdf/look/jpeg.h"
#include "pdf/look/png.h"
#include "pdf/object_sink.h"

namespace signet::pdf::look {

// Immutable, and usable by several threads and in many documents. RGB is taken as sRGB, whatever the file says of its
// colours, and the image as it is stored, whatever it says of its orientation.
class Image {
 public:
  static constexpr std::size_t kMostBytes = 32UL << 20U;  // of an image's file

  // Fault::image: it cannot be read, is neither PNG nor JPEG, is damaged or too large.
  static LookResult<std::shared_ptr<const Image>> open(const std::filesystem::path& file);
  // `source` is what sentences call it.
  static LookResult<std::shared_ptr<const Image>> from(Bytes file, std::string source);

  std::uint32_t width() const;  // pixels
  std::uint32_t height() const;

  // Whether it is transparent where it is put into such a document. PDF/A-1, and PDF/A without an output intent, have it
  // over white, and nothing where it is transparent altogether.
  bool is_transparent_in(const Demands& demands) const;

  // Fault::forbidden: PDF/A without an output intent for CMYK takes no CMYK image without an ICC profile of its own.
  LookResult<void> check(const Demands& demands) const;

  // A reference to the image XObject. Only where check() has no objection.
  QPDFObjectHandle put(ObjectSink& sink, ColourSpaces& spaces) const;

 private:
  struct Jpeg {
    JpegImage facts;
    Bytes file;
  };

  Image(std::string source, std::variant<PngImage, Jpeg> content)
      : source_(std::move(source)), content_(std::move(content)) {}

  static QPDFObjectHandle put_png(const PngImage& image, ObjectSink& sink, ColourSpaces& spaces);
  static QPDFObjectHandle put_jpeg(const Jpeg& image, ObjectSink& sink, ColourSpaces& spaces);

  std::string source_;
  std::variant<PngImage, Jpeg> content_;
};

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_IMAGE_H_
