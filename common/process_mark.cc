#include "common/process_mark.h"

#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <memory>

namespace signet {

namespace {

// A page that the kernel empties in every child. It is the library's own memory and goes with it: two of the largest pages
// that there are hold a whole one.
constexpr std::size_t kLargestPage = 65'536;
constinit std::array<unsigned char, 2 * kLargestPage> room{};

void* whole_page(std::size_t size) {
  void* place = room.data();
  std::size_t left = room.size();
  return std::align(size, size, place, left);
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  // Without a generator the process id has to do, as it has on a kernel that cannot empty pages.
  (void)!getrandom(&number, sizeof number, GRND_NONBLOCK);
  return number | 1;
}

std::uint64_t number_of_this_process() {
  const auto size = static_cast<std::size_t>(getpagesize());
  void* const page = whole_page(size);
  const std::atomic_ref<std::uint64_t> number(*static_cast<std::uint64_t*>(page));
  std::uint64_t known = number.load(std::memory_order_relaxed);
  if (known != 0) return known;
  (void)madvise(page, size, MADV_WIPEONFORK);
  const std::uint64_t fresh = random_number();
  return number.compare_exchange_strong(known, fresh) ? fresh : known;
}

}  // namespace

std::uint64_t process_mark() noexcept {
  return number_of_this_process() ^ (static_cast<std::uint64_t>(getpid()) << 1U);
}

}  // namespace signet
