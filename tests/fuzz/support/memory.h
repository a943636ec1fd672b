// Memory that a caller hands over: exactly as large as it says, at any alignment. What is written beyond its end is
// found by AddressSanitizer, or without it by whole().
#ifndef SIGNET_TESTS_FUZZ_SUPPORT_MEMORY_H_
#define SIGNET_TESTS_FUZZ_SUPPORT_MEMORY_H_

#include <algorithm>
#include <cstring>
#include <memory>

#include "common/bytes.h"

namespace signet::fuzz {

class Memory {
 public:
  // `shift`: bytes after the best alignment.
  explicit Memory(std::size_t size, std::size_t shift = 0)
      : size_(size), shift_(shift), bytes_(std::make_unique<std::uint8_t[]>(whole_size())) {
    std::fill_n(bytes_.get(), whole_size(), kUntouched);
  }

  Memory(ByteView content, std::size_t shift) : Memory(content.size(), shift) {
    std::copy(content.begin(), content.end(), data());
  }

  std::uint8_t* data() const { return bytes_.get() + shift_; }
  std::size_t size() const { return size_; }
  ByteView view() const { return {data(), size_}; }

  // Whether nothing was written before and behind it, nor into it from `used` on.
  bool whole(std::size_t used) const {
    const auto untouched = [](std::uint8_t byte) { return byte == kUntouched; };
    return std::all_of(bytes_.get(), data(), untouched) &&
           std::all_of(data() + std::min(used, size_), bytes_.get() + whole_size(), untouched);
  }

 private:
  static constexpr std::uint8_t kUntouched = 0xA5;
#if defined(__SANITIZE_ADDRESS__)
  static constexpr std::size_t kGuard = 0;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
  static constexpr std::size_t kGuard = 0;
#else
  static constexpr std::size_t kGuard = 16;
#endif
#else
  static constexpr std::size_t kGuard = 16;
#endif

  std::size_t whole_size() const { return shift_ + size_ + kGuard; }

  std::size_t size_;
  std::size_t shift_;
  std::unique_ptr<std::uint8_t[]> bytes_;
};

}  // namespace signet::fuzz

#endif  // SIGNET_TESTS_FUZZ_SUPPORT_MEMORY_H_
