// SQLite as the emulator uses it: a connection, statements kept ready, bound values, rows. Failures
// are exceptions: nothing a client sends can cause one.
#ifndef SIGNET_SOFTHSM_BACKEND_DATABASE_H_
#define SIGNET_SOFTHSM_BACKEND_DATABASE_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/bytes.h"

struct sqlite3;
struct sqlite3_stmt;

namespace signet::emulator {

struct DatabaseError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The rows of a statement that runs. It must end before the same SQL is run again on its
// connection.
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
  Rows(Rows&& other) noexcept : statement_(other.statement_) { other.statement_ = nullptr; }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  Rows& operator=(Rows&&) = delete;
  ~Rows();

  // Steps to the first or next row; false after the last.
  bool next();

  std::int64_t number(int column) const;
  std::optional<std::int64_t> optional_number(int column) const;
  std::string text(int column) const;
  Bytes blob(int column) const;

 private:
  sqlite3_stmt* statement_;
};

// One thread at a time.
class Database {
 public:
  enum class Mode { create, open, read_only };

  // Write-ahead log, every commit on disk before it counts, 20 s of patience with other processes.
  Database(const std::filesystem::path& file, Mode mode);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  // Placeholders are bound in order: integers, text (std::string_view), blobs (ByteView), optional
  // integers.
  template <typename... Values>
  Rows query(std::string_view sql, const Values&... values) {
    sqlite3_stmt* statement = prepared(sql);
    Rows rows(statement);
    [[maybe_unused]] int index = 0;
    (bind(statement, ++index, values), ...);
    return rows;
  }

  // Runs to the end; gives the number of rows changed.
  template <typename... Values>
  std::int64_t run(std::string_view sql, const Values&... values) {
    query(sql, values...).next();
    return changes();
  }

  // Several statements without values.
  void script(const std::string& sql);

 private:
  sqlite3_stmt* prepared(std::string_view sql);
  std::int64_t changes() const;

  static void bind(sqlite3_stmt* statement, int index, std::int64_t value);
  static void bind(sqlite3_stmt* statement, int index, std::optional<std::int64_t> value);
  static void bind(sqlite3_stmt* statement, int index, std::string_view value);
  static void bind(sqlite3_stmt* statement, int index, ByteView value);
  static void bind(sqlite3_stmt* statement, int index, const std::string& value) {
    bind(statement, index, std::string_view(value));
  }
  static void bind(sqlite3_stmt* statement, int index, const Bytes& value) {
    bind(statement, index, ByteView(value));
  }

  sqlite3* handle_ = nullptr;
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

// A consistent view over several reads; ends with its scope.
class ReadTransaction {
 public:
  explicit ReadTransaction(Database& database) : database_(database) { database_.run("BEGIN"); }
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction();

 private:
  Database& database_;
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_DATABASE_H_
