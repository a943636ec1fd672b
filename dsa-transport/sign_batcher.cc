#include "dsa-transport/sign_batcher.h"

#include <algorithm>
#include <new>
#include <utility>

#include "dsa-transport/sign_record.h"

namespace signet::transport {

namespace {

constexpr Milliseconds kPauseBetweenQuestions{30'000};

bool same_credential(const Credential& one, const Credential& other) {
  return one.user == other.user && one.password == other.password;
}

bool may_travel_together(const SignRequest& request) {
  return request.digests.size() == 1 && !request.sign_password && request.idempotency_key.empty();
}

std::shared_ptr<SignRecord> record_of(const SignRequest& request) {
  return request.records.empty() ? nullptr : request.records.front();
}

// From here on it goes with others; false where it was settled that it goes alone.
bool joins(const SignRequest& request) noexcept {
  return request.records.empty() || request.records.front() == nullptr ||
         request.records.front()->join();
}

bool same_kind(const SignRequest& one, const SignRequest& other) {
  return one.key_id == other.key_id && one.algorithm == other.algorithm && one.hash == other.hash &&
         one.salt_length == other.salt_length && one.reference == other.reference;
}

ApplianceError failure_of(Failure failure, const char* sentence) {
  return {failure, sentence, {}};
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
  if (wakeup) wakeup->wake();
}

Task<Answer<Signatures>> SignBatcher::sign(const Credential& who, const SignRequest& request,
                                           Deadline deadline) {
  using State = Entry::State;
  Entry self(*this, who, request);
  for (Look look = look_at(self); look.state != State::sends; look = look_at(self)) {
    if (look.state == State::done) co_return *std::move(self.answer);
    const bool queued = look.state == State::queued;
    const SteadyTime until =
        queued ? std::min(look.patient_until, deadline.moment()) : deadline.moment();
    if (std::chrono::steady_clock::now() < until) {
      co_await self.wakeup->until(until);
    } else if (queued) {
      stop_waiting(self);
    } else {
      co_return failure_of(Failure::timed_out, "sign: no answer within the time allowed");
    }
  }
  for (;;) {
    const auto batch = self.batch;
    auto answer = co_await ask(self, deadline);
    if (!batch) co_return answer;
    auto share = hand_out(self, answer);
    if (share) co_return *std::move(share);
  }
}

// Whatever is thrown ends the calls of all. The sentences are short enough to need no memory.
Task<Answer<Signatures>> SignBatcher::ask(Entry& entry, Deadline deadline) {
  const auto batch = entry.batch;
  Answer<Signatures> answer = failure_of(Failure::no_resources, "no resources");
  try {
    if (!batch) {
      answer = co_await send_(entry.who, entry.request, deadline);
    } else {
      begin(*batch);
      if (!batch->task) batch->task.emplace(send_(batch->who, batch->together, deadline));
      while (!batch->task->step()) {
        const Wait its_wait = batch->task->wait();
        co_await its_wait;
      }
      answer = batch->task->finish();
    }
  } catch (const std::bad_alloc&) {
    answer = failure_of(Failure::no_resources, "no memory");
  } catch (...) {  // random numbers, say
  }
  co_return answer;
}

void SignBatcher::begin(Batch& batch) {
  const MutexLock lock(mutex_);
  batch.begun = true;
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
  entry.queued_at = std::chrono::steady_clock::now();
  queue_.push_back(&entry);
}

void SignBatcher::leave(Entry& entry) noexcept {
  const MutexLock lock(mutex_);
  switch (entry.state) {
    case Entry::State::queued:
      std::erase(queue_, &entry);
      break;
    case Entry::State::sends:
      if (!pass_on(entry)) give_up_room();
      break;
    case Entry::State::follows:
      entry.batch->forget(entry);
      break;
    case Entry::State::done:
      break;
  }
}

void SignBatcher::Batch::forget(const Entry& entry) noexcept {
  const auto at = std::ranges::find(entries, &entry);
  if (begun) {
    *at = nullptr;
    return;
  }
  const auto place = at - entries.begin();
  entries.erase(at);
  together.digests.erase(together.digests.begin() + place);
  together.records.erase(together.records.begin() + place);
}

bool SignBatcher::pass_on(Entry& sender) noexcept {
  if (!sender.batch) return false;
  sender.batch->forget(sender);
  const auto& entries = sender.batch->entries;
  const auto next = std::ranges::find_if(entries, [](Entry* each) { return each != nullptr; });
  if (next == entries.end()) return false;
  (*next)->become(Entry::State::sends);
  return true;
}

SignBatcher::Look SignBatcher::look_at(Entry& entry) {
  const MutexLock lock(mutex_);
  if (entry.wakeup) entry.wakeup->reset();
  return {entry.state, std::max(entry.queued_at, ended_at_) + patience_};
}

void SignBatcher::stop_waiting(Entry& entry) {
  const MutexLock lock(mutex_);
  if (entry.state != Entry::State::queued) return;
  std::erase(queue_, &entry);
  ++under_way_;
  gather(entry);
  entry.become(Entry::State::sends);
}

std::optional<Answer<Signatures>> SignBatcher::hand_out(Entry& sender,
                                                        const Answer<Signatures>& answer) {
  const bool each_by_itself = !answer && blames_content(answer.error().failure);
  std::optional<Answer<Signatures>> share;
  const MutexLock lock(mutex_);
  const auto batch = std::exchange(sender.batch, nullptr);
  for (std::size_t i = 0; i < batch->entries.size(); ++i) {
    Entry* const entry = batch->entries[i];
    if (entry == nullptr) continue;
    entry->batch = nullptr;
    if (entry == &sender) {
      if (!each_by_itself) share.emplace(share_of(answer, i));
    } else if (each_by_itself) {
      ++under_way_;
      entry->become(Entry::State::sends);
    } else {
      entry->answer.emplace(share_of(answer, i));
      entry->become(Entry::State::done);
    }
  }
  return share;
}

void SignBatcher::give_up_room() noexcept {
  ended_at_ = std::chrono::steady_clock::now();
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
  const std::size_t most = std::min(most_digests_of(leader.request), queue_.size() + 1);
  const auto goes_along = [&](const Entry* other) {
    return same_kind(leader.request, other->request) && same_credential(leader.who, other->who);
  };
  if (most < 2 || std::ranges::none_of(queue_, goes_along) || !joins(leader.request)) return;
  auto batch = std::make_shared<Batch>(Batch{leader.who, leader.request, {&leader}});
  batch->entries.reserve(most);
  batch->together.digests.reserve(most);
  batch->together.records.reserve(most);
  batch->together.records = {record_of(leader.request)};
  leader.batch = batch;
  for (auto at = queue_.begin(); at != queue_.end() && batch->entries.size() < most;) {
    Entry& other = **at;
    if (!goes_along(&other) || !joins(other.request)) {
      ++at;
      continue;
    }
    batch->together.digests.push_back(other.request.digests.front());
    batch->together.records.push_back(record_of(other.request));
    batch->entries.push_back(&other);
    other.state = Entry::State::follows;
    other.batch = batch;
    at = queue_.erase(at);
  }
} catch (const std::bad_alloc&) {
}

}  // namespace signet::transport
