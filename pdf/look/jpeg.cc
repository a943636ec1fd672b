#include "pdf/look/jpeg.h"

#include <fmt/format.h>

#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <vector>
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include "common/printable.h"
#include "pdf/look/png.h"

namespace signet::pdf::look {

namespace {

constexpr int kMostScans = 100;            // of a progressive image; encoders write about ten
constexpr long kMostMemory = 128L << 20U;  // that libjpeg takes
constexpr std::size_t kMostProfile = 4UL << 20U;

// Errors jump back to guarded(), since libjpeg's frames know no exceptions, over frames without destructors; what must be
// freed belongs to this object.
class JpegReading {
 public:
  explicit JpegReading(ByteView file) : file_(file) {
    jpeg_.err = jpeg_std_error(&errors_);
    errors_.error_exit = fail;
    errors_.output_message = [](j_common_ptr) {};
    errors_.emit_message = count_warning;
    jpeg_.client_data = this;
  }
  JpegReading(const JpegReading&) = delete;
  JpegReading& operator=(const JpegReading&) = delete;
  ~JpegReading() {
    if (created_) jpeg_destroy_decompress(&jpeg_);
    std::free(profile_);
  }

  Result<JpegImage, std::string> read() {
    if (!guarded(read_head)) return unreadable();
    BOOST_OUTCOME_TRY(check_head());
    note_head();
    row_.resize(std::size_t{jpeg_.image_width} * static_cast<std::size_t>(jpeg_.num_components));
    if (!guarded(read_rows)) return unreadable();
    if (warned_) return unreadable();
    image_.size = file_.size() - jpeg_.src->bytes_in_buffer;
    return std::move(image_);
  }

 private:
  bool guarded(void (*body)(JpegReading&)) {
    if (setjmp(back_) != 0) return false;  // NOLINT(cert-err52-cpp)
    body(*this);
    return true;
  }

  static JpegReading& self_of(j_common_ptr jpeg) {
    return *static_cast<JpegReading*>(jpeg->client_data);
  }

  [[noreturn]] static void fail(j_common_ptr jpeg) {
    JpegReading& self = self_of(jpeg);
    self.keep_message();
    std::longjmp(self.back_, 1);  // NOLINT(cert-err52-cpp)
  }

  // Level -1: the data are damaged, and libjpeg makes something up.
  static void count_warning(j_common_ptr jpeg, int level) {
    if (level >= 0 || self_of(jpeg).warned_) return;
    self_of(jpeg).warned_ = true;
    self_of(jpeg).keep_message();
  }

  void keep_message() {
    errors_.format_message(reinterpret_cast<j_common_ptr>(&jpeg_), message_.data());
  }

  static void watch_scans(j_common_ptr jpeg) {
    auto* const decompress = reinterpret_cast<j_decompress_ptr>(jpeg);
    if (decompress->input_scan_number <= kMostScans) return;
    JpegReading& self = self_of(jpeg);
    (void)std::snprintf(self.message_.data(), self.message_.size(), "it has more than %d scans",
                        kMostScans);
    std::longjmp(self.back_, 1);  // NOLINT(cert-err52-cpp)
  }

  static void read_head(JpegReading& self) {
    jpeg_create_decompress(&self.jpeg_);
    self.created_ = true;
    self.jpeg_.client_data = &self;
    self.jpeg_.mem->max_memory_to_use = kMostMemory;
    self.progress_.progress_monitor = watch_scans;
    self.jpeg_.progress = &self.progress_;
    jpeg_mem_src(&self.jpeg_, self.file_.data(), self.file_.size());
    jpeg_save_markers(&self.jpeg_, JPEG_APP0 + 2, 0xFFFF);
    jpeg_read_header(&self.jpeg_, TRUE);
  }

  Result<void, std::string> check_head() const {
    const std::uint64_t pixels = std::uint64_t{jpeg_.image_width} * jpeg_.image_height;
    if (pixels > kMostPixels) {
      return fmt::format("has {} x {} pixels; at most {} are taken", jpeg_.image_width,
                         jpeg_.image_height, kMostPixels);
    }
    if (jpeg_.data_precision != 8) {
      return fmt::format("has {} bits a colour; PDF takes 8", jpeg_.data_precision);
    }
    if (jpeg_.arith_code != 0)
      return std::string("is arithmetically coded, which PDF does not take");
    const int components = jpeg_.num_components;
    if (components != 1 && components != 3 && components != 4) {
      return fmt::format("has {} colour components; PDF takes 1, 3 or 4", components);
    }
    return success();
  }

  void note_head() {
    image_.width = jpeg_.image_width;
    image_.height = jpeg_.image_height;
    image_.components = jpeg_.num_components;
    const bool adobe = jpeg_.saw_Adobe_marker != 0;
    image_.inverted = image_.components == 4 && adobe;
    image_.plain_rgb = jpeg_.jpeg_color_space == JCS_RGB && !adobe;
    unsigned size = 0;
    if (guarded([](JpegReading& self) {
          if (jpeg_read_icc_profile(&self.jpeg_, &self.profile_, &self.profile_size_) == 0) {
            self.profile_size_ = 0;
          }
        })) {
      size = profile_size_;
    }
    if (profile_ != nullptr && size > 0 && size <= kMostProfile) {
      image_.profile.assign(profile_, profile_ + size);
    }
    warned_ = false;  // a damaged profile is none
  }

  // All of it, at an eighth of its size, which is quick.
  static void read_rows(JpegReading& self) {
    self.jpeg_.scale_num = 1;
    self.jpeg_.scale_denom = 8;
    self.jpeg_.dct_method = JDCT_IFAST;
    self.jpeg_.do_fancy_upsampling = FALSE;
    self.jpeg_.out_color_space = self.jpeg_.jpeg_color_space;
    jpeg_start_decompress(&self.jpeg_);
    while (self.jpeg_.output_scanline < self.jpeg_.output_height) {
      JSAMPROW row = self.row_.data();
      jpeg_read_scanlines(&self.jpeg_, &row, 1);
    }
    jpeg_finish_decompress(&self.jpeg_);
  }

  std::string unreadable() const {
    return "cannot be read: " + printable(std::string_view(message_.data()));
  }

  ByteView file_;
  jpeg_decompress_struct jpeg_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf back_;
  std::array<char, JMSG_LENGTH_MAX> message_{};
  JpegImage image_;
  std::vector<JSAMPLE> row_;
  JOCTET* profile_ = nullptr;
  unsigned profile_size_ = 0;
  bool created_ = false;
  bool warned_ = false;
};

}  // namespace

bool is_jpeg(ByteView file) {
  return file.size() >= 3 && file[0] == 0xFF && file[1] == 0xD8 && file[2] == 0xFF;
}

Result<JpegImage, std::string> read_jpeg(ByteView file) {
  return JpegReading(file).read();
}

}  // namespace signet::pdf::look
