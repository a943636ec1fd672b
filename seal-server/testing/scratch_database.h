// A folder and an empty database for one test case: SQLite in the folder, or, with SIGNET_TEST_POSTGRESQL in the
// environment, that server's.
#ifndef SIGNET_SEAL_SERVER_TESTING_SCRATCH_DATABASE_H_
#define SIGNET_SEAL_SERVER_TESTING_SCRATCH_DATABASE_H_

#include <filesystem>
#include <memory>
#include <string>

#include "storage/sql.h"

namespace signet::sealserver {

class ScratchDatabase {
 public:
  ScratchDatabase();
  ~ScratchDatabase();
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  const std::string& address() const { return address_; }
  std::unique_ptr<storage::SqlConnection> connect() const;

  // Takes the database back to what it was at save().
  void save();
  void restore();

  // The same of clients and their keys alone.
  void save_clients();
  void restore_clients();

 private:
  std::filesystem::path folder_;
  std::string address_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_TESTING_SCRATCH_DATABASE_H_
