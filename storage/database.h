// SQLite: one connection, statements kept prepared, bound values, rows, and units of work that are done whole or not at
// all.
//
// Failures stick: after the first one of a unit of work its statements do nothing and give nothing, and the unit ends in
// a rollback with that Error, whatever its code made of the missing values. So a unit's code needs no check after each
// statement, and no failure is lost.
#ifndef SIGNET_STORAGE_DATABASE_H_
#define SIGNET_STORAGE_DATABASE_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "common/bytes.h"
#include "common/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace signet::storage {

struct Error {
  int code = 0;         // SQLite's primary result code, such as SQLITE_FULL
  std::string message;  // what was done, and SQLite's words
};

class Database;

// The rows of a statement that runs. It must end before the same SQL is run again on its connection.
class Rows {
 public:
  Rows(Database& database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}
  Rows(Rows&& other) noexcept
      : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  Rows& operator=(Rows&&) = delete;
  ~Rows();

  // Steps to the first or next row; false after the last one, and where the statement failed.
  bool next();

  // Columns count from 0.
  std::int64_t number(int column) const;
  std::optional<std::int64_t> optional_number(int column) const;  // nothing: NULL
  std::string text(int column) const;
  Bytes blob(int column) const;

 private:
  Database& database_;
  sqlite3_stmt* statement_;  // nullptr: could not be prepared or bound
};

// Code of a unit of work; false undoes it.
using Work = std::function<bool(Database&)>;

// What a unit of work gives: the value of its code, or why the database did not do it.
template <typename Code>
using ResultOf = Result<std::invoke_result_t<Code&, Database&>, Error>;

// `carry_out` runs a Work; it is given one made of `code`, whose value comes back.
template <typename Code, typename CarryOut>
ResultOf<Code> value_through(CarryOut carry_out, Code& code) {
  using Value = std::invoke_result_t<Code&, Database&>;
  if constexpr (std::is_void_v<Value>) {
    return carry_out([&](Database& database) {
      code(database);
      return true;
    });
  } else {
    std::optional<Value> value;
    BOOST_OUTCOME_TRY(carry_out([&](Database& database) {
      value.emplace(code(database));
      if constexpr (requires { value->has_error(); }) return !value->has_error();
      return true;
    }));
    return ResultOf<Code>(boost::outcome_v2::in_place_type<Value>, *std::move(value));
  }
}

// One thread at a time.
class Database {
 public:
  enum class Mode {
    create,  // made where it is missing
    open,    // must exist
    query,   // must exist; statements that change something fail
    read_only,  // the same for a file that this user may not write; SQLite may need its -shm file to exist
  };

  // Write-ahead log, every commit on disk before it counts (it survives a power cut), 20 s of patience with the locks of
  // others.
  static Result<std::unique_ptr<Database>, Error> open(const std::filesystem::path& file,
                                                       Mode mode);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  // Runs the steps that the file has not seen yet, in one transaction; step 1 makes an empty file's schema. The number of
  // the last step done is in the file (PRAGMA user_version). Refuses a file that has seen more steps than there are: a
  // newer program made it. A step is a script, several statements without values, and never changes once released.
  Result<void, Error> migrate(std::span<const char* const> steps);

  // `code(database)` as a transaction. A value that is a Result with an error undoes it, and so does an exception, which
  // goes on to the caller. read(): one consistent state over all its statements. write(): the lock is taken at once.
  template <typename Code>
  ResultOf<Code> read(Code code) {
    return value_through([this](const Work& work) { return carry_out("BEGIN", work); }, code);
  }
  template <typename Code>
  ResultOf<Code> write(Code code) {
    return value_through([this](const Work& work) { return carry_out("BEGIN IMMEDIATE", work); },
                         code);
  }

  // Within a unit of work. Placeholders are bound in order: integers, text (std::string_view), blobs (ByteView), optional
  // integers.
  template <typename... Values>
  Rows query(std::string_view sql, const Values&... values) {
    sqlite3_stmt* statement = prepare(sql);
    [[maybe_unused]] int index = 0;
    const bool bound = statement != nullptr && (bind(statement, ++index, values) && ...);
    return {*this, bound ? statement : nullptr};
  }

  // Runs to the end; gives the number of rows changed.
  template <typename... Values>
  std::int64_t run(std::string_view sql, const Values&... values) {
    query(sql, values...).next();
    return failure_ ? 0 : changes();
  }

 private:
  friend class Rows;
  friend class Store;

  Database() = default;

  std::optional<Error> take_failure() { return std::exchange(failure_, std::nullopt); }
  void fail(std::string_view what);

  // Past a failure that sticks.
  Result<void, Error> control(std::string_view sql);
  Result<void, Error> script(const char* sql);
  Result<void, Error> carry_out(const char* begin, const Work& work);
  bool in_transaction() const;

  sqlite3_stmt* prepare(std::string_view sql);
  std::int64_t changes() const;

  bool bound(int code);
  bool bind(sqlite3_stmt* statement, int index, std::int64_t value);
  bool bind(sqlite3_stmt* statement, int index, std::optional<std::int64_t> value);
  bool bind(sqlite3_stmt* statement, int index, std::string_view value);
  bool bind(sqlite3_stmt* statement, int index, ByteView value);
  bool bind(sqlite3_stmt* statement, int index, const std::string& value) {
    return bind(statement, index, std::string_view(value));
  }
  bool bind(sqlite3_stmt* statement, int index, const Bytes& value) {
    return bind(statement, index, ByteView(value));
  }

  struct Close {
    void operator()(sqlite3* handle) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3, Close> handle_;
  std::map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, std::less<>> statements_;
  std::optional<Error> failure_;
};

}  // namespace signet::storage

#endif  // SIGNET_STORAGE_DATABASE_H_
