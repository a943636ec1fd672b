#include "https/client/freed_memory.h"

#include <array>
#include <cstddef>
#include <cstdlib>

#include "common/secret.h"

namespace signet::https {

namespace {

// A buffer grows from whatever its first piece took, and is split when it was joined with what is free beside it,
// so every size is possible. A smaller block holds no whole header with a credential.
constexpr std::size_t kSmallest = 64;
// Blocks up to here lie in the thread's own lists, one for each multiple of 16; what was freed last is handed
// out first.
constexpr std::size_t kLargestListed = 1040;
constexpr std::size_t kStep = 16;
constexpr std::array<std::size_t, 5> kLarger = {kSendBuffer, 8192, 4096, 2048, 1536};

// Over HTTP/1.1 there is one request in one buffer; nghttp2 copies each header into a block of its own.
constexpr std::size_t kOfEachHttp1 = 1;
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
  const std::size_t of_each = version == HttpVersion::http1 ? kOfEachHttp1 : kOfEachHttp2;
  Held held;
  for (const std::size_t size : kLarger) held.take(size, of_each);
  for (std::size_t size = kLargestListed; size >= kSmallest; size -= kStep)
    held.take(size, of_each);
}

}  // namespace signet::https
