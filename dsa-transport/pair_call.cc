#include "dsa-transport/pair_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/log.h"
#include "dsa-transport/backoff.h"
#include "dsa-transport/cause_fields.h"

namespace signet::transport {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds kFirstBackoff = 50ms;
constexpr Milliseconds kLongestBackoff = 2000ms;
constexpr Milliseconds kMomentAtNeed = 300ms;  // for TCP to connect where no other member can serve
constexpr Milliseconds kLookAtNeed = 5ms;
constexpr Milliseconds kLeastAttempt = 50ms;
constexpr unsigned kRoundsForLostConnections = 4;

Milliseconds since(SteadyTime began) {
  return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began);
}

}  // namespace

Task<CallResult> PairCall::run() {
  ++pair_.counters_.calls;
  request_.once = !call_.only_once.empty();
  // Signatures are verified. Of other answers nothing shows that they are to something else.
  request_.looks_first = call_.access != Access::read;
  while (!call_.deadline.passed()) {
    round_ = {};
    if (co_await run_round()) {
      if (!result_) ++pair_.counters_.failures;
      co_return std::move(result_);
    }
    ++rounds_;
    const auto pause = pause_before_next();
    if (!pause) break;
    co_await wait_for(std::min(*pause, call_.deadline.left()));
  }
  ++pair_.counters_.failures;
  co_return CallFailure{final_error(), may_have_arrived_};
}

Task<bool> PairCall::run_round() {
  Pair::Order left_out;
  for (const std::size_t position : pair_.order(call_.access)) {
    Member& member = *pair_.members_[position];
    if (!member.admits()) {
      left_out.push_back(position);
      continue;
    }
    const Milliseconds connect = member.connect_limit();
    if (co_await attempt(position, connect)) co_return true;
    const bool cut_short = connect < member.connect_limit_at_need();
    if (cut_short && last_error_ && last_error_->failure == Failure::unreachable) {
      left_out.push_back(position);
    }
  }
  // The healthy ones could not serve: those in trouble may have recovered. They get one moment
  // together, not one each.
  for (const std::size_t position : left_out) pair_.members_[position]->prepare_at_need();
  const Deadline moment = call_.deadline.within(kMomentAtNeed);
  for (const std::size_t position : left_out) {
    Member& member = *pair_.members_[position];
    auto admitted = member.admits_at_need();
    while (admitted == Member::AtNeed::not_yet && !moment.passed()) {
      co_await wait_for(kLookAtNeed);
      admitted = member.admits_at_need();
    }
    if (admitted != Member::AtNeed::admitted) {
      take_trouble(member);
      continue;
    }
    if (co_await attempt(position, member.connect_limit_at_need())) co_return true;
  }
  co_return false;
}

Task<bool> PairCall::attempt(std::size_t position, Milliseconds connect) {
  if (call_.deadline.passed()) co_return false;
  Member& member = *pair_.members_[position];
  Counters& counters = member.counters();
  ++counters.requests;
  if (first_position_) {
    ++counters.retries;
  } else {
    first_position_ = position;
  }
  began_ = std::chrono::steady_clock::now();
  auto exchanged =
      co_await member.exchange(request_, call_.deadline.within(call_.attempt), connect);
  counters.took(since(began_));
  if (exchanged) co_return take_response(position, exchanged.value());
  const https::Fault& fault = exchanged.error();
  if (fault.kind == https::Fault::Kind::no_resources) {
    // Says nothing about the member, and the next attempt would need the memory again.
    may_have_arrived_ |= fault.sent;
    result_ = CallFailure{{Failure::no_resources, fault.sentence, {}}, may_have_arrived_};
    co_return true;
  }
  take_fault(member, fault);
  if (call_.only_once.empty() || !fault.sent) co_return false;
  result_ = uncertain(member);
  co_return true;
}

CallFailure PairCall::uncertain(Member& member) {
  ++member.counters().uncertain;
  ApplianceError error = *last_error_;  // which names the member
  error.failure = Failure::appliance_fault;
  error.sentence += fmt::format("; it may have {}, and is not asked again", call_.only_once);
  log::warn("{}: {}", call_.name, error.sentence);
  return {std::move(error), true};
}

bool PairCall::take_response(std::size_t position, const https::Response& response) {
  Member& member = *pair_.members_[position];
  longest_answer_ = std::max(longest_answer_, since(began_));
  Verdict verdict = judge_.judge(response, member.url());
  using Kind = Verdict::Kind;
  if (verdict.kind == Kind::good) {
    member.was_well();
    if (call_.access == Access::write) pair_.primary_ = position;
    if (position != first_position_) ++member.counters().failovers;
    result_ = Trace{response.request_id, member.url()};
    return true;
  }
  ApplianceError error = error_at(member, std::move(verdict.error));
  note(member, error);
  switch (verdict.kind) {
    case Kind::good:
    case Kind::refused:
      break;
    case Kind::busy: {
      const Milliseconds wait = response.retry_after.value_or(0ms);
      const bool sooner = !round_.busy || wait < round_.retry_after;
      if (sooner) round_.retry_after = wait;
      member.is_busy_for(wait);
      round_.busy = std::move(error);
      return false;
    }
    case Kind::alternate:
      member.was_well();
      round_.alternate = std::move(error);
      return false;
    case Kind::bad:
      may_have_arrived_ = true;
      member.was_faulty(error.sentence, began_);
      break;
    case Kind::faulty:
      has_faulted_ = true;
      member.was_faulty(error.sentence, began_);
      break;
  }
  if (verdict.kind != Kind::refused) {
    round_.fault = std::move(error);
    if (call_.only_once.empty() || verdict.untouched) return false;
    result_ = uncertain(member);
    return true;
  }
  member.was_well();
  result_ = CallFailure{std::move(error), may_be_repeated(response)};
  return true;
}

