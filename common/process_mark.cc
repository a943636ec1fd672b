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

constexpr std::uint64_t kNumber = 1;  // in every number, so that none is 0
constexpr std::uint64_t kSuffices =
    2;                          // the kernel empties the page, and the number is a random one
constexpr unsigned kFlags = 2;  // their bits

// Without a generator the process id has to do, as it has on a kernel that cannot empty pages.
std::uint64_t fresh_number(bool emptied) {
  std::uint64_t number = 0;
  const bool random = getrandom(&number, sizeof number, GRND_NONBLOCK) == sizeof number;
  return (number & ~kSuffices) | kNumber | (random && emptied ? kSuffices : 0);
}

std::uint64_t number_of_this_process() {
  const auto size = static_cast<std::size_t>(getpagesize());
  void* const page = whole_page(size);
  const std::atomic_ref<std::uint64_t> number(*static_cast<std::uint64_t*>(page));
  std::uint64_t known = number.load(std::memory_order_relaxed);
  if (known != 0) return known;
  const std::uint64_t fresh = fresh_number(madvise(page, size, MADV_WIPEONFORK) == 0);
  return number.compare_exchange_strong(known, fresh) ? fresh : known;
}

}  // namespace

std::uint64_t process_mark() noexcept {
  const std::uint64_t number = number_of_this_process();
  if ((number & kSuffices) != 0) return number;  // without asking the system at every call
  return number ^ (static_cast<std::uint64_t>(getpid()) << kFlags);
}

}  // namespace signet
