#include "dsa-transport/sign_batcher.h"

#include <algorithm>
#include <new>
#include <utility>

namespace signet::transport {

namespace {

constexpr Milliseconds kPauseBetweenQuestions{30'000};

bool same_credential(const Credential& one, const Credential& other) {
  return one.user == other.user && one.password == other.password;
}

bool may_travel_together(const SignRequest& request) {
  return request.digests.size() == 1 && !request.sign_password;
}

bool same_kind(const SignRequest& one, const SignRequest& other) {
  return one.key_id == other.key_id && one.algorithm == other.algorithm && one.hash == other.hash &&
         one.salt_length == other.salt_length && one.reference == other.reference;
}

// Whether one digest of several may be to blame.
bool blames_content(Failure failure) {
  return failure == Failure::bad_parameter || failure == Failure::digest_length;
}

}  // namespace

SignBatcher::SignBatcher(Send send, std::size_t room, Milliseconds patience)
    : send_(std::move(send)), room_(std::max<std::size_t>(room, 1)), patience_(patience) {}

std::size_t SignBatcher::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

bool SignBatcher::should_ask_for_most_digests() {
  if (most_digests_ != 0) return false;
  const std::lock_guard lock(mutex_);
  if (under_way_ < room_) return false;
  const SteadyTime now = std::chrono::steady_clock::now();
  if (asked_at_ && now - *asked_at_ < kPauseBetweenQuestions) return false;
  asked_at_ = now;
  return true;
}

Answer<Signatures> SignBatcher::sign(const Credential& who, const SignRequest& request,
                                     Deadline deadline) {
  Lock lock(mutex_);
  if (under_way_ < room_ || most_digests_ < 2 || !may_travel_together(request)) {
    ++under_way_;
    lock.unlock();
    return send_alone(who, request, deadline);
  }
  const auto self = std::make_shared<Waiting>(who, request);
  queue_.push_back(self);
  return wait(lock, self, deadline);
}

Answer<Signatures> SignBatcher::wait(Lock& lock, const std::shared_ptr<Waiting>& self,
                                     Deadline deadline) {
  using State = Waiting::State;
  self->changed.wait_until(lock, deadline.within(patience_).moment(),
                           [&] { return self->state != State::queued; });
  if (self->state == State::queued) {
    std::erase(queue_, self);
    self->state = State::alone;
    ++under_way_;
  }
  self->changed.wait_until(lock, deadline.moment(), [&] { return self->state != State::follows; });
  switch (self->state) {
    case State::leads:
      lock.unlock();
      return send_together(*self, self->who, self->request, deadline);
    case State::alone:
      lock.unlock();
      return send_alone(self->who, self->request, deadline);
    case State::done:
      if (self->answer) return *std::move(self->answer);
      break;
    case State::queued:
    case State::follows:
    case State::gone:
      break;
  }
  self->state = State::gone;
  return ApplianceError{Failure::timed_out, "sign: no answer within the time allowed", {}};
}

// No exception, so that its room and its companions are never left behind. The sentences are short enough
// to need no memory.
Answer<Signatures> SignBatcher::send(const Credential& who, const SignRequest& request,
                                     Deadline deadline) noexcept {
  try {
    return send_(who, request, deadline);
  } catch (const std::bad_alloc&) {
    return ApplianceError{Failure::no_resources, "no memory", {}};
  } catch (...) {  // random numbers, say
    return ApplianceError{Failure::no_resources, "no resources", {}};
  }
}

Answer<Signatures> SignBatcher::send_alone(const Credential& who, const SignRequest& request,
                                           Deadline deadline) {
  auto answer = send(who, request, deadline);
  leave();
  return answer;
}

Answer<Signatures> SignBatcher::send_together(Waiting& leader, const Credential& who,
                                              const SignRequest& request, Deadline deadline) {
  if (leader.companions.empty()) return send_alone(who, request, deadline);
  auto answer = send(who, leader.together, deadline);
  hand_out(leader, answer);
  if (!answer && blames_content(answer.error().failure)) return send_alone(who, request, deadline);
  leave();
  if (!answer) return answer;
  Signatures& all = answer.value();
  return Signatures{
      {std::move(all.values.front())}, std::move(all.request_id), std::move(all.member)};
}

void SignBatcher::hand_out(const Waiting& leader, const Answer<Signatures>& answer) {
  using State = Waiting::State;
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < leader.companions.size(); ++i) {
    Waiting& companion = *leader.companions[i];
    if (companion.state == State::gone) continue;
    if (answer) {
      take_share(companion, answer.value(), i + 1);
    } else if (blames_content(answer.error().failure)) {
      companion.state = State::alone;
      ++under_way_;
    } else {
      take_failure(companion, answer.error());
    }
    companion.changed.notify_one();
  }
}

void SignBatcher::take_share(Waiting& companion, const Signatures& all,
                             std::size_t place) noexcept {
  companion.state = Waiting::State::done;
  try {
    companion.answer = Signatures{{all.values[place]}, all.request_id, all.member};
  } catch (const std::bad_alloc&) {
    companion.answer = ApplianceError{Failure::no_resources, "no memory", {}};
  }
}

void SignBatcher::take_failure(Waiting& companion, const ApplianceError& failure) noexcept {
  companion.state = Waiting::State::done;
  try {
    companion.answer = failure;
  } catch (const std::bad_alloc&) {
    companion.answer = ApplianceError{failure.failure, "no memory", {}};
  }
}

void SignBatcher::leave() noexcept {
  const std::lock_guard lock(mutex_);
  // Those who lost their patience made it more than there is room for.
  if (queue_.empty() || under_way_ > room_) {
    --under_way_;
    return;
  }
  const auto leader = std::move(queue_.front());
  queue_.pop_front();
  leader->state = Waiting::State::leads;
  gather_locked(*leader);
  leader->changed.notify_one();
}

// Gathers fewer, or none, where there is no memory for more.
void SignBatcher::gather_locked(Waiting& leader) noexcept try {
  leader.together = leader.request;
  leader.companions.reserve(queue_.size());
  const std::size_t most = most_digests_;
  for (auto at = queue_.begin(); at != queue_.end() && leader.together.digests.size() < most;) {
    Waiting& other = **at;
    if (!same_kind(leader.request, other.request) || !same_credential(leader.who, other.who)) {
      ++at;
      continue;
    }
    leader.together.digests.push_back(other.request.digests.front());
    other.state = Waiting::State::follows;
    leader.companions.push_back(std::move(*at));
    at = queue_.erase(at);
  }
} catch (const std::bad_alloc&) {
}

}  // namespace signet::transport
