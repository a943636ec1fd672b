// Who signs the log's checkpoints: its key today, and former ones, each up to the size of the tree at which it was replaced.
#ifndef SIGNET_SEAL_SERVER_REGISTER_LOG_HISTORY_H_
#define SIGNET_SEAL_SERVER_REGISTER_LOG_HISTORY_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "seal-server/register/checkpoint.h"
#include "storage/sql.h"

namespace signet::sealserver {

// Of the events by which the next key becomes known; its verifier key is their content's "verifier".
inline constexpr std::string_view kNewLogKey = "log-key";  // the last one that the former key signs
inline constexpr std::string_view kRecovered =
    "recovered";  // the first one of a new log, after a loss

class LogHistory {
 public:
  struct Former {
    std::uint64_t size = 0;  // the last one of which it has signed the checkpoint
    LogIdentity log;
  };

  // A log that has always had this key.
  explicit LogHistory(LogIdentity now) : now_(std::move(now)) {}

  // As the database tells it, within the caller's transaction.
  static LogHistory read(storage::SqlConnection& sql, LogIdentity now);

  const LogIdentity& now() const { return now_; }
  const std::vector<Former>& former() const { return former_; }  // the oldest first

  // What a checkpoint says, where it is signed by the key of its time.
  std::optional<crypto::TreeState> open(std::string_view note) const;

 private:
  LogIdentity now_;
  std::vector<Former> former_;
};

// The log's identity as the database has it; nothing in a new one.
std::optional<LogIdentity> stored_log(storage::SqlConnection& sql);

// From the tree of this size on the log's checkpoints are signed as `next` says.
void replace_log(storage::SqlConnection& sql, std::uint64_t size, const LogIdentity& next);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_LOG_HISTORY_H_
