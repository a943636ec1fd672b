#include "https/client/multi.h"

#include <curl/curl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <utility>

namespace signet::https {

namespace {

using Ends = std::array<int, 2>;

// The numbers that the next two sockets get, unless another thread is faster.
Ends next_numbers() {
  Ends ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return {-1, -1};
  for (const int end : ends) ::close(end);
  return ends;
}

int bytes(int descriptor, unsigned long question) {
  int count = -1;
  return ::ioctl(descriptor, question, &count) == 0 ? count : -1;
}

// Something was sent from the second that the first has not read.
bool carry_something(const Ends& ends) {
  return bytes(ends[0], SIOCINQ) > 0 && bytes(ends[1], SIOCOUTQ) > 0;
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
  const Ends ends = next_numbers();
  handle_ = curl_multi_init();
  if (handle_ == nullptr || ends[0] < 0 || carry_something(ends)) return false;
  // The byte stays in them: nobody here calls curl_multi_poll().
  if (curl_multi_wakeup(handle_) != CURLM_OK || !carry_something(ends)) return false;
  if (!std::ranges::all_of(ends, [&](int end) { return sockets_.add(end); })) return false;
  wakeup_ = ends;
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
