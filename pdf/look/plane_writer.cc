#include "pdf/look/plane_writer.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>

namespace signet::pdf::look {

namespace {

int png_colour_type(Samples samples) {
  switch (samples) {
    case Samples::rgb:
      return PNG_COLOR_TYPE_RGB;
    case Samples::palette:
      return PNG_COLOR_TYPE_PALETTE;
    case Samples::gray:
      break;
  }
  return PNG_COLOR_TYPE_GRAY;
}

// The content of a PNG file's IDAT chunks, which are one deflated stream.
Bytes image_data(ByteView file) {
  constexpr std::size_t signature = 8;
  constexpr std::size_t length_and_type = 8;
  constexpr std::size_t checksum = 4;
  Bytes data;
  file = file.subspan(signature);
  while (file.size() >= length_and_type) {
    const std::size_t size = png_get_uint_32(file.data());
    const std::string_view type = text_of(file.subspan(4, 4));
    const ByteView content = file.subspan(length_and_type, size);
    if (type == "IDAT") data.insert(data.end(), content.begin(), content.end());
    file = file.subspan(length_and_type + size + checksum);
  }
  return data;
}

}  // namespace

void png_failed(png_structp png, png_const_charp message) {
  auto* const trouble = static_cast<PngTrouble*>(png_get_error_ptr(png));
  std::strncpy(trouble->message.data(), message, trouble->message.size() - 1);
  std::longjmp(trouble->back, 1);  // NOLINT(cert-err52-cpp): see png_guard.h
}

void png_warned(png_structp /*png*/, png_const_charp /*message*/) {}

PlaneWriter::~PlaneWriter() {
  if (png_ != nullptr) png_destroy_write_struct(&png_, &info_);
}

void PlaneWriter::collect(png_structp png, png_bytep data, std::size_t size) {
  auto& file = *static_cast<Bytes*>(png_get_io_ptr(png));
  bool had_memory = true;
  try {
    file.insert(file.end(), data, data + size);
  } catch (const std::bad_alloc&) {
    had_memory = false;
  }
  if (!had_memory) png_error(png, "out of memory");
}

void PlaneWriter::flush(png_structp /*png*/) {}

void PlaneWriter::start(PngTrouble& trouble, std::uint32_t width, std::uint32_t height,
                        const Plane& format) {
  png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, &trouble, png_failed, png_warned);
  if (png_ == nullptr) throw std::bad_alloc();
  info_ = png_create_info_struct(png_);
  if (info_ == nullptr) throw std::bad_alloc();
  png_set_write_fn(png_, &file_, collect, flush);
  png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(png_, info_, width, height, format.bits, png_colour_type(format.samples),
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (format.samples == Samples::palette) {
    // libpng writes no image without one; what is in it, the document has elsewhere.
    const png_color black = {0, 0, 0};
    std::array<png_color, PNG_MAX_PALETTE_LENGTH> palette{};
    palette.fill(black);
    png_set_PLTE(png_, info_, palette.data(), 1 << format.bits);
  }
  png_write_info(png_, info_);
}

void PlaneWriter::add(const std::uint8_t* row) {
  png_write_row(png_, row);
}

void PlaneWriter::finish() {
  png_write_end(png_, nullptr);
}

Plane PlaneWriter::take(const Plane& format) const {
  Plane plane = format;
  plane.data = image_data(file_);
  return plane;
}

}  // namespace signet::pdf::look
