#include "softhsm-backend/accounts.h"

namespace signet::emulator {

bool is_user_name(std::string_view text) {
  constexpr std::size_t longest = 32;
  return !text.empty() && text.size() <= longest && text.front() != '.' &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
             "0123456789._@-") == std::string_view::npos;
}

namespace {

constexpr const char* kColumns =
    "SELECT user, common_name, administrator, password_hash, wrong_count, activated, disabled,"
    " password_expires_at, key_limit, certificate_limit, sign_credential, sign_secret,"
    " sign_wrong_count, one_time_last_step, set_version FROM accounts ";

Account account_in(const Rows& rows) {
  return {.user = rows.text(0),
          .common_name = rows.text(1),
          .administrator = rows.number(2) != 0,
          .password_hash = rows.text(3),
          .wrong_count = rows.number(4),
          .activated = rows.number(5) != 0,
          .disabled = rows.number(6) != 0,
          .password_expires_at = rows.optional_number(7),
          .key_limit = rows.number(8),
          .certificate_limit = rows.number(9),
          .sign_credential = rows.text(10),
          .sign_secret = rows.text(11),
          .sign_wrong_count = rows.number(12),
          .one_time_last_step = rows.number(13),
          .set_version = rows.number(14)};
}

}  // namespace

std::optional<Account> find_account(Database& database, std::string_view user) {
  auto rows = database.query(std::string(kColumns) + "WHERE user = ?", user);
  if (!rows.next()) return std::nullopt;
  return account_in(rows);
}

std::vector<Account> accounts_after(Database& database, std::string_view user, std::int64_t limit) {
  auto rows =
      database.query(std::string(kColumns) + "WHERE user > ? ORDER BY user LIMIT ?", user, limit);
  std::vector<Account> accounts;
  while (rows.next()) accounts.push_back(account_in(rows));
  return accounts;
}

void update_account(Database& database, const Account& account) {
  database.run(
      "UPDATE accounts SET common_name = ?, administrator = ?, disabled = ? WHERE user = ?",
      account.common_name, std::int64_t{account.administrator}, std::int64_t{account.disabled},
      account.user);
}

void expire_password(Database& database, std::string_view user) {
  database.run("UPDATE accounts SET password_expires_at = ? WHERE user = ?", now_milliseconds() - 1,
               user);
}

void delete_account(Database& database, std::string_view user) {
  database.run("DELETE FROM answers WHERE account = ?", user);
  database.run("DELETE FROM csc_hashes WHERE sad IN (SELECT hash FROM csc_sads WHERE account = ?)",
               user);
  for (const char* table : {"csc_sads", "csc_tokens", "csc_answers", "csc_policies"}) {
    database.run("DELETE FROM " + std::string(table) + " WHERE account = ?", user);
  }
  database.run("DELETE FROM accounts WHERE user = ?", user);
}

bool add_account(Database& database, const Account& account) {
  return database.run(
             "INSERT OR IGNORE INTO accounts (user, common_name, administrator, password_hash,"
             " key_limit, certificate_limit) VALUES (?, ?, ?, ?, ?, ?)",
             account.user, account.common_name, std::int64_t{account.administrator},
             account.password_hash, account.key_limit, account.certificate_limit) == 1;
}

bool count_attempt(Database& database, std::string_view user) {
  return database.run(
             "UPDATE accounts SET wrong_count = wrong_count + 1 WHERE user = ? AND wrong_count < ?",
             user, kWrongPasswordsToLock) == 1;
}

void clear_attempts(Database& database, std::string_view user) {
  database.run("UPDATE accounts SET wrong_count = 0 WHERE user = ?", user);
}

bool count_sign_attempt(Database& database, std::string_view user) {
  return database.run(
             "UPDATE accounts SET sign_wrong_count = sign_wrong_count + 1"
             " WHERE user = ? AND sign_wrong_count < ?",
             user, kWrongPasswordsToLock) == 1;
}

void clear_sign_attempts(Database& database, std::string_view user) {
  database.run("UPDATE accounts SET sign_wrong_count = 0 WHERE user = ?", user);
}

bool use_one_time_step(Database& database, std::string_view user, std::int64_t step) {
  return database.run(
             "UPDATE accounts SET one_time_last_step = ?1 WHERE user = ?2 AND one_time_last_step < "
             "?1",
             step, user) == 1;
}

bool set_password(Database& database, std::string_view user, std::string_view password_hash) {
  // Who was remembered gives the new password once.
  database.run("DELETE FROM csc_tokens WHERE account = ? AND refresh = 1", user);
  return database.run(
             "UPDATE accounts SET password_hash = ?, wrong_count = 0, password_expires_at = NULL"
             " WHERE user = ?",
             password_hash, user) == 1;
}

void touch_set(Database& database, std::string_view user) {
  database.run("UPDATE accounts SET set_version = set_version + 1 WHERE user = ?", user);
}

std::int64_t set_version(Database& database, std::string_view user) {
  auto rows = database.query("SELECT set_version FROM accounts WHERE user = ?", user);
  return rows.next() ? rows.number(0) : 0;
}

}  // namespace signet::emulator
