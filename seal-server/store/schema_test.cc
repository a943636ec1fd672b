#include "seal-server/store/schema.h"

#include <gtest/gtest.h>

#include "seal-server/testing/scratch_database.h"

namespace signet::sealserver {
namespace {

TEST(RegisterMigration, TellsCheckpointsOfAnOlderDatabaseWhichOneTheyFollow) {
  const ScratchDatabase database;
  const auto sql = database.connect();
  sql->migrate(schema().first(3));
  for (const std::int64_t size : {5, 9, 12})
    sql->run("INSERT INTO checkpoint (size, note) VALUES (:size, 'x')", {size});
  sql->migrate(schema());
  std::vector<std::int64_t> previous;
  for (const auto& row : sql->query("SELECT previous FROM checkpoint ORDER BY size"))
    previous.push_back(row.number(0));
  EXPECT_EQ(previous, (std::vector<std::int64_t>{0, 5, 9}));
}

}  // namespace
}  // namespace signet::sealserver
