// The bytes of a document, at any place, as often as wanted, and never all of them in memory.
#ifndef SIGNET_PDF_SOURCE_H_
#define SIGNET_PDF_SOURCE_H_

#include <cstdint>
#include <functional>
#include <span>

#include "common/bytes.h"

namespace signet::pdf {

struct Source {
  std::uint64_t size = 0;  // bytes
  // Fills `out` from this offset; false where that many bytes cannot be read.
  std::function<bool(std::uint64_t offset, std::span<std::uint8_t> out)> read;

  static Source of(ByteView bytes);  // which outlive it

  // The first so many bytes of it: an earlier revision.
  Source first(std::uint64_t bytes) const;
};

// A source through a window of 64 KiB that moves. Used by one thread at a time.
class Window {
 public:
  explicit Window(Source source);

  std::uint64_t size() const { return source_.size; }

  // The byte at this offset; -1 behind the end, and where it cannot be read.
  int at(std::uint64_t offset) {
    if (offset < begin_ || offset - begin_ >= filled_) return fetch(offset);
    return bytes_[static_cast<std::size_t>(offset - begin_)];
  }

  // How many bytes were read; fewer than asked for only at the end.
  std::size_t read(std::uint64_t offset, std::span<std::uint8_t> out);

  // The source has refused bytes that it should have.
  bool failed() const { return failed_; }

  const Source& source() const { return source_; }

 private:
  int fetch(std::uint64_t offset);
  bool move_to(std::uint64_t offset);

  Source source_;
  Bytes bytes_;
  std::uint64_t begin_ = 0;
  std::size_t filled_ = 0;
  bool failed_ = false;
};

}  // namespace signet::pdf

#endif  // SIGNET_PDF_SOURCE_H_
