#include "softhsm-backend/gate.h"

#include <algorithm>

#include "softhsm-backend/encoding.h"
#include "softhsm-backend/state.h"

namespace signet::emulator {

namespace {

struct Basic {
  std::string user;
  Secret password;
};

std::optional<Basic> read_basic(std::string_view header) {
  constexpr std::string_view scheme = "basic ";
  if (header.size() < scheme.size()) return std::nullopt;
  const bool scheme_fits =
      std::equal(scheme.begin(), scheme.end(), header.begin(),
                 [](char wanted, char seen) { return wanted == (seen | 0x20); });
  if (!scheme_fits) return std::nullopt;
  auto decoded = from_base64(header.substr(scheme.size()));
  if (!decoded) return std::nullopt;
  const std::string_view text = text_of(*decoded);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Basic basic{.user = std::string(text.substr(0, colon)),
              .password = Secret(text.substr(colon + 1))};
  wipe(decoded->data(), decoded->size());
  return basic;
}

}  // namespace

std::optional<Account> Gate::read(const std::string& user) {
  return find_account(*reads_.take(), user);
}

Outcome<Gate::Entrant> Gate::admit(std::string_view authorization, Expired expired) {
  auto basic = read_basic(authorization);
  if (!basic) return problems::wrong_password();
  auto account = read(basic->user);
  if (!account) return problems::wrong_password();
  BOOST_OUTCOME_TRY(check_password(*account, basic->password));
  if (account->disabled) return problems::account_disabled();
  if (!account->activated) return problems::account_not_activated();
  const bool is_expired =
      account->password_expires_at && *account->password_expires_at <= now_milliseconds();
  if (is_expired && expired == Expired::refused) return problems::password_expired();
  return Entrant{.account = *std::move(account), .password = std::move(basic->password)};
}

Outcome<void> Gate::check_password(const Account& account, const Secret& password) {
  if (account.locked()) return problems::account_locked();
  if (!verified_.knows(password, account.password_hash)) {
    return check_password_slowly(account.user, password);
  }
  if (account.wrong_count > 0) {
    writes_.run([&](Database& database) { clear_attempts(database, account.user); });
  }
  return success();
}

Outcome<void> Gate::check_password_slowly(const std::string& user, const Secret& password) {
  const std::lock_guard lock(slow_);
  const auto account = read(user);
  if (!account) return problems::wrong_password();
  if (verified_.knows(password, account->password_hash)) return success();
  const bool counted =
      writes_.run([&](Database& database) { return count_attempt(database, user); });
  if (!counted) return problems::account_locked();
  if (!password_matches(password, account->password_hash)) return problems::wrong_password();
  writes_.run([&](Database& database) { clear_attempts(database, user); });
  verified_.remember(password, account->password_hash);
  return success();
}

Outcome<std::optional<std::int64_t>> Gate::check_sign_credential(
    const Account& account, const std::optional<Secret>& given) {
  if (account.sign_credential == "none") return std::nullopt;
  if (account.signing_locked()) {
    return problems::key_locked(
        "Too many wrong sign credentials; an administrator must unlock them.");
  }
  if (!given) return problems::sign_credential("This account signs only with signPassword.");
  if (account.sign_credential == "otp") return check_one_time(account, *given);
  BOOST_OUTCOME_TRY(check_sign_password(account, *given));
  return std::nullopt;
}

Outcome<std::optional<std::int64_t>> Gate::check_one_time(const Account& account,
                                                          const Secret& given) {
  const bool counted =
      writes_.run([&](Database& database) { return count_sign_attempt(database, account.user); });
  if (!counted) return problems::key_locked("Too many wrong sign credentials.");
  const auto secret = from_hex(account.sign_secret);
  const auto step = matching_step(given, secret.value_or(Bytes{}), account.one_time_last_step,
                                  std::chrono::system_clock::now());
  if (!step)
    return problems::sign_credential("The one-time password is wrong or was used already.");
  writes_.run([&](Database& database) { clear_sign_attempts(database, account.user); });
  return step;
}

Outcome<void> Gate::check_sign_password(const Account& account, const Secret& given) {
  if (!verified_.knows(given, account.sign_secret)) {
    const std::lock_guard lock(slow_);
    const bool counted =
        writes_.run([&](Database& database) { return count_sign_attempt(database, account.user); });
    if (!counted) return problems::key_locked("Too many wrong sign credentials.");
    if (!password_matches(given, account.sign_secret)) {
      return problems::sign_credential("The sign password is wrong.");
    }
    writes_.run([&](Database& database) { clear_sign_attempts(database, account.user); });
    verified_.remember(given, account.sign_secret);
    return success();
  }
  if (account.sign_wrong_count > 0) {
    writes_.run([&](Database& database) { clear_sign_attempts(database, account.user); });
  }
  return success();
}

}  // namespace signet::emulator
