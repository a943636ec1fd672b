#include "storage/sql.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <charconv>
#include <deque>
#include <map>
#include <type_traits>

namespace signet::storage {

namespace {

constexpr int kBusySeconds = 20;

SqlError error_of(const soci::soci_error& error, bool connected) {
  return {error.what(),
          !connected || error.get_error_category() == soci::soci_error::connection_error};
}

const soci::backend_factory& factory_of(SqlConnection::Product product) {
  if (product == SqlConnection::Product::postgresql) return soci::postgresql;
  return soci::sqlite3;
}

SqlValue value_of(const soci::row& row, std::size_t column) {
  if (row.get_indicator(column) == soci::i_null) return std::monostate();
  switch (row.get_properties(column).get_data_type()) {
    case soci::dt_integer:
      return std::int64_t{row.get<int>(column)};
    case soci::dt_long_long:
      return std::int64_t{row.get<long long>(column)};
    default:
      return row.get<std::string>(column);
  }
}

}  // namespace

// A statement with the variables that it is bound to: SOCI keeps their addresses. Not in the
// anonymous namespace: SqlConnection::Impl, which has linkage, holds it.
class PreparedStatement {
 public:
  PreparedStatement(soci::session& session, const std::string& sql,
                    std::span<const SqlValue> values, bool gives_rows)
      : statement_(session) {
    for (const SqlValue& value : values) add(value);
    if (gives_rows) statement_.exchange(soci::into(row_));
    statement_.alloc();
    statement_.prepare(sql);
    statement_.define_and_bind();
  }

  void set(std::span<const SqlValue> values) {
    auto parameter = parameters_.begin();
    for (const SqlValue& value : values) (parameter++)->set(value);
  }

  std::vector<SqlRow> query() {
    std::vector<SqlRow> rows;
    statement_.execute(false);
    while (statement_.fetch()) {
      std::vector<SqlValue> values;
      for (std::size_t column = 0; column < row_.size(); ++column)
        values.push_back(value_of(row_, column));
      rows.emplace_back(std::move(values));
    }
    return rows;
  }

  std::int64_t run() {
    statement_.execute(true);
    return statement_.get_affected_rows();
  }

 private:
  struct Parameter {
    long long number = 0;
    std::string text = {};
    soci::indicator indicator = soci::i_ok;

    void set(const SqlValue& value) {
      indicator = std::holds_alternative<std::monostate>(value) ? soci::i_null : soci::i_ok;
      if (const auto* of_number = std::get_if<std::int64_t>(&value)) number = *of_number;
      if (const auto* of_text = std::get_if<std::string>(&value)) text = *of_text;
    }
  };

  void add(const SqlValue& value) {
    Parameter& parameter = parameters_.emplace_back();
    if (std::holds_alternative<std::int64_t>(value)) {
      statement_.exchange(soci::use(parameter.number, parameter.indicator));
    } else {
      statement_.exchange(soci::use(parameter.text, parameter.indicator));
    }
  }

