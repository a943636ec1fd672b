#include "storage/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <stdexcept>

#include "common/testing/scratch_folder.h"

namespace signet::storage {
namespace {

using testing::HasSubstr;
using Mode = Database::Mode;

constexpr const char* kFirst =
    "CREATE TABLE things (name TEXT PRIMARY KEY, value BLOB, number INTEGER);";
constexpr const char* kSecond =
    "ALTER TABLE things ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'; CREATE INDEX by_colour ON "
    "things (colour);";

class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() : file(folder.path("test.db")), database(open(Mode::create)) {
    const char* steps[] = {kFirst};
    EXPECT_TRUE(database->migrate(steps));
  }

  std::unique_ptr<Database> open(Mode mode) const { return Database::open(file, mode).value(); }

  static std::int64_t count(Database& database) {
    return database
        .read([](Database& open) {
          Rows rows = open.query("SELECT count(*) FROM things");
          return rows.next() ? rows.number(0) : -1;
        })
        .value();
  }

  static void insert(Database& database, std::string_view name) {
    database.run("INSERT INTO things (name) VALUES (?)", name);
  }

  ScratchFolder folder;
  std::filesystem::path file;
  std::unique_ptr<Database> database;
};

TEST_F(DatabaseTest, KeepsAnyValue) {
  const std::string name("a\0b\xFF", 4);
  const Bytes value{0, 1, 255};
  const auto kept = database->write([&](Database& open) {
    EXPECT_EQ(open.run("INSERT INTO things VALUES (?, ?, ?)", name, value, std::int64_t{-7}), 1);
    EXPECT_EQ(open.run("INSERT INTO things VALUES (?, ?, ?)", std::string(), Bytes{},
                       std::optional<std::int64_t>()),
              1);
    Rows rows = open.query("SELECT * FROM things ORDER BY number DESC");
    EXPECT_TRUE(rows.next());
    EXPECT_EQ(rows.text(0), name);
    EXPECT_EQ(rows.blob(1), value);
    EXPECT_EQ(rows.optional_number(2), -7);
    EXPECT_TRUE(rows.next());
    EXPECT_EQ(rows.text(0), "");
    EXPECT_FALSE(rows.optional_number(2));
    return !rows.next();
  });
  EXPECT_TRUE(kept.value());
}

TEST_F(DatabaseTest, AFailureSticksAndUndoesTheUnit) {
  const auto failed = database->write([](Database& open) {
    insert(open, "lost");
    open.run("INSERT INTO nowhere VALUES (1)");
    insert(open, "after");
    Rows rows = open.query("SELECT count(*) FROM things");
    return rows.next();
  });
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.assume_error().message, HasSubstr("no such table: nowhere"));
  EXPECT_EQ(count(*database), 0);
}

TEST_F(DatabaseTest, TellsAConstraintFromAnotherFailure) {
  const auto twice = database->write([](Database& open) {
    insert(open, "same");
    insert(open, "same");
  });
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.assume_error().code, SQLITE_CONSTRAINT);
}

TEST_F(DatabaseTest, AnErrorOrAnExceptionUndoesTheUnit) {
  const auto refused = database->write([](Database& open) -> Result<int, std::string> {
    insert(open, "lost");
    return "no";
  });
  EXPECT_EQ(refused.value().error(), "no");
  const auto throwing = [](Database& open) {
    insert(open, "lost");
    throw std::logic_error("no");
  };
  EXPECT_THROW((void)database->write(throwing), std::logic_error);
  EXPECT_EQ(count(*database), 0);
}

TEST_F(DatabaseTest, AReaderChangesNothing) {
  for (const auto mode : {Mode::query, Mode::read_only}) {
    const auto reader = open(mode);
    EXPECT_EQ(count(*reader), 0);
    EXPECT_FALSE(reader->write([](Database& open) { insert(open, "x"); }));
  }
  EXPECT_FALSE(Database::open(folder.path("absent.db"), Mode::query));
  EXPECT_FALSE(std::filesystem::exists(folder.path("absent.db")));
}

TEST_F(DatabaseTest, AReadSeesOneState) {
  const auto other = open(Mode::open);
  const auto seen = database->read([&](Database& open) {
    const auto things = [&] {
      Rows rows = open.query("SELECT count(*) FROM things");
      return rows.next() ? rows.number(0) : -1;
    };
    const auto before = things();
    EXPECT_TRUE(other->write([](Database& second) { insert(second, "new"); }));
    return std::pair(before, things());
  });
  EXPECT_EQ(seen.value(), std::pair(std::int64_t{0}, std::int64_t{0}));
  EXPECT_EQ(count(*database), 1);
}

TEST_F(DatabaseTest, AnOldFileGetsTheStepsThatItLacks) {
  ASSERT_TRUE(database->write([](Database& open) { insert(open, "old"); }));
  const char* steps[] = {kFirst, kSecond};
  ASSERT_TRUE(database->migrate(steps));
  ASSERT_TRUE(database->migrate(steps));
  const auto colour = database->read([](Database& open) {
    Rows rows = open.query("SELECT colour FROM things");
    return rows.next() ? rows.text(0) : "";
  });
  EXPECT_EQ(colour.value(), "grey");
}

TEST_F(DatabaseTest, ABrokenStepLeavesTheFileAsItWas) {
  const char* broken[] = {kFirst, "DROP TABLE things; CREATE TABLE;"};
  EXPECT_FALSE(database->migrate(broken));
  EXPECT_EQ(count(*database), 0);
  const char* mended[] = {kFirst, kSecond};
  EXPECT_TRUE(database->migrate(mended));
}

TEST_F(DatabaseTest, AFileOfANewerProgramIsRefused) {
  const char* newer[] = {kFirst, kSecond};
  ASSERT_TRUE(database->migrate(newer));
  const char* older[] = {kFirst};
  const auto refused = database->migrate(older);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.assume_error().message, HasSubstr("version 2, made by a newer program"));
}

TEST_F(DatabaseTest, WhatIsNoDatabaseIsRefused) {
  const auto text = folder.write("text.db", std::string(4096, 'x'));
  const auto refused = Database::open(text, Mode::open);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.assume_error().code, SQLITE_NOTADB);
}

}  // namespace
}  // namespace signet::storage
