// The newest checkpoint in a file outside the database: what a restored backup is measured by.
#ifndef SIGNET_SEAL_SERVER_REGISTER_KEPT_CHECKPOINT_H_
#define SIGNET_SEAL_SERVER_REGISTER_KEPT_CHECKPOINT_H_

#include <filesystem>
#include <optional>
#include <string>

#include "seal-server/register/log_history.h"

namespace signet::sealserver {

// Several processes may use one file.
class KeptCheckpoint {
 public:
  explicit KeptCheckpoint(std::filesystem::path file) : file_(std::move(file)) {}

  const std::filesystem::path& file() const { return file_; }

  // Nothing where there is no such file. Throws std::runtime_error where it has no checkpoint of this log.
  std::optional<crypto::TreeState> read(const LogHistory& log) const;

  // Durable at the return; leaves the file where it has a later one. Throws std::runtime_error.
  void keep(const LogHistory& log, const std::string& note, std::uint64_t size) const;

 private:
  std::filesystem::path file_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_KEPT_CHECKPOINT_H_
