#include "https/client/freed_memory.h"

#include <array>
#include <cstddef>
#include <cstdlib>

#include "common/secret.h"

namespace signet::https {

namespace {

// A smaller block holds no whole header with a credential.
constexpr std::size_t kSmallest = 64;
// Blocks up to here lie in the thread's own lists, one for each multiple of 16; what was freed last is handed
// out first.
constexpr std::size_t kLargestListed = 1040;
constexpr std::size_t kStep = 16;
// A small one may lie behind others in its list, whose blocks were freed after it. Not so the larger ones, of which each thread
// would keep as many for ever as are taken here.
constexpr std::size_t kLargestBehindOthers = 256;
constexpr std::size_t kListed = 8;  // more than a list holds
constexpr std::array<std::size_t, 5> kLarger = {kSendBuffer, 8192, 4096, 2048, 1536};
// Over HTTP/2 nghttp2 copies each header into a block of its own, of any size.
constexpr std::size_t kOfEachHttp2 = 3;

constexpr std::size_t kMostBlocks =
    ((kLargestListed - kSmallest) / kStep + 1 + kLarger.size()) * kOfEachHttp2;

// Held until the end, from large to small: what a large block leaves of a place, a small one takes.
class Held {
 public:
  Held() = default;
  ~Held() {
    for (std::size_t i = 0; i < next_; ++i) std::free(blocks_.at(i));
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
  std::array<void*, kMostBlocks> blocks_;
  std::size_t next_ = 0;
};

}  // namespace

void wipe_freed_memory(HttpVersion version) noexcept {
  Held held;
  if (version == HttpVersion::http1) {
    // One buffer that began with 32 bytes and doubled. Where the allocator cut it from a larger place, it may be one
    // step larger: what was left was too small for a block.
    for (std::size_t size = kSendBuffer; size >= kSmallest; size /= 2) {
      const std::size_t count = size > kLargestBehindOthers ? 1 : kListed;
      held.take(size + kStep, count);
      held.take(size, count);
    }
    return;
  }
  for (const std::size_t size : kLarger) held.take(size, kOfEachHttp2);
  for (std::size_t size = kLargestListed; size >= kSmallest; size -= kStep) {
    held.take(size, kOfEachHttp2);
  }
}

}  // namespace signet::https
