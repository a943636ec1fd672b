#include "softhsm-backend/database.h"

#include <sqlite3.h>

#include "common/log.h"

namespace signet::emulator {

namespace {

constexpr int kBusyMilliseconds = 20'000;

[[noreturn]] void fail(sqlite3* handle, std::string_view what) {
  throw DatabaseError(std::string(what) + ": " + sqlite3_errmsg(handle));
}

void require_ok(int code, sqlite3_stmt* statement) {
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement), "binding a value");
}

int open_flags(Database::Mode mode) {
  if (mode == Database::Mode::read_only) return SQLITE_OPEN_READONLY;
  const int create = mode == Database::Mode::create ? SQLITE_OPEN_CREATE : 0;
  return SQLITE_OPEN_READWRITE | create;
}

}  // namespace

Rows::~Rows() {
  if (statement_ != nullptr) sqlite3_reset(statement_);
}

bool Rows::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  fail(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
}

std::int64_t Rows::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::optional<std::int64_t> Rows::optional_number(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return number(column);
}

std::string Rows::text(int column) const {
  return std::string(text_of(blob(column)));
}

Bytes Rows::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  if (data == nullptr || size <= 0) return {};
  return {data, data + size};
}

Database::Database(const std::filesystem::path& file, Mode mode) {
  const int code =
      sqlite3_open_v2(file.c_str(), &handle_, open_flags(mode) | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    const DatabaseError error("opening " + file.string() + ": " + sqlite3_errstr(code));
    sqlite3_close(handle_);
    throw error;
  }
  sqlite3_busy_timeout(handle_, kBusyMilliseconds);
  if (mode != Mode::read_only) script("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
}

Database::~Database() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

void Database::script(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    fail(handle_, sql);
}

sqlite3_stmt* Database::prepared(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) fail(handle_, sql);
  statements_.emplace(sql, statement);
  return statement;
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(handle_);
}

void Database::bind(sqlite3_stmt* statement, int index, std::int64_t value) {
  require_ok(sqlite3_bind_int64(statement, index, value), statement);
}

void Database::bind(sqlite3_stmt* statement, int index, std::optional<std::int64_t> value) {
  if (value) return bind(statement, index, *value);
  require_ok(sqlite3_bind_null(statement, index), statement);
}

void Database::bind(sqlite3_stmt* statement, int index, std::string_view value) {
  const char* data = value.empty() ? "" : value.data();
  require_ok(
      sqlite3_bind_text64(statement, index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8),
      statement);
}

void Database::bind(sqlite3_stmt* statement, int index, ByteView value) {
  const void* data = value.empty() ? static_cast<const void*>("") : value.data();
  require_ok(sqlite3_bind_blob64(statement, index, data, value.size(), SQLITE_TRANSIENT),
             statement);
}

ReadTransaction::~ReadTransaction() {
  try {
    database_.run("COMMIT");
  } catch (const DatabaseError& error) {
    log::error("ending a read: {}", error.what());
  }
}

}  // namespace signet::emulator
