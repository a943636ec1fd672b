#include "dsa-transport/circuit.h"

#include <utility>

#include "dsa-transport/backoff.h"

namespace signet::transport {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds kFirstRest = 500ms;
constexpr Milliseconds kLongestRest = 10s;
constexpr Milliseconds kProbeLifetime = 10s;
constexpr unsigned kFaultsToOpen = 3;

}  // namespace

Circuit::State Circuit::state(SteadyTime now) const {
  const MutexLock lock(mutex_);
  if (closed_) return State::closed;
  if (probing_ && now < probe_ends_) return State::half_open;
  return now < rest_ends_ ? State::resting : State::rested;
}

bool Circuit::try_half_open(SteadyTime now) {
  const MutexLock lock(mutex_);
  if (closed_) return true;
  if (probing_ && now < probe_ends_) return false;
  probing_ = true;
  probe_ends_ = now + kProbeLifetime;
  return true;
}

void Circuit::succeeded(SteadyTime now) {
  const MutexLock lock(mutex_);
  closed_ = true;
  probing_ = false;
  openings_ = 0;
  faults_ = 0;
  last_success_ = now;
}

bool Circuit::failed(Failure failure, std::string sentence, SteadyTime began, SteadyTime now) {
  const MutexLock lock(mutex_);
  if (closed_ && began < last_success_) return false;
  return open(failure, std::move(sentence), now);
}

bool Circuit::faulted(std::string sentence, SteadyTime began, SteadyTime now) {
  const MutexLock lock(mutex_);
  if (closed_ && began < last_success_) return false;
  if (++faults_ < kFaultsToOpen && closed_) return false;
  return open(Failure::appliance_fault, std::move(sentence), now);
}

bool Circuit::open(Failure failure, std::string sentence, SteadyTime now) {
  const bool was_closed = std::exchange(closed_, false);
  // Many threads that fail together are one failure, not a reason for a longer rest.
  if (was_closed || probing_ || now >= rest_ends_) {
    rest_ends_ = now + growing_span(kFirstRest, kLongestRest, openings_);
    ++openings_;
  }
  probing_ = false;
  trouble_ = {failure, std::move(sentence)};
  return was_closed;
}

Circuit::Trouble Circuit::trouble() const {
  const MutexLock lock(mutex_);
  return trouble_;
}

}  // namespace signet::transport
