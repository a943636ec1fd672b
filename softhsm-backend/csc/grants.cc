#include "softhsm-backend/csc/grants.h"

#include "crypto/openssl.h"
#include "softhsm-backend/encoding.h"

namespace signet::emulator::csc {

namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::int64_t kRefreshLife = 2'592'000;  // seconds
// For so long after its end an authorisation is told apart from one that never was.
constexpr std::int64_t kKeptAfterEnd = 3'600'000;  // milliseconds

std::string hash_of(std::string_view token) {
  return to_hex(crypto::sha256(view_of(token)));
}

std::string random_token() {
  return to_hex(random_bytes(kTokenBytes));
}

void add_hash(Database& database, std::string_view sad, const Bytes& hash) {
  database.run(
      "INSERT INTO csc_hashes (sad, number, hash) VALUES (?,"
      " (SELECT count(*) FROM csc_hashes WHERE sad = ?), ?)",
      sad, sad, hash);
}

std::string add_token(Database& database, std::string_view account, std::int64_t lifetime,
                      TokenKind kind, std::string_view parent) {
  std::string token = random_token();
  const std::int64_t now = now_milliseconds();
  database.run("DELETE FROM csc_tokens WHERE ends < ?", now);
  database.run(
      "INSERT INTO csc_tokens (hash, account, ends, refresh, parent) VALUES (?, ?, ?, ?, ?)",
      hash_of(token), account, now + 1000 * lifetime, std::int64_t{kind == TokenKind::refresh},
      parent);
  return token;
}

void forget_ended_sads(Database& database) {
  const std::int64_t before = now_milliseconds() - kKeptAfterEnd;
  database.run("DELETE FROM csc_hashes WHERE sad IN (SELECT hash FROM csc_sads WHERE ends < ?)",
               before);
  database.run("DELETE FROM csc_sads WHERE ends < ?", before);
}

}  // namespace

Policy find_policy(Database& database, std::string_view account) {
  auto rows = database.query(
      "SELECT scal, multisign, mode, delay, token_life, client_secret, client_certificate,"
      " wrong_secrets"
      " FROM csc_policies WHERE account = ?",
      account);
  if (!rows.next()) return {};
  return {.scal = rows.number(0),
          .multisign = rows.number(1),
          .mode = rows.text(2),
          .delay = rows.number(3),
          .token_life = rows.number(4),
          .client_secret = rows.text(5),
          .client_certificate = rows.text(6),
          .wrong_secrets = rows.number(7)};
}

void save_policy(Database& database, std::string_view account, const Policy& policy) {
  database.run(
      "INSERT OR REPLACE INTO csc_policies (account, scal, multisign, mode, delay, token_life,"
      " client_secret, client_certificate, wrong_secrets) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      account, policy.scal, policy.multisign, policy.mode, policy.delay, policy.token_life,
      policy.client_secret, policy.client_certificate, policy.wrong_secrets);
}

bool count_client_attempt(Database& database, std::string_view account) {
  return database.run(
             "UPDATE csc_policies SET wrong_secrets = wrong_secrets + 1"
             " WHERE account = ? AND client_secret <> '' AND wrong_secrets < ?",
             account, kWrongPasswordsToLock) == 1;
}

void clear_client_attempts(Database& database, std::string_view account) {
  database.run("UPDATE csc_policies SET wrong_secrets = 0 WHERE account = ?", account);
}

std::optional<std::string> account_of_certificate(Database& database, std::string_view mark) {
  auto rows = database.query(
      "SELECT account FROM csc_policies WHERE client_certificate = ? AND client_certificate <> ''",
      mark);
  if (!rows.next()) return std::nullopt;
  return rows.text(0);
}

bool knows_certificates(Database& database) {
  auto rows = database.query("SELECT 1 FROM csc_policies WHERE client_certificate <> '' LIMIT 1");
  return rows.next();
}

std::string new_token(Database& database, std::string_view account, std::int64_t lifetime,
                      std::string_view refresh) {
  const std::string parent = refresh.empty() ? std::string() : hash_of(refresh);
  return add_token(database, account, lifetime, TokenKind::access, parent);
}

std::string new_refresh_token(Database& database, std::string_view account) {
  return add_token(database, account, kRefreshLife, TokenKind::refresh, {});
}

std::optional<std::string> account_of_token(Database& database, std::string_view token,
                                            TokenKind kind) {
  auto rows =
      database.query("SELECT account FROM csc_tokens WHERE hash = ? AND ends > ? AND refresh = ?",
                     hash_of(token), now_milliseconds(), std::int64_t{kind == TokenKind::refresh});
  if (!rows.next()) return std::nullopt;
  return rows.text(0);
}

