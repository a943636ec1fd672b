#include "seal-server/testing/scratch_database.h"

#include <unistd.h>

#include <cstdlib>

namespace signet::sealserver {

namespace {

constexpr const char* kSaved = "CREATE TABLE saved_";

// What events put into the database.
constexpr const char* kSavedTables[] = {"event", "node", "checkpoint", "time_stamp"};

}  // namespace

ScratchDatabase::ScratchDatabase() {
  std::string pattern = (std::filesystem::temp_directory_path() / "signet-seald.XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  const char* server = std::getenv("SIGNET_TEST_POSTGRESQL");
  address_ = server != nullptr ? server : (folder_ / "seald.db").string();
  if (server == nullptr) return;
  const auto sql = connect();
  sql->run("DROP SCHEMA public CASCADE");
  sql->run("CREATE SCHEMA public");
}

ScratchDatabase::~ScratchDatabase() {
  std::filesystem::remove_all(folder_);
}

std::unique_ptr<storage::SqlConnection> ScratchDatabase::connect() const {
  return storage::SqlConnection::open(address_);
}

void ScratchDatabase::save() {
  const auto sql = connect();
  for (const std::string table : kSavedTables)
    sql->run(kSaved + table + " AS SELECT * FROM " + table);
}

void ScratchDatabase::restore() {
  const auto sql = connect();
  sql->exclusive("event", [&] {
    for (const std::string table : kSavedTables) {
      sql->run("DELETE FROM " + table);
      sql->run("INSERT INTO " + table + " SELECT * FROM saved_" + table);
    }
  });
}

}  // namespace signet::sealserver
