// What a run does beside its calls: it follows its configuration and looks at its own code.
#include <fmt/format.h>

#include <algorithm>

#include "pkcs11-module/token/library.h"

namespace signet::token {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds kBetweenLooks = 2s;

constexpr std::string_view kWhenRestarted =
    "takes effect when the program initialises the module again";

}  // namespace

CkResult<void> Library::look_after() {
  if (damaged_)
    return ck_error(CKR_GENERAL_ERROR, "the module's code was found changed; see above");
  const SteadyTime now = std::chrono::steady_clock::now();
  if (now.time_since_epoch().count() < next_look_.load(std::memory_order_relaxed)) return success();
  if (!look_mutex_.try_lock()) return success();
  const MutexLock lock(look_mutex_, std::adopt_lock);
  next_look_ = (now + kBetweenLooks).time_since_epoch().count();
  follow_configuration();
  if (now < next_self_check_) return success();
  return check_self(now);
}

CkResult<void> Library::check_self(SteadyTime now) {
  next_self_check_ = now + self_check_.every;
  if (!self_check_.enabled) return success();
  auto checked = check_self_(context_);
  damaged_ = checked.has_error();
  return checked;
}

void Library::follow_configuration() {
  const auto seen = watch_.look();
  if (!seen) return;
  if (seen->has_error()) {
    log::error("the changed configuration is refused, the one before it stays in force: {}",
               seen->error().sentence);
    return;
  }
  take_over(seen->value());
}

void Library::take_over(const config::Config& config) {
  take_over_log(config.log);
  if (config.self_check.every != self_check_.every) next_self_check_ = {};
  self_check_ = config.self_check;
  bool changed = false;
  for (const auto& token : tokens_) changed |= take_over_token(*token, config);
  for (const config::TokenConfig& token : config.tokens) {
    const bool known = std::ranges::any_of(
        tokens_, [&](const auto& mine) { return mine->config()->label == token.label; });
    if (!known)
      log::warn("token \"{}\" is new in the configuration: it {}", token.label, kWhenRestarted);
  }
  if (changed) log::info("{}: the changed configuration is in force", config.file.string());
}

void Library::take_over_log(const log::Options& options) {
  if (options.level != log_.level) log::set_level(options.level);
  if (options.to != log_.to || options.format != log_.format) {
    log::warn("another target or format of the log {}", kWhenRestarted);
  }
  log_ = options;
}

bool Library::take_over_token(Token& token, const config::Config& config) {
  const auto mine = token.config();
  const auto fresh = std::ranges::find(config.tokens, mine->label, &config::TokenConfig::label);
  if (fresh == config.tokens.end()) {
    log::warn("token \"{}\" is gone from the configuration: that {}", mine->label, kWhenRestarted);
    return false;
  }
  // Another account's password must not go out under this one's name.
  if (fresh->user != mine->user) {
    log::warn("token \"{}\" has another user in the configuration: its whole table {}", mine->label,
              kWhenRestarted);
    return false;
  }
  const auto waits = [&](const char* key, bool changed) {
    if (changed) log::warn("token \"{}\": \"{}\" {}", mine->label, key, kWhenRestarted);
  };
  waits("serial", fresh->serial != mine->serial);
  waits("sha1_signatures", fresh->sha1_signatures != mine->sha1_signatures);
  waits("ec_point", fresh->ec_point != mine->ec_point);
  return token.reconfigure(*fresh);
}

}  // namespace signet::token
