#include "pkcs11-module/token/capabilities.h"

#include <algorithm>
#include <utility>

#include "common/log.h"

namespace signet::token {

namespace {

// What an appliance offers changes with its firmware or its licence.
constexpr Milliseconds kAge{60 * 60'000};

// How long a failed question is not asked again: nobody waits twice for a dead appliance.
constexpr Milliseconds kPauseAfterFailure{30'000};

// How often a task looks whether another thread's question is answered.
constexpr Milliseconds kLookAtAnother{5};

bool within(const std::optional<SteadyTime>& moment, Milliseconds time) {
  return moment && std::chrono::steady_clock::now() - *moment < time;
}

}  // namespace

Capabilities::Capabilities(transport::Appliance& appliance, std::string label, bool sha1_signatures)
    : appliance_(appliance),
      label_(std::move(label)),
      sha1_signatures_(sha1_signatures),
      offer_(std::make_shared<const mechanism::Offer>(appliance.minimum(), sha1_signatures)) {}

std::optional<transport::ApplianceInfo> Capabilities::info() const {
  const MutexLock lock(mutex_);
  return info_;
}

transport::ApplianceInfo Capabilities::assumed() const {
  const MutexLock lock(mutex_);
  return info_ ? *info_ : appliance_.minimum();
}

OfferPtr Capabilities::offer() const {
  const MutexLock lock(mutex_);
  return offer_;
}

Capabilities::Asking::~Asking() {
  const MutexLock lock(capabilities_.mutex_);
  capabilities_.asking_ = false;
  capabilities_.answered_.notify_all();
}

bool Capabilities::learn(Wanted wanted, Deadline deadline) {
  unsigned members = 0;
  if (!may_ask(wanted, deadline, members)) return false;
  const Asking asking(*this);
  return take(appliance_.info(deadline), members);
}

Task<bool> Capabilities::start_learn(Wanted wanted, Deadline deadline) {
  while (is_another_asking(wanted) && !deadline.passed()) {
    co_await wait_for(std::min(kLookAtAnother, deadline.left()));
  }
  unsigned members = 0;
  {
    const MutexLock lock(mutex_);
    if (!begin_asking(wanted, members)) co_return false;
  }
  const Asking asking(*this);
  co_return take(co_await appliance_.start_info(deadline), members);
}

bool Capabilities::knows(Wanted wanted) const {
  return info_ && (wanted == Wanted::anything || within(read_at_, kAge));
}

bool Capabilities::may_ask(Wanted wanted, Deadline deadline, unsigned& members) {
  const MutexLock lock(mutex_);
  if (knows(wanted)) return false;
  while (asking_ && answered_.wait_until(mutex_, deadline.moment())) {
  }
  return begin_asking(wanted, members);
}

bool Capabilities::begin_asking(Wanted wanted, unsigned& members) {
  if (asking_ || knows(wanted) || within(failed_at_, kPauseAfterFailure)) return false;
  asking_ = true;
  members = members_;
  return true;
}

bool Capabilities::is_another_asking(Wanted wanted) const {
  const MutexLock lock(mutex_);
  return asking_ && !knows(wanted);
}

bool Capabilities::take(transport::Answer<transport::ApplianceInfo> answer, unsigned members) {
  if (!answer) {
    log::warn("token \"{}\": what the appliance offers is not known: {}", label_,
              answer.error().sentence);
  }
  const MutexLock lock(mutex_);
  if (members != members_) return false;
  const SteadyTime now = std::chrono::steady_clock::now();
  if (!answer) {
    failed_at_ = now;
    return false;
  }
  set_info(std::move(answer).value());
  read_at_ = now;
  return true;
}

void Capabilities::set_info(transport::ApplianceInfo info) {
  offer_ = std::make_shared<const mechanism::Offer>(info, sha1_signatures_);
  info_ = std::move(info);
}

Capabilities::Statement Capabilities::statement() const {
  const MutexLock lock(mutex_);
  Statement statement{info_, {}};
  if (read_at_) {
    const auto age = std::chrono::steady_clock::now() - *read_at_;
    statement.read_at =
        std::chrono::system_clock::now() - std::chrono::duration_cast<Milliseconds>(age);
  }
  return statement;
}

void Capabilities::recall(Statement statement) {
  const MutexLock lock(mutex_);
  if (info_ || !statement.info) return;
  set_info(std::move(*statement.info));
  // By the wall clock, which may have been set since: an age below zero is no age.
  const auto age = std::chrono::system_clock::now() - statement.read_at;
  if (age >= Milliseconds(0)) read_at_ = std::chrono::steady_clock::now() - age;
}

void Capabilities::reconfigure(bool other_members) {
  const MutexLock lock(mutex_);
  failed_at_.reset();
  if (!other_members) return;
  read_at_.reset();
  ++members_;
}

}  // namespace signet::token
