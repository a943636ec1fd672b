#include "softhsm-backend/state.h"

namespace signet::emulator {

namespace {

// Never changed once released: what comes later is another step. Step 1 also meets files made before steps were counted.
constexpr const char* kSteps[] = {
    R"sql(
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS members (
  role TEXT PRIMARY KEY, listen TEXT NOT NULL, url TEXT NOT NULL,
  live_pin TEXT NOT NULL, backup_pin TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS accounts (
  user TEXT PRIMARY KEY,
  common_name TEXT NOT NULL,
  administrator INTEGER NOT NULL DEFAULT 0,
  password_hash TEXT NOT NULL,
  wrong_count INTEGER NOT NULL DEFAULT 0,
  activated INTEGER NOT NULL DEFAULT 1,
  disabled INTEGER NOT NULL DEFAULT 0,
  password_expires_at INTEGER,
  key_limit INTEGER NOT NULL,
  certificate_limit INTEGER NOT NULL,
  sign_credential TEXT NOT NULL DEFAULT 'none',
  sign_secret TEXT NOT NULL DEFAULT '',
  sign_wrong_count INTEGER NOT NULL DEFAULT 0,
  one_time_last_step INTEGER NOT NULL DEFAULT 0,
  set_version INTEGER NOT NULL DEFAULT 1) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS keys (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL REFERENCES accounts(user),
  label BLOB NOT NULL, cka_id BLOB NOT NULL,
  bits INTEGER NOT NULL, curve TEXT NOT NULL,
  public_key BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  active INTEGER NOT NULL DEFAULT 1);
CREATE INDEX IF NOT EXISTS keys_by_owner ON keys (owner, seq);
CREATE INDEX IF NOT EXISTS keys_by_public_key ON keys (owner, public_key);

CREATE TABLE IF NOT EXISTS certificates (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL REFERENCES accounts(user),
  label BLOB NOT NULL, cka_id BLOB NOT NULL,
  der BLOB NOT NULL,
  public_key BLOB NOT NULL,
  UNIQUE (owner, der));
CREATE INDEX IF NOT EXISTS certificates_by_owner ON certificates (owner, seq);

CREATE TABLE IF NOT EXISTS journal (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  account TEXT NOT NULL, key_id TEXT NOT NULL,
  algorithm TEXT NOT NULL, hash TEXT NOT NULL, salt_length INTEGER,
  digest BLOB NOT NULL, signature BLOB NOT NULL,
  reference TEXT NOT NULL,
  request_id TEXT NOT NULL, idempotency_key TEXT NOT NULL, role TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS answers (
  account TEXT NOT NULL, idempotency_key TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  status INTEGER NOT NULL, body TEXT NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (account, idempotency_key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_by_time ON answers (time);
)sql",
    // One certificate may be stored under several names.
    R"sql(
ALTER TABLE certificates RENAME TO former_certificates;
CREATE TABLE certificates (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL REFERENCES accounts(user),
  label BLOB NOT NULL, cka_id BLOB NOT NULL,
  der BLOB NOT NULL,
  public_key BLOB NOT NULL);
INSERT INTO certificates SELECT seq, id, owner, label, cka_id, der, public_key FROM former_certificates;
DROP TABLE former_certificates;
CREATE INDEX certificates_by_owner ON certificates (owner, seq);
CREATE INDEX certificates_by_der ON certificates (owner, der);
)sql",
    // What clients of the CSC API are given.
    R"sql(
CREATE TABLE csc_policies (
  account TEXT PRIMARY KEY, scal INTEGER NOT NULL, multisign INTEGER NOT NULL, mode TEXT NOT NULL,
  delay INTEGER NOT NULL, token_life INTEGER NOT NULL, client_secret TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE csc_tokens (hash TEXT PRIMARY KEY, account TEXT NOT NULL, ends INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE csc_sads (
  hash TEXT PRIMARY KEY, account TEXT NOT NULL, credential TEXT NOT NULL,
  bound INTEGER NOT NULL, left INTEGER NOT NULL, ends INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE csc_hashes (
  sad TEXT NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL, used INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (sad, number)) WITHOUT ROWID;
CREATE TABLE csc_answers (
  id TEXT PRIMARY KEY, account TEXT NOT NULL, body TEXT NOT NULL,
  ready INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
)sql",
    // Which of the dialects asked for the signature.
    R"sql(
ALTER TABLE journal ADD COLUMN dialect TEXT NOT NULL DEFAULT 'native';
)sql",
    // The certificate that a client of the CSC API is known by.
    R"sql(
ALTER TABLE csc_policies ADD COLUMN client_certificate TEXT NOT NULL DEFAULT '';
)sql",
    // Refresh tokens with the access tokens that came of them (parent), wrong secrets of
    // clients, and what finds expired rows and the certificates of a key.
    R"sql(
ALTER TABLE csc_tokens ADD COLUMN refresh INTEGER NOT NULL DEFAULT 0;
ALTER TABLE csc_tokens ADD COLUMN parent TEXT NOT NULL DEFAULT '';
ALTER TABLE csc_policies ADD COLUMN wrong_secrets INTEGER NOT NULL DEFAULT 0;
CREATE INDEX csc_sads_by_end ON csc_sads (ends);
CREATE INDEX csc_tokens_by_end ON csc_tokens (ends);
CREATE INDEX csc_answers_by_end ON csc_answers (until);
CREATE INDEX certificates_by_public_key ON certificates (owner, public_key);
)sql"};

Member member_in(const Rows& rows) {
  return {.role = rows.text(0),
          .listen = rows.text(1),
          .url = rows.text(2),
          .live_pin = rows.text(3),
          .backup_pin = rows.text(4)};
}

}  // namespace

State::State(const std::filesystem::path& file)
    : store_(value_of(storage::Store::open(file, kSteps))) {}

std::optional<std::string> optional_setting(Database& database, std::string_view name) {
  auto rows = database.query("SELECT value FROM settings WHERE name = ?", name);
  if (!rows.next()) return std::nullopt;
  return rows.text(0);
}

std::string setting(Database& database, std::string_view name) {
  auto value = optional_setting(database, name);
  if (!value) throw StateError("the state lacks the setting " + std::string(name));
  return *std::move(value);
}

void set_setting(Database& database, std::string_view name, std::string_view value) {
  database.run("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, value);
}

void save_member(Database& database, const Member& member) {
  database.run(
      "INSERT OR REPLACE INTO members (role, listen, url, live_pin, backup_pin) VALUES (?, ?, ?, "
      "?, ?)",
      member.role, member.listen, member.url, member.live_pin, member.backup_pin);
}

std::optional<Member> find_member(Database& database, std::string_view role) {
  auto rows = database.query(
      "SELECT role, listen, url, live_pin, backup_pin FROM members WHERE role = ?", role);
  if (!rows.next()) return std::nullopt;
  return member_in(rows);
}

std::int64_t now_milliseconds() {
  using std::chrono::milliseconds;
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(since).count();
}

std::chrono::system_clock::time_point time_from(std::int64_t milliseconds) {
  return std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds));
}

}  // namespace signet::emulator
