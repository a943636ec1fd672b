// With SIGNET_TEST_POSTGRESQL in the environment the cases run on PostgreSQL, in place of SQLite.
#include "storage/sql.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace signet::storage {
namespace {

const char* postgresql() {
  return std::getenv("SIGNET_TEST_POSTGRESQL");
}

class Sql : public testing::Test {
 protected:
  Sql() {
    std::string pattern = (std::filesystem::temp_directory_path() / "signet sql.XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    address_ = postgresql() != nullptr ? postgresql() : (folder_ / "it.db").string();
    sql_ = connect();
    if (sql_->product() == SqlConnection::Product::postgresql) {
      sql_->run("DROP SCHEMA public CASCADE");
      sql_->run("CREATE SCHEMA public");
    }
  }
  ~Sql() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<SqlConnection> connect() const { return SqlConnection::open(address_); }

  void make_things() { sql_->migrate(kSteps); }
  std::int64_t count(SqlConnection& sql) const {
    return sql.query("SELECT count(*) FROM thing").front().number(0);
  }

  const std::vector<SqlMigration> kSteps{
      {"CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT, amount BIGINT)"},
      {"CREATE INDEX thing_by_name ON thing (name)",
       "INSERT INTO thing (id, name) VALUES (0, 'first')"}};
  std::filesystem::path folder_;
  std::string address_;
  std::unique_ptr<SqlConnection> sql_;
};

constexpr const char* kInsert = "INSERT INTO thing (id, name, amount) VALUES (:id, :name, :amount)";
constexpr std::int64_t kLarge = 0x7FFF'FFFF'FFFF'FFFF;

TEST_F(Sql, GivesBackWhatItWasGiven) {
  make_things();
  const std::string odd = "Příliš žluťoučký 'kůň'; -- \" \\ %";
  EXPECT_EQ(sql_->run(kInsert, {std::int64_t{1}, odd, kLarge}), 1);
  EXPECT_EQ(sql_->run(kInsert, {std::int64_t{2}, std::monostate(), -kLarge}), 1);
  EXPECT_EQ(sql_->run(kInsert, {std::int64_t{3}, std::string(), std::monostate()}), 1);
  const auto rows = sql_->query("SELECT id, name, amount FROM thing WHERE id > :id ORDER BY id",
                                {std::int64_t{0}});
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].number(0), 1);
  EXPECT_EQ(rows[0].text(1), odd);
  EXPECT_EQ(rows[0].number(2), kLarge);
  EXPECT_TRUE(rows[1].is_null(1));
  EXPECT_EQ(rows[1].number(2), -kLarge);
  EXPECT_FALSE(rows[2].is_null(1));
  EXPECT_EQ(rows[2].text(1), "");
  EXPECT_TRUE(rows[2].is_null(2));
  EXPECT_EQ(sql_->query("SELECT id FROM thing WHERE name = :name", {odd}).at(0).number(0), 1);
  EXPECT_EQ(sql_->query("SELECT max(id), count(*) FROM thing").at(0).number(0), 3);
  EXPECT_EQ(sql_->run("UPDATE thing SET amount = 5 WHERE id < :id", {std::int64_t{2}}), 2);
  EXPECT_EQ(sql_->run("DELETE FROM thing WHERE id = :id", {std::int64_t{77}}), 0);
}

TEST_F(Sql, AFailureUndoesTheTransaction) {
  make_things();
  EXPECT_THROW(
      sql_->exclusive("thing",
                      [&] {
                        sql_->run(kInsert, {std::int64_t{1}, std::string("a"), std::int64_t{1}});
                        sql_->run(kInsert, {std::int64_t{1}, std::string("b"), std::int64_t{1}});
                      }),
      SqlError);
  EXPECT_EQ(count(*sql_), 1);
  EXPECT_THROW(sql_->query("SELECT nothing FROM nowhere"), SqlError);
  // And the connection goes on.
  EXPECT_EQ(sql_->exclusive(
                "thing",
                [&] {
                  return sql_->run(kInsert, {std::int64_t{1}, std::string("a"), std::int64_t{1}});
                }),
            1);
  EXPECT_EQ(count(*sql_), 2);
}

