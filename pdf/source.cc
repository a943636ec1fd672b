#include "pdf/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "pdf/error.h"

namespace signet::pdf {

namespace {

constexpr std::size_t kWindow = std::size_t{64} * 1024;
// Where a reader jumps to, most often it wants one object.
constexpr std::size_t kAfterJump = std::size_t{8} * 1024;
// What lies in front of the place that was asked for is often asked for next.
constexpr std::uint64_t kBefore = 512;

}  // namespace

Error broken(std::string sentence, std::uint64_t position) {
  Error error(ErrorKind::broken, fmt::format("{} (at byte {})", std::move(sentence), position));
  error.position = position;
  return error;
}

Source Source::of(ByteView bytes) {
  return {bytes.size(), [bytes](std::uint64_t offset, std::span<std::uint8_t> out) {
            if (offset > bytes.size() || out.size() > bytes.size() - offset) return false;
            if (!out.empty()) std::memcpy(out.data(), bytes.data() + offset, out.size());
            return true;
          }};
}

Source Source::first(std::uint64_t bytes) const {
  return {std::min(bytes, size), read};
}

Window::Window(Source source) : source_(std::move(source)) {}

bool Window::move_to(std::uint64_t offset) {
  if (offset >= source_.size || failed_) return false;
  const std::uint64_t from = offset - std::min(offset, kBefore);
  const bool goes_on = filled_ > 0 && offset == begin_ + filled_;
  const auto wanted = static_cast<std::size_t>(
      std::min<std::uint64_t>(goes_on ? kWindow : kAfterJump, source_.size - from));
  bytes_.resize(wanted);
  begin_ = from;
  filled_ = wanted;
  if (source_.read(from, bytes_)) return true;
  failed_ = true;
  filled_ = 0;
  return false;
}

int Window::fetch(std::uint64_t offset) {
  if (!move_to(offset)) return -1;
  return bytes_[static_cast<std::size_t>(offset - begin_)];
}

std::size_t Window::read(std::uint64_t offset, std::span<std::uint8_t> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const std::uint64_t at = offset + done;
    if ((at < begin_ || at - begin_ >= filled_) && !move_to(at)) break;
    const auto skip = static_cast<std::size_t>(at - begin_);
    const std::size_t part = std::min(out.size() - done, filled_ - skip);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(skip), part,
                out.begin() + static_cast<std::ptrdiff_t>(done));
    done += part;
  }
  return done;
}

}  // namespace signet::pdf
