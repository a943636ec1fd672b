// Takes values off the front of a fuzzer's input. Where it is used up, everything is zero or empty, so that every
// input is a whole program.
#ifndef SIGNET_TESTS_FUZZ_SUPPORT_INPUT_H_
#define SIGNET_TESTS_FUZZ_SUPPORT_INPUT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "common/bytes.h"

namespace signet::fuzz {

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  bool empty() const { return rest_.empty(); }

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }

  bool flag() { return (byte() & 1U) != 0; }

  // 0 to limit - 1.
  std::size_t below(std::size_t limit) { return byte() % limit; }

  // Eight bytes, the lowest first.
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 8) value |= std::uint64_t{byte()} << shift;
    return value;
  }

  // At most `size` bytes.
  Bytes bytes(std::size_t size) {
    const ByteView taken = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return {taken.begin(), taken.end()};
  }

 private:
  ByteView rest_;
};

}  // namespace signet::fuzz

#endif  // SIGNET_TESTS_FUZZ_SUPPORT_INPUT_H_
