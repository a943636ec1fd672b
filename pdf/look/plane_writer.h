// Compresses samples, row by row, as /FlateDecode with /Predictor 15 undoes it: by libpng, which chooses each row's filter.
#ifndef SIGNET_PDF_LOOK_PLANE_WRITER_H_
#define SIGNET_PDF_LOOK_PLANE_WRITER_H_

#include <cstdint>

#include "common/bytes.h"
#include "pdf/look/png.h"
#include "pdf/look/png_guard.h"

namespace signet::pdf::look {

class PlaneWriter {
 public:
  PlaneWriter() = default;
  PlaneWriter(const PlaneWriter&) = delete;
  PlaneWriter& operator=(const PlaneWriter&) = delete;
  ~PlaneWriter();

  // These three are for png_guarded() (png_guard.h). `format` says what a row consists of.
  void start(PngTrouble& trouble, std::uint32_t width, std::uint32_t height, const Plane& format);
  void add(const std::uint8_t* row);
  void finish();

  bool started() const { return png_ != nullptr; }
  Plane take(const Plane& format) const;  // with its data

 private:
  static void collect(png_structp png, png_bytep data, std::size_t size);
  static void flush(png_structp png);

  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  Bytes file_;  // a PNG file
};

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_PLANE_WRITER_H_
