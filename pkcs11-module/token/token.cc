// The token's state: what is known of the appliance, who is logged in.
#include "pkcs11-module/token/token.h"

#include <fmt/format.h>

#include "common/log.h"

namespace signet::token {

namespace {

// What an appliance offers changes with its firmware or its licence.
constexpr Milliseconds kInfoAge{60 * 60'000};

// How long a failed question for public knowledge is not asked again: nobody waits twice for a dead appliance.
constexpr Milliseconds kPauseAfterFailure{30'000};

bool within_pause(const std::optional<SteadyTime>& failed_at) {
  return failed_at && std::chrono::steady_clock::now() - *failed_at < kPauseAfterFailure;
}

std::string identity_of(const config::TokenConfig& config) {
  std::string identity = config.label + "\n" + config.user;
  for (const auto& member : config.members)
    identity += "\n" + member.url + " " + member.pins.text();
  return identity;
}

CK_FLAGS flags_after(transport::Failure failure) {
  switch (failure) {
    case transport::Failure::wrong_password:
      return CKF_USER_PIN_COUNT_LOW;
    case transport::Failure::account_locked:
    case transport::Failure::account_disabled:
      return CKF_USER_PIN_LOCKED;
    case transport::Failure::password_expired:
      return CKF_USER_PIN_TO_BE_CHANGED;
    default:
      return 0;
  }
}

}  // namespace

Token::Token(config::TokenConfig config, const std::filesystem::path& cache_dir,
             std::unique_ptr<transport::Appliance> appliance,
             std::shared_ptr<crypto::Context> context)
    : appliance_(std::move(appliance)),
      context_(std::move(context)),
      cache_dir_(cache_dir),
      config_(std::make_shared<const config::TokenConfig>(std::move(config))),
      cache_(std::make_shared<const object::PublicCache>(context_, cache_dir_,
                                                         identity_of(*config_))) {}

Token::ConfigPtr Token::config() const {
  const std::lock_guard lock(mutex_);
  return config_;
}

bool Token::reconfigure(config::TokenConfig config) {
  const ConfigPtr before = this->config();
  config.label = before->label;
  config.user = before->user;
  config.sha1_signatures = before->sha1_signatures;
  config.ec_point = before->ec_point;
  // The appliance first: what was asked of the old members has been asked before take_config(), and is told by that.
  appliance_->reconfigure(config);
  if (config == *before) return false;
  const std::lock_guard lock(mutex_);
  take_config(std::move(config));
  return true;
}

void Token::take_config(config::TokenConfig config) {
  const bool other_members = config.members != config_->members;
  config_ = std::make_shared<const config::TokenConfig>(std::move(config));
  read_failed_at_.reset();
  info_failed_at_.reset();
  objects_asked_at_ = {};  // other members may know other objects
  if (!other_members) return;
  info_read_at_.reset();
  objects_.etag.clear();  // it means nothing to them
  ++edits_;
  cache_ = std::make_shared<const object::PublicCache>(context_, cache_dir_, identity_of(*config_));
}

std::optional<transport::ApplianceInfo> Token::known_info() {
  const std::lock_guard lock(mutex_);
  load_cache();
  return info_;
}

CK_FLAGS Token::pin_flags() const {
  const std::lock_guard lock(mutex_);
  return pin_flags_;
}

Role Token::role() const {
  const LoginPtr login = login_state();
  return login ? login->role : Role::nobody;
}

Token::LoginPtr Token::login_state() const {
  const std::lock_guard lock(mutex_);
  return login_;
}

CkResult<Token::LoginPtr> Token::user() const {
  LoginPtr login = login_state();
  if (!login || login->role != Role::user) {
    return ck_error(CKR_USER_NOT_LOGGED_IN, "log in to the token first");
  }
  return login;
}

Deadline Token::question_deadline() const {
  return Deadline::after(config()->limits.connect);
}

std::optional<transport::ApplianceInfo> Token::info() {
  learn_info(Wanted::anything, question_deadline());
  return known_info();
}

std::shared_ptr<const mechanism::Offer> Token::offer() {
  learn_info(Wanted::anything, question_deadline());
  return known_offer();
}

std::shared_ptr<const mechanism::Offer> Token::fresh_offer() {
  learn_info(Wanted::fresh, question_deadline());
  return known_offer();
}

bool Token::knows_info(Wanted wanted) const {
  if (wanted == Wanted::anything) return info_.has_value();
  return info_ && info_read_at_ && std::chrono::steady_clock::now() - *info_read_at_ < kInfoAge;
}

void Token::learn_info(Wanted wanted, Deadline deadline) {
  struct Turn {
    Token& token;
    ~Turn() {
      const std::lock_guard lock(token.mutex_);
      token.asking_for_info_ = false;
      token.info_answered_.notify_all();
    }
  };
  ConfigPtr config;
  {
    std::unique_lock lock(mutex_);
    load_cache();
    if (knows_info(wanted)) return;
    info_answered_.wait_until(lock, deadline.moment(), [&] { return !asking_for_info_; });
    if (asking_for_info_ || knows_info(wanted) || within_pause(info_failed_at_)) return;
    asking_for_info_ = true;
    config = config_;
  }
  bool taken = false;
  {
    const Turn turn{*this};
    taken = take_info(config, appliance_->info(deadline));
  }
  if (taken) save_cache();
}

bool Token::take_info(const ConfigPtr& asked_of,
                      transport::Answer<transport::ApplianceInfo> answer) {
  if (!answer) {
    log::warn("token \"{}\": what the appliance offers is not known: {}", asked_of->label,
              answer.error().sentence);
  }
  const std::lock_guard lock(mutex_);
  if (config_->members != asked_of->members) return false;
  const SteadyTime now = std::chrono::steady_clock::now();
  if (!answer) {
    info_failed_at_ = now;
    return false;
  }
  info_ = std::move(answer).value();
  info_read_at_ = now;
  offer_ = std::make_shared<const mechanism::Offer>(info_, config_->sha1_signatures);
  if (snapshot_) rebuild();
  return true;
}

std::shared_ptr<const mechanism::Offer> Token::known_offer() {
  const std::lock_guard lock(mutex_);
  load_cache();
  if (!offer_) offer_ = std::make_shared<const mechanism::Offer>(info_, config_->sha1_signatures);
  return offer_;
}

CkResult<Secret> Token::secret_or_configured(std::optional<Secret> pin) const {
  if (pin && !pin->empty()) return std::move(*pin);
  const ConfigPtr config = this->config();
  const auto& credential = config->credential;
  if (!credential) {
    if (pin) return ck_error(CKR_PIN_INCORRECT, "the PIN is empty");
    return ck_error(
        CKR_ARGUMENTS_BAD,
        fmt::format("no PIN, and no credential is configured for token \"{}\": give a PIN, or "
                    "add credential = \"…\" to the token's configuration",
                    config->label));
  }
  auto secret = credential->read();
  if (!secret) return ck_error(CKR_FUNCTION_FAILED, secret.error());
  return std::move(secret).value();
}

CkResult<void> Token::check_no_login(Role role) const {
  const Role present = this->role();
  if (present == Role::nobody) return success();
  if (present == role) return ck_error(CKR_USER_ALREADY_LOGGED_IN, "already logged in");
  return ck_error(CKR_USER_ANOTHER_ALREADY_LOGGED_IN, "another user is logged in: log out first");
}

void Token::note_login_failure(const transport::ApplianceError& failure) {
  const std::lock_guard lock(mutex_);
  pin_flags_ |= flags_after(failure.failure);
}

std::string Token::user_of(Role role) const {
  const ConfigPtr config = this->config();
  const bool officer = role == Role::security_officer && !config->administrator.empty();
  return officer ? config->administrator : config->user;
}

CkResult<void> Token::login(Role role, const std::string& user_name, std::optional<Secret> pin) {
  BOOST_OUTCOME_TRY(check_no_login(role));
  const bool configured = !pin || pin->empty();
  BOOST_OUTCOME_TRY(auto password, secret_or_configured(std::move(pin)));
  Login login{role, {user_name.empty() ? user_of(role) : user_name, std::move(password)}, {}};
  const Deadline deadline = call_deadline();
  auto account = appliance_->account(login.credential, deadline);
  if (!account) {
    note_login_failure(account.error());
    const bool wrong = account.error().failure == transport::Failure::wrong_password;
    if (wrong && configured && login.credential.user == config()->user)
      note_refused(login.credential.password);
    return error_of(account.error(), Purpose::login);
  }
  login.account = std::move(account).value();
  if (role == Role::security_officer && !login.account.administrator) {
    return ck_error(CKR_USER_TYPE_INVALID,
                    fmt::format("account \"{}\" is not an administrator", login.credential.user));
  }
  if (role == Role::user) {
    const bool again = login.account.sign_credential != transport::SignCredential::none;
    BOOST_OUTCOME_TRY(read_objects(login.credential, again, deadline));
  }
  const std::lock_guard lock(mutex_);
  // Another thread may have been faster.
  if (login_) return ck_error(CKR_USER_ALREADY_LOGGED_IN, "already logged in");
  login_ = std::make_shared<const Login>(std::move(login));
  pin_flags_ = 0;
  return success();
}

CkResult<void> Token::logout() {
  const std::lock_guard lock(mutex_);
  if (!login_) return ck_error(CKR_USER_NOT_LOGGED_IN, "nobody is logged in");
  // The password is wiped with the last call that still uses it.
  login_.reset();
  return success();
}

void Token::forget_login() {
  const std::lock_guard lock(mutex_);
  login_.reset();
}

void Token::forget_login_if(const LoginPtr& refused) {
  const std::lock_guard lock(mutex_);
  if (login_ == refused) login_.reset();
}

CkResult<void> Token::change_pin(const Secret& old_pin, const Secret& new_pin) {
  const LoginPtr login = login_state();
  const transport::Credential who{login ? login->credential.user : config()->user, old_pin};
  auto answer = appliance_->change_password(who, new_pin, call_deadline());
  if (!answer) {
    note_login_failure(answer.error());
    return error_of(answer.error(), Purpose::change_pin);
  }
  const std::lock_guard lock(mutex_);
  pin_flags_ = 0;
  if (login_ && login_ == login) {
    Login renewed = *login_;
    renewed.credential.password = new_pin;
    login_ = std::make_shared<const Login>(std::move(renewed));
  }
  return success();
}

CkResult<void> Token::init_pin(const Secret& new_pin) {
  const LoginPtr login = login_state();
  if (!login || login->role != Role::security_officer) {
    return ck_error(CKR_USER_NOT_LOGGED_IN, "only the security officer sets the user's PIN");
  }
  return translate(
      appliance_->set_password(login->credential, config()->user, new_pin, call_deadline()),
      Purpose::change_pin);
}

}  // namespace signet::token
