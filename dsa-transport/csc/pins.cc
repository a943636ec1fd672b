#include "dsa-transport/csc/pins.h"

#include <algorithm>

namespace signet::transport::csc {

namespace {

// Services lock a credential after fewer.
constexpr std::size_t kMostWrong = 16;

}  // namespace

PinRecord::Standing PinRecord::standing(const Secret& pin) const {
  const MutexLock lock(mutex_);
  if (right_ && *right_ == pin) return Standing::right;
  const bool wrong = std::ranges::find(wrong_, pin) != wrong_.end();
  return wrong ? Standing::wrong : Standing::unknown;
}

void PinRecord::note(const Secret& pin, Standing standing) {
  const MutexLock lock(mutex_);
  if (standing == Standing::right) {
    if (!right_ || !(*right_ == pin)) right_ = pin;
    return;
  }
  if (right_ && *right_ == pin) right_.reset();  // it was changed at the service
  if (std::ranges::find(wrong_, pin) != wrong_.end()) return;
  if (wrong_.size() >= kMostWrong) wrong_.erase(wrong_.begin());
  wrong_.push_back(pin);
}

std::shared_ptr<PinRecord> Pins::of(const std::string& credential) {
  const MutexLock lock(mutex_);
  auto& record = records_[credential];
  if (record == nullptr) record = std::make_shared<PinRecord>();
  return record;
}

void Pins::clear() {
  const MutexLock lock(mutex_);
  records_.clear();
}

}  // namespace signet::transport::csc
