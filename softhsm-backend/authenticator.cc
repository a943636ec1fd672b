#include "softhsm-backend/authenticator.h"

namespace signet::emulator {

std::optional<Account> Authenticator::read(const std::string& user) {
  return state_.read([&](Database& database) { return find_account(database, user); });
}

Result<Account, Denial> Authenticator::admit(const std::string& user, const Secret& password,
                                             Expired expired) {
  auto account = read(user);
  if (!account) {
    const MutexLock lock(slow_);  // waits as long as the others, too
    (void)matches_(password, kHashOfNobody);
    return Denial::wrong_password;
  }
  BOOST_OUTCOME_TRY(check_password(*account, password));
  if (account->disabled) return Denial::account_disabled;
  if (!account->activated) return Denial::account_not_activated;
  const bool is_expired =
      account->password_expires_at && *account->password_expires_at <= now_milliseconds();
  if (is_expired && expired == Expired::refused) return Denial::password_expired;
  return *std::move(account);
}

Result<void, Denial> Authenticator::check_password(const Account& account, const Secret& password) {
  if (account.locked()) return Denial::account_locked;
  if (!verified_.knows(password, account.password_hash)) {
    return check_password_slowly(account.user, password);
  }
  if (account.wrong_count > 0) {
    state_.write([&](Database& database) { clear_attempts(database, account.user); });
  }
  return success();
}

Result<void, Denial> Authenticator::check_password_slowly(const std::string& user,
                                                          const Secret& password) {
  const MutexLock lock(slow_);
  const auto account = read(user);
  if (!account) return Denial::wrong_password;
  if (verified_.knows(password, account->password_hash)) return success();
  if (!state_.write([&](Database& database) { return count_attempt(database, user); })) {
    return Denial::account_locked;
  }
  if (!matches_(password, account->password_hash)) return Denial::wrong_password;
  state_.write([&](Database& database) { clear_attempts(database, user); });
  verified_.remember(password, account->password_hash);
  return success();
}

Result<std::optional<std::int64_t>, Denial> Authenticator::check_sign_credential(
    const Account& account, const std::optional<Secret>& given) {
  if (account.sign_credential == "none") return std::nullopt;
  if (account.signing_locked()) return Denial::signing_locked;
  if (!given) return Denial::no_sign_credential;
  if (account.sign_credential == "otp") {
    BOOST_OUTCOME_TRY(const auto step, check_one_time(account, *given));
    return std::optional(step);
  }
  BOOST_OUTCOME_TRY(check_sign_password(account, *given));
  return std::nullopt;
}

Result<std::int64_t, Denial> Authenticator::check_one_time(const Account& account,
                                                           const Secret& given) {
  if (!state_.write(
          [&](Database& database) { return count_sign_attempt(database, account.user); })) {
    return Denial::signing_locked;
  }
  const auto secret = from_hex(account.sign_secret);
  const auto step = matching_step(given, secret.value_or(Bytes{}), account.one_time_last_step,
                                  std::chrono::system_clock::now());
  if (!step) return Denial::wrong_one_time_password;
  state_.write([&](Database& database) { clear_sign_attempts(database, account.user); });
  return *step;
}

Result<void, Denial> Authenticator::check_sign_password(const Account& account,
                                                        const Secret& given) {
  const auto clear = [&](Database& database) { clear_sign_attempts(database, account.user); };
  if (verified_.knows(given, account.sign_secret)) {
    if (account.sign_wrong_count > 0) state_.write(clear);
    return success();
  }
  const MutexLock lock(slow_);
  if (!state_.write(
          [&](Database& database) { return count_sign_attempt(database, account.user); })) {
    return Denial::signing_locked;
  }
  if (!matches_(given, account.sign_secret)) return Denial::wrong_sign_password;
  state_.write(clear);
  verified_.remember(given, account.sign_secret);
  return success();
}

}  // namespace signet::emulator
