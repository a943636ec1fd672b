#include "dsa-transport/pool.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

namespace signet::transport {

Pool::Pool(std::shared_ptr<Endpoint> endpoint) : endpoint_(std::move(endpoint)) {}

Pool::Lease::~Lease() {
  if (pool_ != nullptr) pool_->give_back(std::move(connection_), !discarded_);
}

void Pool::Lease::renew() {
  connection_ = pool_->make();
}

Result<Pool::Lease, Pool::Refusal> Pool::take(Deadline deadline) {
  Connections aged;  // closed on return, after the lock
  std::unique_ptr<Connection> connection;
  {
    std::unique_lock lock(mutex_);
    const std::uint64_t interruptions = interruptions_;
    const unsigned capacity = std::max(endpoint_->options().limits.connections, 1U);
    const bool free_in_time = changed_.wait_until(lock, deadline.moment(), [&] {
      return in_use_ < capacity || interruptions_ != interruptions;
    });
    if (!free_in_time) return Refusal::full;
    if (in_use_ >= capacity) return Refusal::interrupted;
    aged = take_aged();
    ++in_use_;
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (connection) return Lease(*this, std::move(connection));
  Lease lease(*this, nullptr);  // gives its place back where no connection can be made
  lease.renew();
  return lease;
}

void Pool::give_back(std::unique_ptr<Connection> connection, bool keep) noexcept {
  Connections aged;
  {
    const std::lock_guard lock(mutex_);
    --in_use_;
    try {
      if (keep && connection && connection->warm()) idle_.push_back(std::move(connection));
      aged = take_aged();
    } catch (const std::bad_alloc&) {
      // No memory to keep it: it is closed. The aged ones are closed another time.
    }
  }
  changed_.notify_one();
  // What is left in `connection` and `aged` is closed here, without the lock.
}

Pool::Connections Pool::take_aged() {
  const SteadyTime oldest = std::chrono::steady_clock::now() - endpoint_->options().limits.idle;
  const auto first_young = std::ranges::find_if(
      idle_, [&](const auto& connection) { return connection->last_used() >= oldest; });
  Connections aged(std::make_move_iterator(idle_.begin()), std::make_move_iterator(first_young));
  idle_.erase(idle_.begin(), first_young);
  return aged;
}

void Pool::interrupt() {
  Connections doubtful;  // closed on return, after the lock
  {
    const std::lock_guard lock(mutex_);
    ++interruptions_;
    doubtful.swap(idle_);
  }
  changed_.notify_all();
}

unsigned Pool::open() const {
  const std::lock_guard lock(mutex_);
  return in_use_ + static_cast<unsigned>(idle_.size());
}

}  // namespace signet::transport