Revoked revoke_token(Database& database, std::string_view account, std::string_view token) {
  const std::string hash = hash_of(token);
  {
    auto rows = database.query("SELECT account FROM csc_tokens WHERE hash = ?", hash);
    if (!rows.next()) return Revoked::unknown;
    if (rows.text(0) != account) return Revoked::of_another;
  }
  database.run("DELETE FROM csc_tokens WHERE hash = ?1 OR parent = ?1", hash);
  return Revoked::yes;
}

void forget_tokens(Database& database, std::string_view account) {
  database.run("DELETE FROM csc_tokens WHERE account = ?", account);
}

std::string new_sad(Database& database, std::string_view account, std::string_view credential,
                    std::int64_t signatures, std::int64_t lifetime,
                    const std::vector<Bytes>& hashes) {
  std::string sad = random_token();
  const std::string hash = hash_of(sad);
  forget_ended_sads(database);
  database.run(
      "INSERT INTO csc_sads (hash, account, credential, bound, left, ends)"
      " VALUES (?, ?, ?, ?, ?, ?)",
      hash, account, credential, std::int64_t{!hashes.empty()}, signatures,
      now_milliseconds() + 1000 * lifetime);
  for (const Bytes& each : hashes) add_hash(database, hash, each);
  return sad;
}

std::optional<Sad> find_sad(Database& database, std::string_view sad) {
  auto rows = database.query(
      "SELECT hash, account, credential, bound, left, ends FROM csc_sads WHERE hash = ?",
      hash_of(sad));
  if (!rows.next()) return std::nullopt;
  return Sad{.hash = rows.text(0),
             .account = rows.text(1),
             .credential = rows.text(2),
             .bound = rows.number(3) != 0,
             .left = rows.number(4),
             .ends = rows.number(5)};
}

Reserved reserve(Database& database, const Sad& sad, const std::vector<Bytes>& hashes) {
  const auto count = static_cast<std::int64_t>(hashes.size());
  if (sad.left < count) return Reserved::used_up;
  if (sad.bound) {
    for (const Bytes& hash : hashes) {
      const auto marked = database.run(
          "UPDATE csc_hashes SET used = 1 WHERE sad = ? AND number = (SELECT min(number)"
          " FROM csc_hashes WHERE sad = ? AND hash = ? AND used = 0)",
          sad.hash, sad.hash, hash);
      if (marked != 1) return Reserved::not_authorised;
    }
  }
  database.run("UPDATE csc_sads SET left = left - ? WHERE hash = ?", count, sad.hash);
  return Reserved::yes;
}

void release(Database& database, const Sad& sad, const std::vector<Bytes>& hashes) {
  if (sad.bound) {
    for (const Bytes& hash : hashes) {
      database.run(
          "UPDATE csc_hashes SET used = 0 WHERE sad = ? AND number = (SELECT min(number)"
          " FROM csc_hashes WHERE sad = ? AND hash = ? AND used = 1)",
          sad.hash, sad.hash, hash);
    }
  }
  database.run("UPDATE csc_sads SET left = left + ? WHERE hash = ?",
               static_cast<std::int64_t>(hashes.size()), sad.hash);
}

std::string extend_sad(Database& database, const Sad& sad, std::int64_t lifetime,
                       const std::vector<Bytes>& hashes) {
  database.run("UPDATE csc_sads SET left = 0 WHERE hash = ?", sad.hash);
  return new_sad(database, sad.account, sad.credential, sad.left, lifetime,
                 sad.bound ? hashes : std::vector<Bytes>());
}

std::string keep_answer(Database& database, std::string_view account, std::string_view body,
                        std::int64_t ready, std::int64_t until) {
  std::string id = random_token();
  database.run("DELETE FROM csc_answers WHERE until < ?", now_milliseconds());
  database.run("INSERT INTO csc_answers (id, account, body, ready, until) VALUES (?, ?, ?, ?, ?)",
               id, account, body, ready, until);
  return id;
}

std::optional<KeptAnswer> find_answer(Database& database, std::string_view account,
                                      std::string_view id) {
  auto rows = database.query(
      "SELECT body, ready FROM csc_answers WHERE id = ? AND account = ? AND until >= ?", id,
      account, now_milliseconds());
  if (!rows.next()) return std::nullopt;
  return KeptAnswer{.body = rows.text(0), .ready = rows.number(1)};
}

}  // namespace signet::emulator::csc
