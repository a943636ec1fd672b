#include "https/client/multi.h"

#include <curl/curl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <utility>

#include "common/pid_lock.h"

namespace signet::https {

namespace {

using Ends = std::array<int, 2>;

int bytes(int descriptor, unsigned long question) {
  int count = -1;
  return ::ioctl(descriptor, question, &count) == 0 ? count : -1;
}

struct Guess {
  Ends ends{-1, -1};
  int memory = 0;  // that a sent byte takes until it is read
};

// The numbers that the next two sockets get, unless another thread is faster.
Guess next_numbers() {
  Guess guess;
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, guess.ends.data()) != 0) return {};
  (void)::send(guess.ends[1], "", 1, MSG_NOSIGNAL);
  guess.memory = bytes(guess.ends[1], SIOCOUTQ);
  for (const int end : guess.ends) ::close(end);
  return guess;
}

// So many bytes, each sent by itself from the second, are not read by the first.
bool carry(const Guess& guess, int count) {
  return bytes(guess.ends[0], SIOCINQ) == count &&
         bytes(guess.ends[1], SIOCOUTQ) == count * guess.memory;
}

// Of this copy of the code in a process; another one has its own.
constinit PidLock one_at_a_time;

// A number of bytes, from 1 to 8, that another copy of this code in the process is unlikely to send at the same moment: only
// with one can two take each other's sockets, since within a copy one handle is made at a time. Two copies differ in where
// they were loaded, so that they do not go through the same numbers together.
int next_count() {
  static constinit std::atomic<std::uint32_t> taken{0};
  constexpr std::uint32_t page = 4096;
  constexpr std::uint32_t spread =
      0x9E3779B1;  // of Knuth's multiplicative hash: its upper bits depend on all of the input
  const auto place = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(&taken) / page);
  return static_cast<int>(1 + (((place + taken.fetch_add(1)) * spread) >> 29U));
}

}  // namespace

Multi::Multi(SocketTable& sockets) : sockets_(sockets) {
  constexpr int tries = 8;  // a host with many threads opens descriptors at any moment
  for (int i = 0; i < tries; ++i) {
    if (try_to_know()) return;
    curl_multi_cleanup(std::exchange(handle_, nullptr));
  }
  // Where there is no descriptor left for them, or libcurl takes an event descriptor in their place.
  handle_ = curl_multi_init();
}

bool Multi::try_to_know() {
  one_at_a_time.lock();
  const bool known = try_alone();
  one_at_a_time.unlock();
  return known;
}

bool Multi::try_alone() {
  const Guess guess = next_numbers();
  handle_ = curl_multi_init();
  if (handle_ == nullptr || guess.memory <= 0 || !carry(guess, 0)) return false;
  // Each call sends one byte, which stays in them: nobody here calls curl_multi_poll(). Twice, since another copy of this code
  // may have had the same count, once.
  for (int sent = 0, round = 0; round < 2; ++round) {
    for (int count = next_count(); count > 0; --count, ++sent) {
      if (curl_multi_wakeup(handle_) != CURLM_OK) return false;
    }
    if (!carry(guess, sent)) return false;
  }
  if (!std::ranges::all_of(guess.ends, [&](int end) { return sockets_.add(end); })) return false;
  wakeup_ = guess.ends;
  return true;
}

bool Multi::is_whole() const {
  return wakeup_[0] < 0 || std::ranges::all_of(wakeup_, [&](int end) { return sockets_.has(end); });
}

void Multi::leave_behind(void* easy) {
  static constinit std::atomic<void*> last{nullptr};
  curl_multi_setopt(handle_, CURLMOPT_SOCKETDATA, easy);
  curl_multi_setopt(handle_, CURLMOPT_PUSHDATA, last.exchange(handle_));
  handle_ = nullptr;
  for (const int end : wakeup_) {
    if (sockets_.remove(end)) ::close(end);
  }
}

Multi::~Multi() {
  if (handle_ == nullptr) return;
  if (is_whole()) {
    for (const int end : wakeup_) sockets_.remove(end);
    curl_multi_cleanup(handle_);
  } else {
    leave_behind(nullptr);
  }
}

}  // namespace signet::https
