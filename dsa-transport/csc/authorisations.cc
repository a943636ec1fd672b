#include "dsa-transport/csc/authorisations.h"

#include <algorithm>
#include <utility>

namespace signet::transport::csc {

namespace {

// Of many threads that begin at once each gets one; more are of no use.
constexpr std::size_t kMost = 64;
constexpr std::size_t kMostExact = 10'000;

}  // namespace

Authorisations::Place Authorisations::find(const std::string& credential, const Secret& pin,
                                           std::size_t signatures) {
  const SteadyTime now = std::chrono::steady_clock::now();
  kept_.remove_if([&](const Kept& one) { return now >= one.ends || one.left == 0; });
  return std::ranges::find_if(kept_, [&](const Kept& one) {
    return one.credential == credential && one.left >= signatures && one.pin == pin;
  });
}

Sad Authorisations::take(const std::string& credential, const Secret& pin, std::size_t signatures) {
  const MutexLock lock(mutex_);
  const Place found = find(credential, pin, signatures);
  if (found == kept_.end()) return nullptr;
  found->left -= signatures;
  return found->sad;
}

std::optional<Grant> Authorisations::take_out(const std::string& credential, const Secret& pin,
                                              std::size_t signatures) {
  const MutexLock lock(mutex_);
  const Place found = find(credential, pin, signatures);
  if (found == kept_.end()) return std::nullopt;
  Grant grant(std::move(found->sad));
  grant.left = found->left - signatures;
  kept_.erase(found);
  return grant;
}

bool Authorisations::may_exceed(const std::string& credential) const {
  const MutexLock lock(mutex_);
  return !exact_.contains(credential);
}

void Authorisations::note_exact(const std::string& credential) {
  const MutexLock lock(mutex_);
  if (exact_.size() >= kMostExact) exact_.clear();
  exact_.insert(credential);
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
  kept_.remove_if([&](const Kept& one) { return one.sad == sad; });
}

void Authorisations::clear() {
  const MutexLock lock(mutex_);
  kept_.clear();
  exact_.clear();
}

}  // namespace signet::transport::csc