  std::deque<Parameter> parameters_;
  soci::row row_;
  soci::statement statement_;
};

std::int64_t SqlRow::number(std::size_t column) const {
  const SqlValue& value = values_.at(column);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  // Of an expression SQLite does not tell SOCI the type, and SOCI takes it for text.
  std::int64_t number = 0;
  const std::string digits = text(column);
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::string SqlRow::text(std::size_t column) const {
  const auto* text = std::get_if<std::string>(&values_.at(column));
  return text == nullptr ? std::string() : *text;
}

class SqlConnection::Impl {
 public:
  Impl(Product product, const std::string& connection)
      : product_(product), session_(factory_of(product), connection) {
    settle();
  }

  Product product() const { return product_; }

  template <typename Call>
  auto with(std::string_view sql, std::span<const SqlValue> values, bool gives_rows, Call call) {
    try {
      return call(prepared(sql, values, gives_rows));
    } catch (const soci::soci_error& error) {
      throw error_of(error, product_ == Product::sqlite || session_.is_connected());
    }
  }

  // Without keeping it.
  void once(const std::string& sql) {
    try {
      session_.once << sql;
    } catch (const soci::soci_error& error) {
      throw error_of(error, product_ == Product::sqlite || session_.is_connected());
    }
  }

  void reconnect() {
    statements_.clear();  // the server has forgotten them
    try {
      session_.reconnect();
      settle();
    } catch (const soci::soci_error& error) {
      throw error_of(error, false);
    }
  }

 private:
  void settle() {
    // libpq writes notices to standard error.
    session_ << (product_ == Product::sqlite ? "PRAGMA journal_mode=WAL"
                                             : "SET client_min_messages TO error");
  }

  // Whether a value is a number or a text is part of a statement.
  PreparedStatement& prepared(std::string_view sql, std::span<const SqlValue> values,
                              bool gives_rows) {
    std::string key(sql);
    for (const SqlValue& value : values)
      key.push_back(std::holds_alternative<std::int64_t>(value) ? '\1' : '\2');
    std::unique_ptr<PreparedStatement>& place = statements_[key];
    if (!place)
      place = std::make_unique<PreparedStatement>(session_, std::string(sql), values, gives_rows);
    place->set(values);
    return *place;
  }

  const Product product_;
  soci::session session_;
  std::map<std::string, std::unique_ptr<PreparedStatement>> statements_;
};

std::unique_ptr<SqlConnection> SqlConnection::open(const std::string& address) {
  const bool is_url = address.starts_with("postgresql://");
  // SOCI splits its options for SQLite at spaces, unless they are quoted.
  const std::string connection =
      is_url ? address
             : "db=\"" + address + "\" synchronous=full timeout=" + std::to_string(kBusySeconds);
  try {
    return std::unique_ptr<SqlConnection>(new SqlConnection(
        std::make_unique<Impl>(is_url ? Product::postgresql : Product::sqlite, connection)));
  } catch (const soci::soci_error& error) {
    throw SqlError(error.what(), true);
  }
}

SqlConnection::SqlConnection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SqlConnection::~SqlConnection() = default;

SqlConnection::Product SqlConnection::product() const {
  return impl_->product();
}

std::vector<SqlRow> SqlConnection::query(std::string_view sql, std::span<const SqlValue> values) {
  return impl_->with(sql, values, true,
                     [](PreparedStatement& statement) { return statement.query(); });
}

std::int64_t SqlConnection::run(std::string_view sql, std::initializer_list<SqlValue> values) {
  return impl_->with(sql, std::span<const SqlValue>(values.begin(), values.size()), false,
                     [](PreparedStatement& statement) { return statement.run(); });
}

void SqlConnection::begin(std::string_view table) {
  if (product() == Product::sqlite) {
    run("BEGIN IMMEDIATE");
    return;
  }
  run("BEGIN");
  try {
    // Others may still read.
    run("LOCK TABLE " + std::string(table) + " IN SHARE ROW EXCLUSIVE MODE");
  } catch (...) {
    rollback();
    throw;
  }
}

void SqlConnection::begin_snapshot() {
  run(product() == Product::sqlite ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ");
}

// What cannot be undone here the database undoes itself, when the connection goes or before it begins again.
void SqlConnection::rollback() noexcept {
  try {
    run("ROLLBACK");
  } catch (const std::exception&) {
  }
}

void SqlConnection::undo_part() {
  try {
    run("ROLLBACK TO SAVEPOINT part");
    run("RELEASE SAVEPOINT part");
  } catch (const SqlError& error) {
    // A full disk, in SQLite, or a lost connection.
    throw SqlTransactionEnded(error.what(), error.disconnected());
  }
}

void SqlConnection::migrate(std::span<const SqlMigration> steps) {
  impl_->once("CREATE TABLE IF NOT EXISTS schema_step (step BIGINT NOT NULL)");
  exclusive("schema_step", [&] {
    const auto seen =
        static_cast<std::size_t>(query("SELECT count(*) FROM schema_step").front().number(0));
    if (seen > steps.size()) {
      throw SqlError("the database is of version " + std::to_string(seen) +
                         ", made by a newer program; this one knows version " +
                         std::to_string(steps.size()),
                     false);
    }
    for (std::size_t step = seen; step < steps.size(); ++step) {
      for (const char* statement : steps[step]) impl_->once(statement);
      run("INSERT INTO schema_step (step) VALUES (:step)", {static_cast<std::int64_t>(step) + 1});
    }
  });
}

void SqlConnection::reconnect() {
  impl_->reconnect();
}

}  // namespace signet::storage
