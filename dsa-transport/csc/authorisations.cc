#include "dsa-transport/csc/authorisations.h"

#include <utility>

namespace signet::transport::csc {

namespace {

// Of many threads that begin at once each gets one; more are of no use.
constexpr std::size_t kMost = 64;

}  // namespace

Sad Authorisations::take(const std::string& credential, const Secret& pin, std::size_t signatures) {
  const SteadyTime now = std::chrono::steady_clock::now();
  const MutexLock lock(mutex_);
  kept_.remove_if([&](const Kept& one) { return now >= one.ends || one.left == 0; });
  for (Kept& one : kept_) {
    if (one.credential != credential || one.left < signatures || !(one.pin == pin)) continue;
    one.left -= signatures;
    return one.sad;
  }
  return nullptr;
}

void Authorisations::keep(std::string credential, Secret pin, Sad sad, std::size_t left,
                          std::chrono::seconds lifetime) {
  if (left == 0) return;
  const SteadyTime ends = std::chrono::steady_clock::now() + lifetime - lifetime / 10;
  const MutexLock lock(mutex_);
  if (kept_.size() >= kMost) kept_.pop_front();
  kept_.push_back({std::move(credential), std::move(pin), std::move(sad), left, ends});
}

void Authorisations::drop(const Sad& sad) {
  const MutexLock lock(mutex_);
  kept_.remove_if([&](const Kept& one) { return *one.sad == *sad; });
}

void Authorisations::clear() {
  const MutexLock lock(mutex_);
  kept_.clear();
}

}  // namespace signet::transport::csc
