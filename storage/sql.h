// SQL for what may lie in SQLite or in PostgreSQL: one connection, statements kept prepared, transactions, migrations.
//
// Both databases get the same statements, so these keep to what both understand: columns BIGINT and TEXT only (digests as
// hexadecimal digits), placeholders :name bound in their order. An unsuccessful call throws SqlError.
#ifndef SIGNET_STORAGE_SQL_H_
#define SIGNET_STORAGE_SQL_H_

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace signet::storage {

class SqlError : public std::runtime_error {
 public:
  SqlError(const std::string& message, bool disconnected)
      : std::runtime_error(message), disconnected_(disconnected) {}

  // The connection is lost. A commit that fails so may have been done all the same.
  bool disconnected() const { return disconnected_; }

 private:
  bool disconnected_;
};

// A failed part() could not be undone alone: the database has ended the whole transaction.
class SqlTransactionEnded : public SqlError {
 public:
  using SqlError::SqlError;
};

using SqlValue = std::variant<std::monostate, std::int64_t, std::string>;  // monostate: NULL

class SqlRow {
 public:
  explicit SqlRow(std::vector<SqlValue> values) : values_(std::move(values)) {}

  // Columns count from 0. NULL is 0 or the empty text here.
  std::int64_t number(std::size_t column) const;
  std::string text(std::size_t column) const;
  bool is_null(std::size_t column) const {
    return std::holds_alternative<std::monostate>(values_.at(column));
  }

 private:
  std::vector<SqlValue> values_;
};

// A script, one statement each; never changes once it was released.
using SqlMigration = std::vector<const char*>;

// One thread at a time.
class SqlConnection {
 public:
  enum class Product { sqlite, postgresql };

  // "postgresql://…" as libpq reads it; anything else is the path of a file, which is made where it is missing. SQLite
  // works with a write-ahead log, each commit on disk before it counts, and 20 s of patience with the locks of others.
  static std::unique_ptr<SqlConnection> open(const std::string& address);
  SqlConnection(const SqlConnection&) = delete;
  SqlConnection& operator=(const SqlConnection&) = delete;
  ~SqlConnection();

  Product product() const;

  // All rows: a query says how many it wants at most.
  std::vector<SqlRow> query(std::string_view sql, std::span<const SqlValue> values);
  std::vector<SqlRow> query(std::string_view sql, std::initializer_list<SqlValue> values = {}) {
    return query(sql, std::span<const SqlValue>(values.begin(), values.size()));
  }

  // Gives the number of rows that were changed.
  std::int64_t run(std::string_view sql, std::initializer_list<SqlValue> values = {});

  // `work()` as a transaction that sees no change by others; its value comes back once that is durable. An exception
  // undoes it. exclusive(): with the lock on `table` that only one transaction has; SQLite locks all tables.
  template <typename Work>
  auto exclusive(std::string_view table, Work work) {
    begin(table);
    return finish(std::move(work));
  }
  template <typename Work>
  auto snapshot(Work work) {
    begin_snapshot();
    return finish(std::move(work));
  }

  // A part of a transaction; an exception of `work()` undoes this part alone, and goes on to the caller.
  template <typename Work>
  void part(Work work) {
    run("SAVEPOINT part");
    try {
      work();
    } catch (...) {
      undo_part();
      throw;
    }
    run("RELEASE SAVEPOINT part");
  }

  // Runs the steps that the database has not seen, in one transaction; refuses one that has seen more steps than there
  // are.
  void migrate(std::span<const SqlMigration> steps);

  // After SqlError::disconnected().
  void reconnect();

 private:
  class Impl;
  explicit SqlConnection(std::unique_ptr<Impl> impl);

  void begin(std::string_view table);
  void begin_snapshot();
  void rollback() noexcept;
  void undo_part();

  template <typename Work>
  auto finish(Work work) {
    try {
      if constexpr (std::is_void_v<decltype(work())>) {
        work();
        run("COMMIT");
      } else {
        auto value = work();
        run("COMMIT");
        return value;
      }
    } catch (...) {
      rollback();
      throw;
    }
  }

  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::storage

#endif  // SIGNET_STORAGE_SQL_H_
