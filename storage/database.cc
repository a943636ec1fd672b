#include "storage/database.h"

#include <sqlite3.h>

namespace signet::storage {

namespace {

constexpr int kBusyMilliseconds = 20'000;

int open_flags(Database::Mode mode) {
  using enum Database::Mode;
  if (mode == read_only) return SQLITE_OPEN_READONLY;
  return SQLITE_OPEN_READWRITE | (mode == create ? SQLITE_OPEN_CREATE : 0);
}

Error error_of(sqlite3* handle, std::string_view what) {
  return {.code = sqlite3_errcode(handle) & 0xFF,
          .message = std::string(what) + ": " + sqlite3_errmsg(handle)};
}

}  // namespace

Rows::~Rows() {
  if (statement_ != nullptr) sqlite3_reset(statement_);
}

bool Rows::next() {
  if (statement_ == nullptr || database_.failure_) return false;
  const int code = sqlite3_step(statement_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) database_.fail(sqlite3_sql(statement_));
  return code == SQLITE_ROW;
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

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close(handle);
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Result<std::unique_ptr<Database>, Error> Database::open(const std::filesystem::path& file,
                                                        Mode mode) {
  std::unique_ptr<Database> database(new Database);
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &handle, open_flags(mode) | SQLITE_OPEN_NOMUTEX, nullptr);
  database->handle_.reset(handle);
  if (code != SQLITE_OK) {
    return Error{.code = code & 0xFF,
                 .message = "opening " + file.string() + ": " + sqlite3_errstr(code)};
  }
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  if (mode != Mode::read_only) {
    BOOST_OUTCOME_TRY(database->script("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"));
  }
  if (mode == Mode::query) {
    BOOST_OUTCOME_TRY(database->script("PRAGMA query_only=ON;"));
  }
  return database;
}

Database::~Database() = default;

Result<void, Error> Database::migrate(std::span<const char* const> steps) {
  const auto newest = static_cast<std::int64_t>(steps.size());
  const auto seen = [](Database& database) {
    Rows rows = database.query("PRAGMA user_version");
    return rows.next() ? rows.number(0) : 0;
  };
  BOOST_OUTCOME_TRY(const auto before, read(seen));
  if (before == newest) return success();
  if (before > newest) {
    return Error{.code = SQLITE_SCHEMA,
                 .message = "the database is of version " + std::to_string(before) +
                            ", made by a newer program; this one knows version " +
                            std::to_string(newest)};
  }
  const auto catch_up = [&](Database& database) -> Result<void, Error> {
    // Again under the lock: another process may have been at it.
    for (std::int64_t step = seen(database); step < newest; ++step) {
      BOOST_OUTCOME_TRY(script(steps[static_cast<std::size_t>(step)]));
    }
    return script(("PRAGMA user_version = " + std::to_string(newest)).c_str());
  };
  BOOST_OUTCOME_TRY(auto done, write(catch_up));
  return done;
}

void Database::fail(std::string_view what) {
  if (!failure_) failure_ = error_of(handle_.get(), what);
}

Result<void, Error> Database::script(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return success();
  return error_of(handle_.get(), sql);
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

Result<void, Error> Database::control(std::string_view sql) {
  const auto earlier = take_failure();
  (void)query(sql).next();
  auto own = take_failure();
  failure_ = earlier;
  if (own) return *std::move(own);
  return success();
}

Result<void, Error> Database::carry_out(const char* begin, const Work& work) {
  BOOST_OUTCOME_TRY(control(begin));
  const auto undo = [this] {
    // SQLite has done it itself where the disk is full or broken.
    if (in_transaction()) (void)control("ROLLBACK");
  };
  bool keep = false;
  try {
    keep = work(*this);
  } catch (...) {
    (void)take_failure();
    undo();
    throw;
  }
  auto failure = take_failure();
  if (!failure && keep) {
    auto committed = control("COMMIT");
    if (committed) return success();
    failure = std::move(committed).assume_error();
  }
  undo();
  if (failure) return *std::move(failure);
  return success();
}

sqlite3_stmt* Database::prepare(std::string_view sql) {
  if (failure_) return nullptr;
  if (const auto found = statements_.find(sql); found != statements_.end())
    return found->second.get();
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) {
    fail(sql);
    return nullptr;
  }
  return statements_.emplace(sql, statement).first->second.get();
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(handle_.get());
}

bool Database::bound(int code) {
  if (code != SQLITE_OK) fail("binding a value");
  return code == SQLITE_OK;
}

bool Database::bind(sqlite3_stmt* statement, int index, std::int64_t value) {
  return bound(sqlite3_bind_int64(statement, index, value));
}

bool Database::bind(sqlite3_stmt* statement, int index, std::optional<std::int64_t> value) {
  return value ? bind(statement, index, *value) : bound(sqlite3_bind_null(statement, index));
}

bool Database::bind(sqlite3_stmt* statement, int index, std::string_view value) {
  const char* data = value.empty() ? "" : value.data();
  return bound(
      sqlite3_bind_text64(statement, index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

bool Database::bind(sqlite3_stmt* statement, int index, ByteView value) {
  const void* data = value.empty() ? static_cast<const void*>("") : value.data();
  return bound(sqlite3_bind_blob64(statement, index, data, value.size(), SQLITE_TRANSIENT));
}

}  // namespace signet::storage
