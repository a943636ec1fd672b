// Accounts in the state. Every change is one statement, so that both members of a pair count alike.
#ifndef SIGNET_SOFTHSM_BACKEND_ACCOUNTS_H_
#define SIGNET_SOFTHSM_BACKEND_ACCOUNTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "softhsm-backend/state.h"

namespace signet::emulator {

inline constexpr std::int64_t kWrongPasswordsToLock = 5;

struct Account {
  std::string user;
  std::string common_name;
  bool administrator = false;
  std::string password_hash;
  std::int64_t wrong_count = 0;
  bool activated = true;
  bool disabled = false;
  std::optional<std::int64_t> password_expires_at;  // milliseconds since 1970
  std::int64_t key_limit = 10'000;
  std::int64_t certificate_limit = 2'000;
  std::string sign_credential = "none";  // none, password, otp
  std::string sign_secret;  // password: its hash; otp: the shared secret in hexadecimal
  std::int64_t sign_wrong_count = 0;
  std::int64_t one_time_last_step = 0;
  std::int64_t set_version = 1;  // grows with every change to the account's keys and certificates

  bool locked() const { return wrong_count >= kWrongPasswordsToLock; }
  bool signing_locked() const { return sign_wrong_count >= kWrongPasswordsToLock; }
};

// 1 to 32 letters, digits, or . _ @ -, no dot in front: a part of a file's name, and of HTTP Basic.
bool is_user_name(std::string_view text);

std::optional<Account> find_account(Database& database, std::string_view user);

// False where the user exists already.
bool add_account(Database& database, const Account& account);

// In the order of their names, those behind `user`.
std::vector<Account> accounts_after(Database& database, std::string_view user, std::int64_t limit);

// Writes the common name, the rights, and whether it is disabled.
void update_account(Database& database, const Account& account);

// Lets the password expire at once.
void expire_password(Database& database, std::string_view user);

// Of an account that has no keys and certificates any more (delete_objects).
void delete_account(Database& database, std::string_view user);

// Counts an attempt before it is checked, so that attempts at the same time cannot outrun the lock;
// a right one is taken back by clear_attempts. False: the account is locked, do not even look at
// the password.
bool count_attempt(Database& database, std::string_view user);
void clear_attempts(Database& database, std::string_view user);

// The same for the sign credential.
bool count_sign_attempt(Database& database, std::string_view user);
void clear_sign_attempts(Database& database, std::string_view user);

// True once for each step: a one-time password serves one request.
bool use_one_time_step(Database& database, std::string_view user, std::int64_t step);

// Unlocks, removes the expiry, and ends the refresh tokens of the CSC API as well. False where there is no such user.
bool set_password(Database& database, std::string_view user, std::string_view password_hash);

void touch_set(Database& database, std::string_view user);
std::int64_t set_version(Database& database, std::string_view user);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_ACCOUNTS_H_
