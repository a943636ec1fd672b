#include "softhsm-backend/in_flight.h"

#include <utility>

namespace signet::emulator {

InFlight::Turn::Turn(InFlight& all, std::string name) : all_(all), name_(std::move(name)) {
  std::unique_lock lock(all_.mutex_);
  all_.freed_.wait(lock, [this] { return all_.held_.insert(name_).second; });
}

InFlight::Turn::~Turn() {
  {
    const std::lock_guard lock(all_.mutex_);
    all_.held_.erase(name_);
  }
  all_.freed_.notify_all();
}

}  // namespace signet::emulator
