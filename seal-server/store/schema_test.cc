#include "seal-server/store/schema.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "seal-server/testing/scratch_database.h"

namespace signet::sealserver {
namespace {

TEST(RegisterMigration, TellsCheckpointsOfAnOlderDatabaseWhichOneTheyFollow) {
  const ScratchDatabase database;
  const auto sql = database.connect();
  sql->migrate(schema(sql->product()).first(3));
  for (const std::int64_t size : {5, 9, 12})
    sql->run("INSERT INTO checkpoint (size, note) VALUES (:size, 'x')", {size});
  sql->migrate(schema(sql->product()));
  std::vector<std::int64_t> previous;
  for (const auto& row : sql->query("SELECT previous FROM checkpoint ORDER BY size"))
    previous.push_back(row.number(0));
  EXPECT_EQ(previous, (std::vector<std::int64_t>{0, 5, 9}));
}

std::span<const storage::SqlMigration> steps_before(std::span<const storage::SqlMigration> steps,
                                                    std::string_view statement) {
  const auto found = std::ranges::find_if(steps, [&](const storage::SqlMigration& step) {
    return std::ranges::find(step, statement) != step.end();
  });
  return steps.first(static_cast<std::size_t>(found - steps.begin()));
}

TEST(RegisterMigration, MakesOneTableOfThoseWhoCallAndThoseWhoSignIn) {
  const ScratchDatabase database;
  const auto sql = database.connect();
  sql->migrate(steps_before(schema(sql->product()), "DROP TABLE official"));
  const auto add_user = [&](const std::string& name, const std::string& role,
                            const std::string& client, const std::string& spki) {
    sql->run(
        "INSERT INTO web_user (name, role, client, spki, password, code_key, code_step, failures,"
        " locked_until) VALUES (:name, :role, :client, :spki, '', '', 0, 0, '')",
        {name, role, client, spki});
  };
  add_user("jana", "person", "c1", "");
  add_user("karel", "person", "c1", "aa");
  add_user("lenka", "administrator", "", "bb");
  for (const auto& [spki, role] : std::initializer_list<std::pair<std::string, std::string>>{
           {"aa", "auditor"}, {"bb", "auditor"}, {std::string(64, 'c'), "administrator"}})
    sql->run(
        "INSERT INTO official (spki, name, role, not_after) VALUES (:spki, 'X', :role, '2030')",
        {spki, role});
  sql->migrate(schema(sql->product()));
  std::vector<std::string> people;
  for (const auto& row :
       sql->query("SELECT name, role, client, not_after FROM web_user ORDER BY name"))
    people.push_back(row.text(0) + " " + row.text(1) + " " + row.text(2) + " " + row.text(3));
  EXPECT_EQ(people, (std::vector<std::string>{"jana person c1 ", "karel auditor  2030",
                                              "key-cccccccccccccccc administrator  2030",
                                              "lenka administrator  2030"}));
}

}  // namespace
}  // namespace signet::sealserver
