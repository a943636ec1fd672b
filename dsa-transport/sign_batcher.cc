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

ApplianceError failure_of(Failure failure, const char* sentence) {
  return {failure, sentence, {}};
}

// Whether one digest of several may be to blame.
bool blames_content(Failure failure) {
  return failure == Failure::bad_parameter || failure == Failure::digest_length;
}

// The part of one digest. The sentence is short enough to need no memory.
Answer<Signatures> share_of(const Answer<Signatures>& all, std::size_t place) noexcept {
  try {
    if (!all) return all.error();
    return Signatures{{all.value().values[place]}, all.value().trace};
  } catch (const std::bad_alloc&) {
    return failure_of(all ? Failure::no_resources : all.error().failure, "no memory");
  }
}

}  // namespace

SignBatcher::SignBatcher(Send send, std::size_t room, Milliseconds patience,
                         MostDigests most_digests_of)
    : send_(std::move(send)),
      room_(std::max<std::size_t>(room, 1)),
      patience_(patience),
      most_digests_of_(std::move(most_digests_of)) {}

std::size_t SignBatcher::most_digests_of(const SignRequest& request) const {
  const std::size_t most = most_digests_;
  return most_digests_of_ ? std::min(most, most_digests_of_(request)) : most;
}

std::size_t SignBatcher::waiting() const {
  const MutexLock lock(mutex_);
  return queue_.size();
}

bool SignBatcher::should_ask_for_most_digests() {
  if (most_digests_ != 0) return false;
  const MutexLock lock(mutex_);
  if (under_way_ < room_) return false;
  const SteadyTime now = std::chrono::steady_clock::now();
  if (asked_at_ && now - *asked_at_ < kPauseBetweenQuestions) return false;
  asked_at_ = now;
  return true;
}

SignBatcher::Entry::Entry(SignBatcher& its_batcher, const Credential& its_who,
                          const SignRequest& its_request)
    : batcher(its_batcher), who(its_who), request(its_request) {
  batcher.enter(*this);
}

SignBatcher::Entry::~Entry() {
  batcher.leave(*this);
}

void SignBatcher::Entry::become(State next) noexcept {
  state = next;
  leader = nullptr;
  if (wakeup) wakeup->wake();
}

Task<Answer<Signatures>> SignBatcher::sign(const Credential& who, const SignRequest& request,
                                           Deadline deadline) {
  using State = Entry::State;
  Entry self(*this, who, request);
  const Deadline patience = deadline.within(patience_);
  for (State state = state_of(self); state != State::sends; state = state_of(self)) {
    if (state == State::done) co_return *std::move(self.answer);
    const Deadline limit = state == State::queued ? patience : deadline;
    if (!limit.passed()) {
      co_await self.wakeup->until(limit.moment());
    } else if (state == State::queued) {
      stop_waiting(self);
    } else {
      co_return failure_of(Failure::timed_out, "sign: no answer within the time allowed");
    }
  }
  for (;;) {
    const bool together = !self.companions.empty();
    // Whatever is thrown ends the calls of all. The sentences are short enough to need no memory.
    Answer<Signatures> answer = failure_of(Failure::no_resources, "no resources");
    try {
      answer = co_await send_(who, together ? self.together : request, deadline);
    } catch (const std::bad_alloc&) {
      answer = failure_of(Failure::no_resources, "no memory");
    } catch (...) {  // random numbers, say
    }
    if (!together) co_return answer;
    hand_out(self, answer);
    if (answer || !blames_content(answer.error().failure)) co_return share_of(answer, 0);
  }
}

void SignBatcher::enter(Entry& entry) {
  const MutexLock lock(mutex_);
  if (under_way_ < room_ || most_digests_of(entry.request) < 2 ||
      !may_travel_together(entry.request)) {
    ++under_way_;
    return;
  }
  entry.wakeup.emplace();
  entry.state = Entry::State::queued;
  queue_.push_back(&entry);
}

void SignBatcher::leave(Entry& entry) noexcept {
  const MutexLock lock(mutex_);
  switch (entry.state) {
    case Entry::State::queued:
      std::erase(queue_, &entry);
      break;
    case Entry::State::sends:
      for (Entry* companion : entry.companions) {
        if (companion != nullptr) send_alone(*companion);
      }
      give_up_room();
      break;
    case Entry::State::follows:
      std::ranges::replace(entry.leader->companions, &entry, nullptr);
      break;
    case Entry::State::done:
      break;
  }
}

SignBatcher::Entry::State SignBatcher::state_of(Entry& entry) {
  const MutexLock lock(mutex_);
  if (entry.wakeup) entry.wakeup->reset();
  return entry.state;
}

void SignBatcher::stop_waiting(Entry& entry) {
  const MutexLock lock(mutex_);
  if (entry.state != Entry::State::queued) return;
  std::erase(queue_, &entry);
  send_alone(entry);
}

void SignBatcher::send_alone(Entry& companion) noexcept {
  ++under_way_;
  companion.become(Entry::State::sends);
}

void SignBatcher::hand_out(Entry& leader, const Answer<Signatures>& answer) {
  const MutexLock lock(mutex_);
  for (std::size_t i = 0; i < leader.companions.size(); ++i) {
    Entry* const companion = leader.companions[i];
    if (companion == nullptr) continue;
    if (!answer && blames_content(answer.error().failure)) {
      send_alone(*companion);
    } else {
      companion->answer.emplace(share_of(answer, i + 1));
      companion->become(Entry::State::done);
    }
  }
  leader.companions.clear();
}

void SignBatcher::give_up_room() noexcept {
  // Those who lost their patience made it more than there is room for.
  if (queue_.empty() || under_way_ > room_) {
    --under_way_;
    return;
  }
  Entry& leader = *queue_.front();
  queue_.pop_front();
  gather(leader);
  leader.become(Entry::State::sends);
}

// Gathers fewer, or none, where there is no memory for more.
void SignBatcher::gather(Entry& leader) noexcept try {
  leader.together = leader.request;
  leader.companions.reserve(queue_.size());
  const std::size_t most = most_digests_of(leader.request);
  for (auto at = queue_.begin(); at != queue_.end() && leader.together.digests.size() < most;) {
    Entry& other = **at;
    if (!same_kind(leader.request, other.request) || !same_credential(leader.who, other.who)) {
      ++at;
      continue;
    }
    leader.together.digests.push_back(other.request.digests.front());
    other.state = Entry::State::follows;
    other.leader = &leader;
    leader.companions.push_back(&other);
    at = queue_.erase(at);
  }
} catch (const std::bad_alloc&) {
}

}  // namespace signet::transport
