#include "dsa-transport/freed_memory.h"

#include <array>
#include <cstddef>
#include <cstdlib>

#include "common/secret.h"

namespace signet::transport {

namespace {

struct Blocks {
  std::size_t size;
  std::size_t count;
};

// From large to small, all held at once: what a larger block leaves of a place, smaller ones take.
// Those freed last are handed out first, but a few others may lie above them.
constexpr std::array<Blocks, 10> kBlocks = {{{2UL * kSendBuffer, 1},
                                             {kSendBuffer, 3},
                                             {8192, 4},
                                             {4096, 6},
                                             {2048, 8},
                                             {1024, 16},
                                             {512, 16},
                                             {256, 24},
                                             {128, 24},
                                             {64, 24}}};

constexpr std::size_t count_of_all() {
  std::size_t count = 0;
  for (const Blocks& blocks : kBlocks) count += blocks.count;
  return count;
}

}  // namespace

void wipe_freed_memory() noexcept {
  std::array<void*, count_of_all()> held{};
  std::size_t next = 0;
  for (const Blocks& blocks : kBlocks) {
    for (std::size_t i = 0; i < blocks.count; ++i) {
      void* const block = std::malloc(blocks.size);
      if (block != nullptr) wipe(block, blocks.size);
      held.at(next++) = block;
    }
  }
  for (void* const block : held) std::free(block);
}

}  // namespace signet::transport
