// The token's configuration, its logins, and what is read from the appliance.
#include "pkcs11-module/token/token.h"

#include <fmt/format.h>

#include <new>

#include "common/log.h"
#include "dsa-transport/settings.h"

namespace signet::token {

Token::Token(config::TokenConfig config, const std::filesystem::path& cache_dir,
             std::unique_ptr<transport::Appliance> appliance,
             std::shared_ptr<crypto::Context> context, CallDriver& driver)
    : driver_(driver),
      appliance_(std::move(appliance)),
      context_(std::move(context)),
      config_(std::make_shared<const config::TokenConfig>(std::move(config))),
      capabilities_(*appliance_, config_->label, config_->sha1_signatures),
      store_(*appliance_, capabilities_, context_, cache_dir, *config_) {}

Token::ConfigPtr Token::config() const {
  const MutexLock lock(config_mutex_);
  return config_;
}

bool Token::reconfigure(config::TokenConfig config) {
  const ConfigPtr before = this->config();
  config.label = before->label;
  config.user = before->user;
  config.serial = before->serial;
  config.dialect = before->dialect;
  config.sapiws.pss = before->sapiws.pss;
  config.sha1_signatures = before->sha1_signatures;
  config.ec_point = before->ec_point;
  // The appliance first: what was asked of the old members has been asked before the store and the capabilities know of
  // the new ones, and is told by that.
  appliance_->reconfigure(transport::settings_of(config));
  if (config == *before) return false;
  const auto present = std::make_shared<const config::TokenConfig>(std::move(config));
  {
    const MutexLock lock(config_mutex_);
    config_ = present;
  }
  store_.reconfigure(*present, present->members != before->members);
  return true;
}

Deadline Token::question_deadline() const {
  return Deadline::after(config()->limits.connect);
}

std::optional<transport::ApplianceInfo> Token::known_info() {
  store_.load_cache();
  return capabilities_.info();
}

transport::ApplianceInfo Token::assumed_info() {
  store_.load_cache();
  return capabilities_.assumed();
}

OfferPtr Token::known_offer() {
  store_.load_cache();
  return capabilities_.offer();
}

OfferPtr Token::offer() {
  learn(Capabilities::Wanted::anything, question_deadline());
  return capabilities_.offer();
}

OfferPtr Token::fresh_offer() {
  learn(Capabilities::Wanted::fresh, question_deadline());
  return capabilities_.offer();
}

void Token::learn(Capabilities::Wanted wanted, Deadline deadline) {
  store_.load_cache();
  if (capabilities_.learn(wanted, deadline)) store_.show_capabilities();
}

Task<bool> Token::start_learn(Capabilities::Wanted wanted, Deadline deadline) {
  store_.load_cache();
  const bool learnt = co_await capabilities_.start_learn(wanted, deadline);
  if (learnt) store_.show_capabilities();
  co_return learnt;
}

std::optional<config::CredentialSource> Token::credential() const {
  const ConfigPtr config = this->config();
  if (!config->credential || config->credential->is_given()) return config->credential;
  if (!told_of_credential_.exchange(true)) {
    log::info(
        "token \"{}\": its configured credential is not for this process, whose user has to give a "
        "PIN",
        config->label);
  }
  return std::nullopt;
}

CkResult<Secret> Token::secret_or_configured(std::optional<Secret> pin) const {
  if (pin && !pin->empty()) return std::move(*pin);
  const auto credential = this->credential();
  if (!credential && !capabilities_.assumed().needs_password) return Secret();
  if (!credential) {
    if (pin) return ck_error(CKR_PIN_INCORRECT, "the PIN is empty");
    const ConfigPtr config = this->config();
    CkError error = ck_error(
        CKR_ARGUMENTS_BAD,
        fmt::format("no PIN, and {} for token \"{}\": give a PIN, or {}",
                    config->credential ? "this process has no right to the credential configured"
                                       : "no credential is configured",
                    config->label,
                    config->credential ? "let it read the credential (see \"Several users of one "
                                         "machine\" in the documentation of the configuration)"
                                       : "add credential = \"…\" to the token's configuration"));
    log::warn("{}", error.sentence);
    return error;
  }
  auto secret = credential->read();
  if (!secret) return ck_error(CKR_FUNCTION_FAILED, secret.error());
  return std::move(secret).value();
}

std::string Token::user_of(Role role) const {
  const ConfigPtr config = this->config();
  const bool officer = role == Role::security_officer && !config->administrator.empty();
  return officer ? config->administrator : config->user;
}

std::string Token::user_name() const {
  const LoginPtr login = login_.get();
  return login && login->role == Role::user ? login->credential.user : std::string();
}

Task<CkResult<void>> Token::start_login(Role role, std::string user_name, std::optional<Secret> pin,
                                        Enter enter) {
  BOOST_OUTCOME_CO_TRY(login_.check_nobody(role));
  const bool configured = !pin || pin->empty();
  BOOST_OUTCOME_CO_TRY(auto password, secret_or_configured(std::move(pin)));
  Login login{role, {user_name.empty() ? user_of(role) : user_name, std::move(password)}};
  const SteadyTime began = std::chrono::steady_clock::now();
  const Deadline deadline = call_deadline();
  const auto account = co_await appliance_->start_account(login.credential, deadline);
  if (!account) {
    const transport::Failure failure = account.error().failure;
    login_.note_failure(failure);
    const bool own_password = configured && login.credential.user == config()->user;
    if (failure == transport::Failure::wrong_password && own_password)
      login_.note_refused(login.credential.password);
    co_return error_of(account.error(), Purpose::login);
  }
  if (role == Role::security_officer && !account.value().administrator) {
    const bool configured_one = !config()->administrator.empty();
    co_return ck_error(
        CKR_USER_TYPE_INVALID,
        fmt::format("account \"{}\" is not an administrator{}", login.credential.user,
                    configured_one ? "" : "; set administrator = \"…\" in [[token]]"));
  }
  if (role == Role::user) {
    const bool again = account.value().sign_credential != transport::SignCredential::none;
    const auto read = co_await store_.start_read(login.credential, again, deadline);
    if (!read) co_return read.error();
  }
  const std::string user = login.credential.user;
  BOOST_OUTCOME_CO_TRY(enter(role, [&] { return login_.begin(std::move(login)); }));
  log_done(role == Role::user ? "logged in user" : "logged in administrator", view_of(user),
           account.value().trace, began);
  co_return success();
}

Task<CkResult<void>> Token::start_change_pin(Secret old_pin, Secret new_pin) {
  const LoginPtr login = login_.get();
  const transport::Credential who{login ? login->credential.user : config()->user,
                                  std::move(old_pin)};
  const auto answer = co_await appliance_->start_change_password(who, new_pin, call_deadline());
  if (!answer) {
    login_.note_failure(answer.error().failure);
    co_return error_of(answer.error(), Purpose::change_pin);
  }
  login_.renew_password(login, new_pin);
  co_return success();
}

CkResult<void> Token::init_pin(const Secret& new_pin) {
  const LoginPtr login = login_.get();
  if (!login || login->role != Role::security_officer) {
    return ck_error(CKR_USER_NOT_LOGGED_IN, "only the security officer sets the user's PIN");
  }
  return translate(
      appliance_->set_password(login->credential, config()->user, new_pin, call_deadline()),
      Purpose::change_pin);
}

object::SnapshotPtr Token::objects() {
  if (store_.wants_reading()) read_with_configured_credential();
  return store_.snapshot();
}

void Token::read_with_configured_credential() {
  const auto credential = this->credential();
  if (!credential) return;
  const ConfigPtr config = this->config();
  auto password = credential->read();
  std::string why;
  if (!password) {
    why = password.error();
  } else if (login_.is_refused(password.value())) {
    why =
        "the appliance refused this password before; it is not tried again, so that the account is "
        "not locked";
  } else {
    const transport::Credential who{config->user, password.value()};
    const auto read = store_.read(who, always_authenticate(), call_deadline());
    if (read) return;
    why = read.error().sentence;
    if (read.error().rv == CKR_PIN_INCORRECT) login_.note_refused(password.value());
  }
  log::warn("token \"{}\": public objects cannot be read, the last known ones are shown: {}",
            config->label, why);
  store_.note_failed_reading();
}

Task<bool> Token::refresh_if_old(LoginPtr login, Deadline deadline) {
  const ConfigPtr config = this->config();
  if (!store_.take_turn_to_refresh(config->limits.refresh)) co_return false;
  try {
    const auto limit = config->limits.connect;
    co_await start_learn(Capabilities::Wanted::fresh, deadline.within(limit));
    const auto read = co_await store_.start_read(login->credential, always_authenticate(),
                                                 deadline.within(limit));
    if (!read) {
      log::info("token \"{}\": the objects cannot be read again now: {}", config->label,
                read.error().sentence);
    }
    co_return read.has_value();
  } catch (const std::bad_alloc&) {
    // What the call has made is not lost for it; the objects are read another time.
  }
  co_return false;
}

}  // namespace signet::token
