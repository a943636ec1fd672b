#include "dsa-transport/pair_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
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
constexpr unsigned kRoundsForLostConnections = 4;
constexpr int kMisdirected = 421;

Milliseconds since(SteadyTime began) {
  return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began);
}

}  // namespace

CallResult PairCall::run() {
  while (!call_.deadline.passed()) {
    round_ = {};
    if (auto final = run_round()) return *std::move(final);
    ++rounds_;
    const auto pause = pause_before_next();
    if (!pause) break;
    std::this_thread::sleep_for(std::min(*pause, call_.deadline.left()));
  }
  return final_failure();
}

std::optional<CallResult> PairCall::run_round() {
  std::vector<std::size_t> left_out;
  for (const std::size_t position : pair_.order(call_.access)) {
    Member& member = *pair_.members_[position];
    if (!member.admits()) {
      left_out.push_back(position);
      continue;
    }
    const Milliseconds connect = member.connect_limit();
    if (auto final = attempt(position, connect)) return final;
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
    if (!member.admits_at_need(moment)) {
      take_trouble(member);
    } else if (auto final = attempt(position, member.connect_limit_at_need())) {
      return final;
    }
  }
  return std::nullopt;
}

std::optional<CallResult> PairCall::attempt(std::size_t position, Milliseconds connect) {
  if (call_.deadline.passed()) return std::nullopt;
  Member& member = *pair_.members_[position];
  Counters& counters = member.counters();
  ++counters.requests;
  if (attempts_++ == 0) {
    first_position_ = position;
  } else {
    ++counters.retries;
  }
  began_ = std::chrono::steady_clock::now();
  auto answer = member.exchange(request_, call_.deadline.within(call_.attempt), connect);
  counters.took(since(began_));
  if (answer) return take_answer(position, std::move(answer.value()));
  if (answer.error().kind == TransferFault::Kind::no_resources) {
    // Says nothing about the member, and the next attempt would need the memory again.
    may_have_arrived_ |= answer.error().sent;
    return CallFailure{{Failure::no_resources, answer.error().sentence, {}}, may_have_arrived_};
  }
  take_fault(member, answer.error());
  return std::nullopt;
}

std::optional<CallResult> PairCall::take_answer(std::size_t position, HttpAnswer answer) {
  Member& member = *pair_.members_[position];
  answer.member = member.url();
  const bool good_status = (answer.status >= 200 && answer.status < 300) || answer.status == 304;
  if (good_status) {
    if (const auto broken = reader_(answer)) {
      round_.fault = error_at(member, Failure::bad_answer,
                              "the answer breaks the contract and was not used: " + *broken,
                              {answer.status, {}, answer.request_id});
      note(member, *round_.fault);
      member.was_faulty(round_.fault->sentence, began_);
      may_have_arrived_ = true;
      return std::nullopt;
    }
    member.was_well();
    if (call_.access == Access::write) pair_.primary_ = position;
    if (position != first_position_) ++member.counters().failovers;
    const bool repeated = may_be_repeated(answer);
    return Reply{std::move(answer), repeated};
  }
  const Problem problem = read_problem(answer);
  if (answer.status == kMisdirected || meaning_of(answer.status, problem).retry) {
    take_problem(member, answer, problem);
    return std::nullopt;
  }
  member.was_well();
  ApplianceError error = error_from(answer, problem);
  error.sentence = fmt::format("{}: {}", member.url(), error.sentence);
  error.cause.member = member.url();
  note(member, error);
  return CallFailure{std::move(error), may_be_repeated(answer)};
}

void PairCall::take_problem(Member& member, const HttpAnswer& answer, const Problem& problem) {
  if (answer.status == kMisdirected) {
    round_.alternate =
        error_at(member, Failure::appliance_fault, "this is the alternate, which takes no changes",
                 {answer.status, problem.sapi_code, answer.request_id});
    note(member, *round_.alternate);
    member.was_well();
    return;
  }
  ApplianceError error = error_from(answer, problem);
  error.sentence = fmt::format("{}: {}", member.url(), error.sentence);
  error.cause.member = member.url();
  note(member, error);
  if (error.failure == Failure::busy) {
    const Milliseconds wait = answer.retry_after.value_or(0ms);
    const bool sooner = !round_.busy || wait < round_.retry_after;
    if (sooner) round_.retry_after = wait;
    member.is_busy_for(wait);
    round_.busy = std::move(error);
    return;
  }
  has_faulted_ = true;
  member.was_faulty(error.sentence, began_);
  round_.fault = std::move(error);
}

void PairCall::take_fault(Member& member, const TransferFault& fault) {
  may_have_arrived_ |= fault.sent;
  // A call's own lack of time says nothing about the member.
  const bool out_of_time = call_.deadline.passed();
  std::optional<ApplianceError>* slot = &round_.cut;
  Failure failure = Failure::appliance_fault;
  switch (fault.kind) {
    case TransferFault::Kind::unreachable:
      slot = &round_.unreachable;
      failure = Failure::unreachable;
      break;
    case TransferFault::Kind::untrusted:
      slot = &round_.untrusted;
      failure = Failure::untrusted;
      break;
    case TransferFault::Kind::timed_out:
    case TransferFault::Kind::saturated:
      slot = &round_.slow;
      failure = Failure::timed_out;
      break;
    case TransferFault::Kind::oversized:
      slot = &round_.fault;
      failure = Failure::bad_answer;
      break;
    case TransferFault::Kind::no_resources:
    case TransferFault::Kind::stale:
    case TransferFault::Kind::broken:
      break;
  }
  *slot = error_at(member, failure, fault.sentence);
  note(member, **slot);
  if (fault.wrong_pin) ++member.counters().pin_failures;
  if (out_of_time || fault.kind == TransferFault::Kind::saturated) return;
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
    slot = error_at(member, distrust ? Failure::untrusted : Failure::unreachable, trouble.sentence);
  }
}

std::optional<Milliseconds> PairCall::pause_before_next() const {
  if (!pair_.may_repeat_) return std::nullopt;
  const Milliseconds backoff = jittered_backoff(kFirstBackoff, kLongestBackoff, rounds_);
  if (round_.busy) {
    const Milliseconds wait = std::max(round_.retry_after, backoff);
    if (wait < call_.deadline.left()) return wait;
    return std::nullopt;
  }
  if (round_.slow) return backoff;
  // A lost connection, or a pair that is just changing its roles, is soon over or not at all.
  const bool only_alternates = round_.alternate && !round_.unreachable && !round_.untrusted;
  if ((round_.cut || only_alternates) && rounds_ < kRoundsForLostConnections) return backoff;
  return std::nullopt;
}

CallFailure PairCall::final_failure() const {
  return {final_error(), may_have_arrived_};
}

ApplianceError PairCall::final_error() const {
  if (round_.busy) return *round_.busy;
  const bool unknown_outcome = may_have_arrived_ && call_.access == Access::write;
  if (round_.untrusted && !round_.fault && !unknown_outcome) return *round_.untrusted;
  if (call_.deadline.passed() || round_.slow || unknown_outcome) {
    std::string sentence = fmt::format("{}: no answer within the time allowed", call_.name);
    const ApplianceError* why = most_telling();
    if (why != nullptr) sentence += "; " + why->sentence;
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

ApplianceError PairCall::error_at(const Member& member, Failure failure, std::string_view sentence,
                                  Cause cause) const {
  cause.member = member.url();
  return {failure, fmt::format("{}: {}", member.url(), sentence), std::move(cause)};
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
