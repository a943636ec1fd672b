// For tests: memory that runs out when it is told to. It replaces the program's operator new, so that one file of a
// test program includes it.
#ifndef SIGNET_COMMON_TESTING_SCARCE_MEMORY_H_
#define SIGNET_COMMON_TESTING_SCARCE_MEMORY_H_

#include <cstddef>
#include <cstdlib>
#include <new>
#include <optional>

namespace signet {

// Allocations of this thread that still succeed; negative: all of them.
inline thread_local long allocations_left = -1;

// What `work` gives where its first `count` allocations succeed and no other; nothing where it throws std::bad_alloc.
template <typename Work>
auto with_allocations(long count, Work work) -> std::optional<decltype(work())> {
  allocations_left = count;
  try {
    std::optional<decltype(work())> result = work();
    allocations_left = -1;
    return result;
  } catch (const std::bad_alloc&) {
    allocations_left = -1;
    return std::nullopt;
  }
}

}  // namespace signet

// Not inlined: beside an inlined half of them g++ takes the other for a mismatched one.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t& /*unused*/) noexcept {
  using signet::allocations_left;
  if (allocations_left == 0) return nullptr;
  if (allocations_left > 0) --allocations_left;
  return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* const memory = operator new(size, std::nothrow);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t& /*unused*/) noexcept {
  std::free(memory);
}

#endif  // SIGNET_COMMON_TESTING_SCARCE_MEMORY_H_
