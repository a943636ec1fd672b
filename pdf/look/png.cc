#include "pdf/look/png.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <vector>

#include "common/printable.h"
#include "pdf/look/plane_writer.h"
#include "pdf/look/png_guard.h"

namespace signet::pdf::look {

namespace {

// Chunks that say nothing about the samples are skipped unread; each name ends with a NUL.
constexpr char kSkipped[] =
    "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0"
    "sBIT\0sCAL\0sPLT\0sRGB\0sTER\0tEXt\0tIME\0zTXt";
constexpr int kSkippedCount = sizeof(kSkipped) / 5;

// Reads a file row by row and writes its planes at the same time.
class PngReading {
 public:
  explicit PngReading(ByteView file) : rest_(file) {}
  PngReading(const PngReading&) = delete;
  PngReading& operator=(const PngReading&) = delete;
  ~PngReading() {
    if (png_ != nullptr) png_destroy_read_struct(&png_, &info_, nullptr);
  }

  Result<PngImage, std::string> read() {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &trouble_, png_failed, png_warned);
    if (png_ == nullptr) throw std::bad_alloc();
    info_ = png_create_info_struct(png_);
    if (info_ == nullptr) throw std::bad_alloc();
    if (!png_guarded(trouble_, read_head, *this)) return failure();
    BOOST_OUTCOME_TRY(prepare());
    if (!png_guarded(trouble_, read_rows, *this)) return failure();
    return finished();
  }

 private:
  // libpng's callback.
  static void give(png_structp png, png_bytep data, std::size_t size) {
    auto& reading = *static_cast<PngReading*>(png_get_io_ptr(png));
    if (size > reading.rest_.size()) png_error(png, "the file ends too early");
    std::memcpy(data, reading.rest_.data(), size);
    reading.rest_ = reading.rest_.subspan(size);
  }

