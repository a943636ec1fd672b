// Who may come in, and who may sign: passwords against the accounts, with the lock, expiry, activation and the sign
// credential. Each dialect puts a denial into its own words.
#ifndef SIGNET_SOFTHSM_BACKEND_AUTHENTICATOR_H_
#define SIGNET_SOFTHSM_BACKEND_AUTHENTICATOR_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/mutex.h"
#include "common/result.h"
#include "common/secret.h"
#include "softhsm-backend/accounts.h"
#include "softhsm-backend/passwords.h"
#include "softhsm-backend/state.h"

namespace signet::emulator {

enum class Denial {
  wrong_password,  // or no such user
  account_locked,
  account_disabled,
  account_not_activated,
  password_expired,
  signing_locked,
  no_sign_credential,
  wrong_sign_password,
  wrong_one_time_password,
};

// Whether the password has this hash; slow on purpose.
using PasswordCheck = std::function<bool(const Secret& password, std::string_view hash)>;

// Thread-safe.
class Authenticator {
 public:
  explicit Authenticator(State& state, PasswordCheck matches = password_matches)
      : state_(state), matches_(std::move(matches)) {}

  enum class Expired { refused, admitted };
  // As slow for a user without an account as for a wrong password, so that the time does not tell who has one.
  Result<Account, Denial> admit(const std::string& user, const Secret& password, Expired expired);

  // Checks the second credential where the account has one. A one-time step in the value must be
  // used up (use_one_time_step) in the transaction that records the signature.
  Result<std::optional<std::int64_t>, Denial> check_sign_credential(
      const Account& account, const std::optional<Secret>& given);

 private:
  std::optional<Account> read(const std::string& user);
  Result<void, Denial> check_password(const Account& account, const Secret& password);
  Result<void, Denial> check_password_slowly(const std::string& user, const Secret& password);
  Result<std::int64_t, Denial> check_one_time(const Account& account, const Secret& given);
  Result<void, Denial> check_sign_password(const Account& account, const Secret& given);

  State& state_;
  const PasswordCheck matches_;
  VerifiedPasswords verified_;
  Mutex slow_;  // one slow hash at a time: the rest of the machine signs
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_AUTHENTICATOR_H_
