#include "seal-server/testing/scratch_database.h"

#include <unistd.h>

#include <cstdlib>
#include <span>

namespace signet::sealserver {

namespace {

constexpr const char* kSaved = "CREATE TABLE saved_";

// What events put into the database.
constexpr const char* kSavedTables[] = {"event", "node", "checkpoint", "time_stamp"};

constexpr const char* kClientTables[] = {"client", "authentication_key"};

void save_tables(storage::SqlConnection& sql, std::span<const char* const> tables) {
  for (const std::string table : tables) sql.run(kSaved + table + " AS SELECT * FROM " + table);
}

void restore_tables(storage::SqlConnection& sql, std::span<const char* const> tables) {
  for (const std::string table : tables) {
    sql.run("DELETE FROM " + table);
    sql.run("INSERT INTO " + table + " SELECT * FROM saved_" + table);
  }
}

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
  save_tables(*connect(), kSavedTables);
}

void ScratchDatabase::restore() {
  const auto sql = connect();
  sql->exclusive("event", [&] { restore_tables(*sql, kSavedTables); });
}

void ScratchDatabase::save_clients() {
  save_tables(*connect(), kClientTables);
}

void ScratchDatabase::restore_clients() {
  restore_tables(*connect(), kClientTables);
}

}  // namespace signet::sealserver
