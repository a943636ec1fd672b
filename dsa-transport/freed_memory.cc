#include "dsa-transport/freed_memory.h"

#include <array>
#include <cstddef>
#include <cstdlib>

#include "common/secret.h"

namespace signet::transport {

namespace {

// A buffer grows from whatever its first piece took, so every size is possible. Small blocks lie in
// the thread's own lists, one for each multiple of 16; what was freed last is handed out first.
constexpr std::size_t kSmallest = 64;  // a smaller buffer holds no whole header
constexpr std::size_t kLargestListed = 1040;
constexpr std::size_t kStep = 16;
constexpr std::size_t kOfEachListed = 3;

// Larger ones are joined with what is free beside them.
struct Blocks {
  std::size_t size;
  std::size_t count;
};
constexpr std::array<Blocks, 5> kLarge = {
    {{kSendBuffer, 3}, {8192, 3}, {4096, 3}, {2048, 4}, {1536, 4}}};

constexpr std::size_t count_of_all() {
  std::size_t count = ((kLargestListed - kSmallest) / kStep + 1) * kOfEachListed;
  for (const Blocks& blocks : kLarge) count += blocks.count;
  return count;
}

// Held until the end, from large to small: what a large block leaves of a place, a small one takes.
class Held {
 public:
  Held() = default;
  ~Held() {
    for (void* const block : blocks_) std::free(block);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  void take(std::size_t size, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      void* const block = std::malloc(size);
      if (block != nullptr) wipe(block, size);
      blocks_.at(next_++) = block;
    }
  }

 private:
  std::array<void*, count_of_all()> blocks_{};
  std::size_t next_ = 0;
};

}  // namespace

void wipe_freed_memory() noexcept {
  Held held;
  for (const Blocks& blocks : kLarge) held.take(blocks.size, blocks.count);
  for (std::size_t size = kLargestListed; size >= kSmallest; size -= kStep) {
    held.take(size, kOfEachListed);
  }
}

}  // namespace signet::transport
