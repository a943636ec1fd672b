#include "common/task.h"

#include <algorithm>
#include <ctime>
#include <vector>

namespace signet {

namespace {

void poll_until(std::span<pollfd> descriptors, SteadyTime until) {
  if (until == SteadyTime::max()) {
    (void)::ppoll(descriptors.data(), descriptors.size(), nullptr, nullptr);
    return;
  }
  const auto left =
      std::max(until - std::chrono::steady_clock::now(), SteadyTime::duration::zero());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  const timespec span{.tv_sec = static_cast<std::time_t>(seconds.count()),
                      .tv_nsec = static_cast<long>((left - seconds) / std::chrono::nanoseconds(1))};
  (void)::ppoll(descriptors.data(), descriptors.size(), &span, nullptr);
}

bool any_event(std::span<const pollfd> descriptors) {
  return std::ranges::any_of(descriptors, [](const pollfd& each) { return each.revents != 0; });
}

}  // namespace

bool Wait::over() const {
  if (any_event(descriptors) || std::chrono::steady_clock::now() >= until) return true;
  return !descriptors.empty() && ::poll(descriptors.data(), descriptors.size(), 0) > 0;
}

void wait_for_any(std::span<const Wait> waits) {
  if (waits.size() == 1) return poll_until(waits.front().descriptors, waits.front().until);
  std::vector<pollfd> all;
  SteadyTime until = SteadyTime::max();
  for (const Wait& wait : waits) {
    all.insert(all.end(), wait.descriptors.begin(), wait.descriptors.end());
    until = std::min(until, wait.until);
  }
  poll_until(all, until);
  auto polled = all.begin();
  for (const Wait& wait : waits) {
    for (pollfd& each : wait.descriptors) each.revents = (polled++)->revents;
  }
}

void TaskCourse::go_on() {
  wait_ = {.until = SteadyTime::min()};
  paused_ = false;
  // One after the other and not from within each other: the stack stays flat, however many tasks there are.
  while (next_ && !paused_) next_.resume();
}

void TaskCourse::pause(std::coroutine_handle<> waiting, const Wait& wait) noexcept {
  next_ = waiting;
  wait_ = wait;
  paused_ = true;
}

}  // namespace signet