void PairCall::take_fault(Member& member, const https::Fault& fault) {
  may_have_arrived_ |= fault.sent;
  // A call's own lack of time says nothing about the member.
  const bool out_of_time = call_.deadline.passed();
  std::optional<ApplianceError>* slot = &round_.cut;
  Failure failure = Failure::appliance_fault;
  switch (fault.kind) {
    case https::Fault::Kind::unreachable:
      slot = &round_.unreachable;
      failure = Failure::unreachable;
      break;
    case https::Fault::Kind::untrusted:
      slot = &round_.untrusted;
      failure = Failure::untrusted;
      break;
    case https::Fault::Kind::timed_out:
    case https::Fault::Kind::saturated:
      slot = &round_.slow;
      failure = Failure::timed_out;
      break;
    case https::Fault::Kind::oversized:
      slot = &round_.fault;
      failure = Failure::bad_answer;
      break;
    case https::Fault::Kind::no_resources:
    case https::Fault::Kind::stale:
    case https::Fault::Kind::broken:
      break;
  }
  *slot = error_at(member, {failure, fault.sentence, {}});
  note(member, **slot);
  if (fault.wrong_pin) ++member.counters().pin_failures;
  if (out_of_time || fault.kind == https::Fault::Kind::saturated) return;
  if (slot == &round_.cut || slot == &round_.fault) {
    member.was_faulty(fault.sentence, began_);
  } else {
    member.was_in_trouble(failure, fault.sentence, began_);
  }
}

void PairCall::take_trouble(const Member& member) {
  Circuit::Trouble trouble = member.trouble();
  const bool distrust = trouble.failure == Failure::untrusted;
  auto& slot = distrust ? round_.untrusted : round_.unreachable;
  if (!slot) {
    slot = error_at(
        member,
        {distrust ? Failure::untrusted : Failure::unreachable, std::move(trouble.sentence), {}});
  }
}

std::optional<Milliseconds> PairCall::pause_before_next() const {
  if (!pair_.may_repeat_) return std::nullopt;
  const auto pause = wanted_pause();
  const bool in_vain = pause && (round_.busy || !call_.only_once.empty()) &&
                       *pause + least_attempt() >= call_.deadline.left();
  return in_vain ? std::nullopt : pause;
}

std::optional<Milliseconds> PairCall::wanted_pause() const {
  const Milliseconds backoff = jittered_backoff(kFirstBackoff, kLongestBackoff, rounds_);
  if (round_.busy) return std::max(round_.retry_after, backoff);
  if (round_.slow) return backoff;
  // A lost connection, or a pair that is just changing its roles, is soon over or not at all.
  const bool only_alternates = round_.alternate && !round_.unreachable && !round_.untrusted;
  if ((round_.cut || only_alternates) && rounds_ < kRoundsForLostConnections) return backoff;
  return std::nullopt;
}

Milliseconds PairCall::least_attempt() const {
  return std::max(kLeastAttempt, 2 * longest_answer_);
}

ApplianceError PairCall::final_error() const {
  if (round_.busy) return *round_.busy;
  const bool unknown_outcome = may_have_arrived_ && call_.access == Access::write;
  if (round_.untrusted && !round_.fault && !unknown_outcome) return *round_.untrusted;
  if (call_.deadline.passed() || round_.slow || unknown_outcome) {
    const ApplianceError* why = most_telling();
    const bool late = call_.deadline.passed() || round_.slow || why == nullptr;
    std::string sentence =
        late ? fmt::format("{}: no answer within the time allowed", call_.name) : why->sentence;
    if (late && why != nullptr) sentence += "; " + why->sentence;
    if (unknown_outcome) sentence += "; whether it was carried out is not known";
    return {Failure::timed_out, std::move(sentence), why != nullptr ? why->cause : Cause{}};
  }
  if (round_.cut) return *round_.cut;
  if (round_.fault) return *round_.fault;
  if (round_.unreachable) return *round_.unreachable;
  if (round_.alternate) return *round_.alternate;
  return {Failure::unreachable, "no appliance is configured", {}};
}

const ApplianceError* PairCall::most_telling() const {
  for (const auto* error :
       {&round_.slow, &round_.cut, &round_.fault, &last_error_, &round_.unreachable}) {
    if (*error) return &**error;
  }
  return nullptr;
}

ApplianceError PairCall::error_at(const Member& member, ApplianceError error) {
  error.sentence = fmt::format("{}: {}", member.url(), error.sentence);
  error.cause.member = member.url();
  return error;
}

void PairCall::note(Member& member, const ApplianceError& error) {
  last_error_ = error;
  ++member.counters().request_failures;
  const auto level = error.failure == Failure::untrusted ? log::Level::error : log::Level::warn;
  if (!log::enabled(level)) return;
  CauseFields fields(error.cause, error.sentence, since(began_));
  fields.add({.name = "call", .value = call_.name, .in_sentence = true});
  // The sentence begins with the member's URL.
  log::write(level, fmt::format("{} failed: {}", call_.name, error.sentence), fields.all());
}

}  // namespace signet::transport
