#include "https/client/pool.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

namespace signet::https {

Pool::Pool(std::shared_ptr<Endpoint> endpoint) : endpoint_(std::move(endpoint)) {}

Pool::Lease::~Lease() {
  if (pool_ != nullptr) pool_->give_back(std::move(connection_), keep_);
}

void Pool::Lease::renew() {
  connection_ = std::make_unique<Connection>(pool_->endpoint_);
}

Pool::Waiter::Waiter(Pool& pool) : pool_(pool) {
  const MutexLock lock(pool_.mutex_);
  pool_.waiting_.push_back(this);
  pool_.pass_on();  // a place may have become free meanwhile
}

Pool::Waiter::~Waiter() {
  const MutexLock lock(pool_.mutex_);
  if (state_ == State::waits) std::erase(pool_.waiting_, this);
  if (state_ == State::has_place) {
    --pool_.in_use_;
    pool_.pass_on();
  }
}

Pool::Waiter::State Pool::Waiter::state() const {
  const MutexLock lock(pool_.mutex_);
  return state_;
}

Pool::Lease Pool::Waiter::use_place() {
  {
    const MutexLock lock(pool_.mutex_);
    state_ = State::done;
  }
  return pool_.lease();
}

void Pool::Waiter::end_locked(State state) noexcept {
  state_ = state;
  wakeup_.wake();
}

std::size_t Pool::capacity() const {
  return std::max(endpoint_->options().connections, 1U);
}

std::optional<Pool::Lease> Pool::try_take() {
  {
    const MutexLock lock(mutex_);
    if (in_use_ >= capacity()) return std::nullopt;
    ++in_use_;
  }
  return lease();
}

Task<Result<Pool::Lease, Pool::Refusal>> Pool::take(Deadline deadline) {
  Waiter waiter(*this);
  for (;;) {
    const auto state = waiter.state();
    if (state == Waiter::State::has_place) co_return waiter.use_place();
    if (state == Waiter::State::sent_away) co_return Refusal::interrupted;
    if (deadline.passed()) co_return Refusal::full;
    co_await waiter.until(deadline.moment());
  }
}

// For a place that is counted already.
Pool::Lease Pool::lease() {
  Lease lease(*this);  // from here on it gives the place back, wherever memory runs out
  Connections aged;    // closed on return, after the lock
  {
    const MutexLock lock(mutex_);
    aged = take_aged();
    if (!idle_.empty()) {
      lease.connection_ = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!lease.connection_) lease.renew();
  return lease;
}

void Pool::give_back(std::unique_ptr<Connection> connection, bool keep) noexcept {
  Connections aged;
  {
    const MutexLock lock(mutex_);
    --in_use_;
    try {
      if (keep && connection && connection->warm()) idle_.push_back(std::move(connection));
      aged = take_aged();
    } catch (const std::bad_alloc&) {
      // No memory to keep it: it is closed. The aged ones are closed another time.
    }
    pass_on();
  }
  // What is left in `connection` and `aged` is closed here, without the lock.
}

void Pool::pass_on() noexcept {
  while (!waiting_.empty() && in_use_ < capacity()) {
    waiting_.front()->end_locked(Waiter::State::has_place);
    waiting_.pop_front();
    ++in_use_;
  }
}

Pool::Connections Pool::take_aged() {
  const SteadyTime oldest = std::chrono::steady_clock::now() - endpoint_->options().idle;
  const auto first_young = std::ranges::find_if(
      idle_, [&](const auto& connection) { return connection->last_used() >= oldest; });
  Connections aged(std::make_move_iterator(idle_.begin()), std::make_move_iterator(first_young));
  idle_.erase(idle_.begin(), first_young);
  return aged;
}

void Pool::interrupt() {
  Connections doubtful;  // closed on return, after the lock
  const MutexLock lock(mutex_);
  for (Waiter* waiter : waiting_) waiter->end_locked(Waiter::State::sent_away);
  waiting_.clear();
  doubtful.swap(idle_);
}

unsigned Pool::open() const {
  const MutexLock lock(mutex_);
  return in_use_ + static_cast<unsigned>(idle_.size());
}

}  // namespace signet::https
