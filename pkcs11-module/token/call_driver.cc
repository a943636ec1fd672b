#include "pkcs11-module/token/call_driver.h"

#include <exception>
#include <new>
#include <span>

namespace signet::token {

namespace {

using namespace std::chrono_literals;

// Between two looks at descriptors and moments: far less than a round trip takes, and far more than a look costs.
constexpr std::chrono::microseconds kPauseBetweenLooks{100};

// How long a synchronous call waits before it looks after the pending ones again; and where there are none yet.
constexpr Milliseconds kLook{5};
constexpr Milliseconds kLookForNewOnes{500};

// The sentence is short enough to need no memory.
CkError no_memory_left() {
  return ck_error(CKR_HOST_MEMORY, "no memory");
}

CkResult<CallOutcome> outcome_of(CallTask& task) {
  try {
    return task.finish();
  } catch (const std::bad_alloc&) {
    return no_memory_left();
  } catch (const std::exception& e) {
    return ck_error(CKR_GENERAL_ERROR, e.what());
  }
}

}  // namespace

void PendingCall::wake() noexcept {
  driver_->note_woken(*this);
}

CkResult<CallOutcome> PendingCall::take_outcome(Session& session) {
  CkResult<CallOutcome> outcome = *std::exchange(outcome_, std::nullopt);
  if (outcome && conclude_) {
    BOOST_OUTCOME_TRY(conclude_(session, outcome.value()));
  }
  return outcome;
}

void CallDriver::start(const std::shared_ptr<PendingCall>& call) {
  const MutexLock lock(mutex_);
  calls_.emplace(call.get(), call);
  ++under_way_;
  if (call->canceled_) return finish_call(*call, ck_error(CKR_FUNCTION_CANCELED, "canceled"));
  call->driver_ = this;
  call->task_->set_waker(*call);
  step(*call);
  step_woken();
}

bool CallDriver::cancel(PendingCall& call) {
  const MutexLock lock(mutex_);
  if (call.done()) return false;
  if (!calls_.contains(&call)) {
    call.canceled_ = true;  // its session knows it already; start() is about to be called
    return true;
  }
  finish_call(call, ck_error(CKR_FUNCTION_CANCELED, "canceled"));
  step_woken();
  return true;
}

void CallDriver::drive() noexcept try {
  if (under_way_.load(std::memory_order_relaxed) == 0) return;
  if (!mutex_.try_lock()) return;
  const MutexLock lock(mutex_, std::adopt_lock);
  const SteadyTime now = std::chrono::steady_clock::now();
  if (now - looked_at_ >= kPauseBetweenLooks) look(now);
  step_woken();
} catch (const std::bad_alloc&) {
  // Another time.
}

void CallDriver::clear() {
  const MutexLock lock(mutex_);
  while (!calls_.empty()) {
    finish_call(*calls_.begin()->first, ck_error(CKR_FUNCTION_CANCELED, "canceled"));
  }
}

SteadyTime CallDriver::next_look() const {
  return std::chrono::steady_clock::now() + (under_way() == 0 ? kLookForNewOnes : kLook);
}

void CallDriver::note_woken(PendingCall& call) noexcept {
  const MutexLock lock(woken_mutex_);
  if (call.woken_) return;
  call.woken_ = true;
  call.next_woken_ = nullptr;
  (last_woken_ == nullptr ? first_woken_ : last_woken_->next_woken_) = &call;
  last_woken_ = &call;
}

PendingCall* CallDriver::next_woken() noexcept {
  const MutexLock lock(woken_mutex_);
  PendingCall* const first = first_woken_;
  if (first == nullptr) return nullptr;
  first_woken_ = first->next_woken_;
  if (first_woken_ == nullptr) last_woken_ = nullptr;
  first->woken_ = false;
  return first;
}

void CallDriver::forget_woken(PendingCall& call) noexcept {
  const MutexLock lock(woken_mutex_);
  if (!call.woken_) return;
  PendingCall* before = nullptr;
  for (PendingCall* at = first_woken_; at != &call; at = at->next_woken_) before = at;
  (before == nullptr ? first_woken_ : before->next_woken_) = call.next_woken_;
  if (last_woken_ == &call) last_woken_ = before;
  call.woken_ = false;
}

void CallDriver::step_woken() {
  while (PendingCall* const call = next_woken()) step(*call);
}

void CallDriver::look(SteadyTime now) {
  looked_at_ = now;
  for (auto at = moments_.begin(); at != moments_.end() && at->first <= now; ++at) {
    note_woken(*at->second);
  }
  descriptors_.clear();
  for (const PendingCall* call : polled_) {
    const auto waited_for = call->task_->wait().descriptors;
    descriptors_.insert(descriptors_.end(), waited_for.begin(), waited_for.end());
  }
  if (descriptors_.empty() || ::poll(descriptors_.data(), descriptors_.size(), 0) <= 0) return;
  auto polled = descriptors_.begin();
  for (PendingCall* call : polled_) {
    bool any = false;
    for (pollfd& each : call->task_->wait().descriptors) {
      each.revents = (polled++)->revents;
      any = any || each.revents != 0;
    }
    if (any) note_woken(*call);
  }
}

void CallDriver::step(PendingCall& call) {
  wait_no_more(call);
  call.task_->end_wait();
  if (call.task_->step()) return finish_call(call, outcome_of(*call.task_));
  try {
    wait_on(call);
  } catch (const std::bad_alloc&) {
    finish_call(call, no_memory_left());
  }
}

void CallDriver::wait_on(PendingCall& call) {
  const Wait& wait = call.task_->wait();
  if (wait.until != SteadyTime::max()) {
    moments_.emplace(wait.until, &call);
    call.due_ = wait.until;
  }
  if (!wait.descriptors.empty()) {
    polled_.push_back(&call);
    call.polled_ = true;
  }
}

void CallDriver::wait_no_more(PendingCall& call) noexcept {
  const SteadyTime due = std::exchange(call.due_, SteadyTime::max());
  if (due != SteadyTime::max()) moments_.erase({due, &call});
  if (std::exchange(call.polled_, false)) std::erase(polled_, &call);
}

void CallDriver::finish_call(PendingCall& call, CkResult<CallOutcome> outcome) {
  const auto entry = calls_.find(&call);
  const std::shared_ptr<PendingCall> kept = std::move(entry->second);
  calls_.erase(entry);
  --under_way_;
  call.task_.reset();  // from here on nobody wakes it
  wait_no_more(call);
  forget_woken(call);
  call.outcome_.emplace(std::move(outcome));
  call.done_.store(true, std::memory_order_release);
}

}  // namespace signet::token
