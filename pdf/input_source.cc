#include "pdf/input_source.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace signet::pdf {

namespace {

// All in all, so that a gigabyte of blanks behind an object, which qpdf passes over byte by byte, ends in seconds.
constexpr std::uint64_t kMostRead = std::uint64_t{64} * 1024 * 1024;

class WindowSource final : public InputSource {
 public:
  WindowSource(Window& window, const CrossReference& cross_reference)
      : window_(window), base_(cross_reference.base()), size_(cross_reference.end() - base_) {
    const std::uint64_t hidden = cross_reference.header() - base_;
    if (hidden == 0) return;
    std::string header(8, ' ');
    window_.read(cross_reference.header(),
                 std::span(reinterpret_cast<std::uint8_t*>(header.data()), header.size()));
    front_ = header + '\n';
    front_.resize(std::max<std::size_t>(front_.size(), static_cast<std::size_t>(hidden)), ' ');
  }

  qpdf_offset_t findAndSkipNextEOL() override {
    const std::uint64_t begin = at_;
    while (at_ < size_ && at_ - begin < kMostRead && !is_line_end(byte(at_))) ++at_;
    const std::uint64_t found = at_;
    while (at_ < size_ && at_ - begin < kMostRead && is_line_end(byte(at_))) ++at_;
    count(at_ - begin);
    return static_cast<qpdf_offset_t>(found);
  }

  std::string const& getName() const override { return name_; }
  qpdf_offset_t tell() override { return static_cast<qpdf_offset_t>(at_); }

  void seek(qpdf_offset_t offset, int whence) override {
    const auto from = static_cast<qpdf_offset_t>(whence == SEEK_SET   ? 0
                                                 : whence == SEEK_CUR ? at_
                                                                      : size_);
    if (offset < -from) throw std::runtime_error("a place in front of the document");
    at_ = static_cast<std::uint64_t>(from + offset);
  }

  void rewind() override { at_ = 0; }

  size_t read(char* to, size_t length) override {
    setLastOffset(static_cast<qpdf_offset_t>(at_));
    if (at_ >= size_) return 0;
    length = static_cast<size_t>(std::min<std::uint64_t>(length, size_ - at_));
    const std::span out(reinterpret_cast<std::uint8_t*>(to), length);
    const size_t got = window_.read(base_ + at_, out);
    for (std::uint64_t at = at_; at < front_.size() && at - at_ < got; ++at)
      to[at - at_] = front_[static_cast<std::size_t>(at)];
    at_ += got;
    count(got);
    return got;
  }

  void unreadCh(char /*byte*/) override {
    if (at_ > 0) --at_;
  }

 private:
  void count(std::uint64_t bytes) {
    read_ += bytes;
    if (read_ > kMostRead)
      throw std::runtime_error("more than 64 MiB would have to be read beside pages and streams");
  }

  static bool is_line_end(int byte) { return byte == '\r' || byte == '\n'; }

  int byte(std::uint64_t at) {
    return at < front_.size() ? front_[static_cast<std::size_t>(at)] : window_.at(base_ + at);
  }

  Window& window_;
  const std::uint64_t base_;
  const std::uint64_t size_;
  std::string front_;  // what is shown in place of the first bytes
  const std::string name_ = "the document";
  std::uint64_t at_ = 0;
  std::uint64_t read_ = 0;
};

}  // namespace

std::shared_ptr<InputSource> input_source(Window& window, const CrossReference& cross_reference) {
  return std::make_shared<WindowSource>(window, cross_reference);
}

}  // namespace signet::pdf