  static void read_head(PngReading& self) {
    png_structp const png = self.png_;
    png_set_read_fn(png, &self, give);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, 0);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER,
                                reinterpret_cast<png_const_bytep>(kSkipped), kSkippedCount);
    png_set_user_limits(png, kMostPixels, kMostPixels);
    png_read_info(png, self.info_);
    if (png_get_valid(png, self.info_, PNG_INFO_tRNS) != 0) png_set_expand(png);
    png_set_scale_16(png);
    self.passes_ = png_set_interlace_handling(png);
    png_read_update_info(png, self.info_);
  }

  Result<void, std::string> prepare() {
    image_.width = png_get_image_width(png_, info_);
    image_.height = png_get_image_height(png_, info_);
    if (std::uint64_t{image_.width} * image_.height > kMostPixels) {
      return fmt::format("has {} x {} pixels; at most {} are taken", image_.width, image_.height,
                         kMostPixels);
    }
    const int type = png_get_color_type(png_, info_);
    channels_ = png_get_channels(png_, info_);
    has_alpha_ = (type & PNG_COLOR_MASK_ALPHA) != 0;
    format_.bits = png_get_bit_depth(png_, info_);
    if (type == PNG_COLOR_TYPE_PALETTE) {
      format_.samples = Samples::palette;
      read_palette();
    } else if ((type & PNG_COLOR_MASK_COLOR) != 0) {
      format_.samples = Samples::rgb;
    }
    const std::size_t row = png_get_rowbytes(png_, info_);
    const bool interlaced = passes_ > 1;
    if (interlaced && row * image_.height > kMostInterlacedBytes) {
      return fmt::format("is interlaced and has {} x {} pixels; save it without interlacing",
                         image_.width, image_.height);
    }
    rows_.resize(interlaced ? row * image_.height : row);
    if (interlaced) {
      for (std::uint32_t y = 0; y < image_.height; ++y) row_starts_.push_back(&rows_[y * row]);
    }
    colour_row_.resize(row);
    flat_row_.resize(row);
    alpha_row_.resize(image_.width);
    mask_row_.resize((image_.width + 7) / 8);
    return success();
  }

  void read_palette() {
    png_colorp entries = nullptr;
    int count = 0;
    png_get_PLTE(png_, info_, &entries, &count);
    format_.palette.assign((std::size_t{1} << static_cast<unsigned>(format_.bits)) * 3, 0);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      if (i * 3 + 2 >= format_.palette.size()) break;
      format_.palette[i * 3] = entries[i].red;
      format_.palette[i * 3 + 1] = entries[i].green;
      format_.palette[i * 3 + 2] = entries[i].blue;
    }
  }

  static void read_rows(PngReading& self) {
    self.start_planes();
    if (self.passes_ > 1) {
      png_read_image(self.png_, self.row_starts_.data());
      for (std::uint8_t* const row : self.row_starts_) self.add_row(row);
    } else {
      for (std::uint32_t y = 0; y < self.image_.height; ++y) {
        png_read_row(self.png_, self.rows_.data(), nullptr);
        self.add_row(self.rows_.data());
      }
    }
    png_read_end(self.png_, nullptr);
    for (PlaneWriter* const plane : {&self.colours_, &self.alpha_, &self.flat_, &self.mask_}) {
      if (plane->started()) plane->finish();
    }
  }

  void start_planes() {
    colours_.start(trouble_, image_.width, image_.height, format_);
    if (!has_alpha_) return;
    alpha_.start(trouble_, image_.width, image_.height, kAlphaFormat);
    flat_.start(trouble_, image_.width, image_.height, format_);
    mask_.start(trouble_, image_.width, image_.height, kMaskFormat);
  }

  void add_row(const std::uint8_t* row) {
    if (!has_alpha_) return colours_.add(row);
    split(row);
    colours_.add(colour_row_.data());
    alpha_.add(alpha_row_.data());
    flat_.add(flat_row_.data());
    mask_.add(mask_row_.data());
  }

  void split(const std::uint8_t* pixel) {
    const std::size_t colours = channels_ - 1;
    std::uint8_t* colour = colour_row_.data();
    std::uint8_t* flat = flat_row_.data();
    std::fill(mask_row_.begin(), mask_row_.end(), std::uint8_t{0});
    for (std::size_t x = 0; x < image_.width; ++x) {
      const unsigned alpha = pixel[colours];
      for (std::size_t i = 0; i < colours; ++i) {
        *colour++ = *pixel;
        const unsigned over_white = *pixel++ * alpha + 255 * (255 - alpha);
        *flat++ = static_cast<std::uint8_t>((over_white + 127) / 255);
      }
      ++pixel;
      alpha_row_[x] = static_cast<std::uint8_t>(alpha);
      if (alpha == 0) mask_row_[x / 8] |= static_cast<std::uint8_t>(0x80U >> (x % 8));
      transparent_ = transparent_ || alpha != 255;
      empty_somewhere_ = empty_somewhere_ || alpha == 0;
    }
  }

  PngImage finished() {
    image_.colours = colours_.take(format_);
    if (transparent_) {
      image_.alpha = alpha_.take(kAlphaFormat);
      image_.flat_colours = flat_.take(format_);
      if (empty_somewhere_) image_.mask = mask_.take(kMaskFormat);
    }
    return std::move(image_);
  }

  std::string failure() const {
    return "cannot be read: " + printable(std::string_view(trouble_.message.data()));
  }

  inline static const Plane kAlphaFormat = {Samples::gray, 8, {}, {}};
  inline static const Plane kMaskFormat = {Samples::gray, 1, {}, {}};

  ByteView rest_;
  PngTrouble trouble_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  PngImage image_;
  Plane format_;
  int passes_ = 1;
  std::size_t channels_ = 1;
  bool has_alpha_ = false;
  bool transparent_ = false;      // somewhere, to some degree
  bool empty_somewhere_ = false;  // transparent altogether
  Bytes rows_;                    // one, or all of an interlaced image
  std::vector<std::uint8_t*> row_starts_;
  Bytes colour_row_;
  Bytes flat_row_;
  Bytes alpha_row_;
  Bytes mask_row_;
  PlaneWriter colours_;
  PlaneWriter alpha_;
  PlaneWriter flat_;
  PlaneWriter mask_;
};

}  // namespace

bool is_png(ByteView file) {
  return file.size() >= 8 && png_sig_cmp(file.data(), 0, 8) == 0;
}

Result<PngImage, std::string> read_png(ByteView file) {
  return PngReading(file).read();
}

}  // namespace signet::pdf::look
