// Text that may hold a password on its way to the wire: its memory is zeroised when it grows and
// when it goes.
#ifndef SIGNET_COMMON_WIPED_TEXT_H_
#define SIGNET_COMMON_WIPED_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/wiped_memory.h"

namespace signet {

template <typename T>
struct WipingAllocator {
  static_assert(sizeof(T) == 1);  // a count of them is a size in bytes
  using value_type = T;

  WipingAllocator() = default;
  template <typename U>
  explicit WipingAllocator(const WipingAllocator<U>& /*other*/) {}

  T* allocate(std::size_t count) { return static_cast<T*>(take_wiped_memory(count)); }

  void deallocate(T* memory, std::size_t count) noexcept { give_back_wiped_memory(memory, count); }

  bool operator==(const WipingAllocator& /*other*/) const { return true; }
};

// A vector, not a string: a short string keeps its text inside the object, where no allocator wipes
// it.
using WipedText = std::vector<char, WipingAllocator<char>>;

// Of a hundred KiB and more, secret or not: a large block goes back to the system (wiped_memory.h).
using WipedBytes = std::vector<std::uint8_t, WipingAllocator<std::uint8_t>>;

// Where the text has to be a string. One of at most 15 bytes lies inside the object and stays where that was: it is for texts
// in which a secret has more around it, such as whole answers.
using WipedString = std::basic_string<char, std::char_traits<char>, WipingAllocator<char>>;

inline void append(WipedText& text, std::string_view more) {
  text.insert(text.end(), more.begin(), more.end());
}

inline std::string_view text_of(const WipedText& text) {
  return {text.data(), text.size()};
}

}  // namespace signet

#endif  // SIGNET_COMMON_WIPED_TEXT_H_
