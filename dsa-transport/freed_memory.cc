#include "dsa-transport/freed_memory.h"

#include <array>
#include <cstddef>
#include <cstdlib>

#include "common/secret.h"

namespace signet::transport {

namespace {

// Blocks of one size. Those freed last are handed out first, but a few others may lie above.
template <std::size_t Count>
void wipe_blocks(std::size_t size) noexcept {
  std::array<void*, Count> blocks{};
  for (void*& block : blocks) {
    block = std::malloc(size);
    if (block != nullptr) wipe(block, size);
  }
  for (void* block : blocks) std::free(block);
}

}  // namespace

void wipe_freed_memory() noexcept {
  constexpr std::size_t smallest = 64;  // a shorter buffer holds no whole header
  constexpr std::size_t largest_kept = 1024;
  for (std::size_t size = smallest; size <= largest_kept; size *= 2) wipe_blocks<16>(size);
  for (std::size_t size = 2 * largest_kept; size < kSendBuffer; size *= 2) wipe_blocks<4>(size);
  wipe_blocks<2>(kSendBuffer);
}

}  // namespace signet::transport