TEST_F(Sql, AFailedPartIsUndoneAlone) {
  make_things();
  sql_->exclusive("thing", [&] {
    sql_->run(kInsert, {std::int64_t{1}, std::string("a"), std::int64_t{1}});
    EXPECT_THROW(sql_->part([&] {
      sql_->run(kInsert, {std::int64_t{2}, std::string("b"), std::int64_t{1}});
      sql_->run(kInsert, {std::int64_t{1}, std::string("b"), std::int64_t{1}});
    }),
                 SqlError);
    sql_->part([&] { sql_->run(kInsert, {std::int64_t{3}, std::string("c"), std::int64_t{1}}); });
  });
  const auto rows = sql_->query("SELECT id FROM thing ORDER BY id");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1].number(0), 1);
  EXPECT_EQ(rows[2].number(0), 3);
}

TEST_F(Sql, AnExclusiveTransactionWaitsForTheOther) {
  make_things();
  std::atomic<bool> first_is_done{false};
  std::atomic<bool> second_begins{false};
  std::thread second;
  sql_->exclusive("thing", [&] {
    second = std::thread([&] {
      const auto sql = connect();
      second_begins = true;
      sql->exclusive("thing", [&] {
        EXPECT_TRUE(first_is_done);
        EXPECT_EQ(count(*sql), 2);
      });
    });
    while (!second_begins) std::this_thread::yield();
    sql_->run(kInsert, {std::int64_t{1}, std::string("a"), std::int64_t{1}});
    first_is_done = true;
  });
  second.join();
}

TEST_F(Sql, ASnapshotDoesNotChange) {
  make_things();
  const auto other = connect();
  sql_->snapshot([&] {
    EXPECT_EQ(count(*sql_), 1);
    other->exclusive("thing", [&] {
      other->run(kInsert, {std::int64_t{1}, std::string("a"), std::int64_t{1}});
    });
    EXPECT_EQ(count(*sql_), 1);
  });
  EXPECT_EQ(count(*sql_), 2);
}

TEST_F(Sql, MigratesOnce) {
  const std::vector<SqlMigration> first_step(kSteps.begin(), kSteps.begin() + 1);
  sql_->migrate(first_step);
  EXPECT_EQ(count(*sql_), 0);
  sql_->migrate(kSteps);
  EXPECT_EQ(count(*sql_), 1);
  connect()->migrate(kSteps);
  EXPECT_EQ(count(*sql_), 1);
  EXPECT_THROW(sql_->migrate(first_step), SqlError);
}

TEST_F(Sql, AMigrationThatFailsChangesNothing) {
  make_things();
  auto steps = kSteps;
  steps.push_back(
      {"INSERT INTO thing (id, name) VALUES (5, 'five')", "INSERT INTO nowhere VALUES (1)"});
  EXPECT_THROW(sql_->migrate(steps), SqlError);
  EXPECT_EQ(count(*sql_), 1);
  steps.back().pop_back();
  sql_->migrate(steps);
  EXPECT_EQ(count(*sql_), 2);
}

TEST_F(Sql, SaysThatItCannotConnect) {
  const bool server = postgresql() != nullptr;
  try {
    SqlConnection::open(server ? "postgresql://nobody@/none?host=" + folder_.string()
                               : (folder_ / "missing" / "it.db").string());
    FAIL();
  } catch (const SqlError& error) {
    EXPECT_TRUE(error.disconnected());
  }
}

// A server that was restarted: the connection says so, and works again after reconnect().
TEST_F(Sql, GoesOnAfterReconnecting) {
  make_things();
  EXPECT_EQ(count(*sql_), 1);
  if (const char* control = std::getenv("SIGNET_TEST_POSTGRESQL_CONTROL")) {
    ASSERT_EQ(std::system((std::string(control) + " stop").c_str()), 0);
    try {
      count(*sql_);
      ADD_FAILURE() << "an answer of no server";
    } catch (const SqlError& error) {
      EXPECT_TRUE(error.disconnected());
    }
    EXPECT_THROW(sql_->reconnect(), SqlError);
    ASSERT_EQ(std::system((std::string(control) + " start").c_str()), 0);
  }
  sql_->reconnect();
  EXPECT_EQ(count(*sql_), 1);
}

}  // namespace
}  // namespace signet::storage
