// Time-stamps (RFC 3161) over checkpoints: that the register had so many events, and these, at that time.
#ifndef SIGNET_SEAL_SERVER_REGISTER_TIME_STAMPS_H_
#define SIGNET_SEAL_SERVER_REGISTER_TIME_STAMPS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "seal-server/register/sequencer.h"
#include "seal-server/register/tree_store.h"
#include "storage/sql.h"

namespace signet::sealserver {

// Of an event that notes a time-stamp. Its content is {"size","checkpoint","token"}: of the checkpoint, and the SHA-256 of the
// signed note (which is what is stamped) and of the token, in hexadecimal.
inline constexpr std::string_view kTimeStamped = "time-stamped";

struct StoredTimeStamp {
  std::uint64_t size = 0;  // of the checkpoint
  std::string token;       // DER in base64
};

// The newest checkpoint, where no time-stamp was made on the day of `time` (RFC 3339 in UTC) and something was added to the
// register since the newest one.
std::optional<StoredCheckpoint> due_time_stamp(storage::SqlConnection& sql,
                                               const std::string& time);

// Keeps a token over that checkpoint, and notes it in the register.
void keep_time_stamp(Group& group, const StoredCheckpoint& checkpoint, ByteView token);

// Where one is due at `now`: gets a token from `ask`, and keeps it; gives the size of its checkpoint. What `ask` throws goes on
// to the caller. Nothing waits for it: the sequencer is used once the token is there.
std::optional<std::uint64_t> stamp_newest(storage::SqlConnection& sql, Sequencer& sequencer,
                                          std::chrono::system_clock::time_point now,
                                          const std::function<Bytes(const StoredCheckpoint&)>& ask);

// The first one over a tree that has this event.
std::optional<StoredTimeStamp> time_stamp_of(storage::SqlConnection& sql, std::uint64_t sequence);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_TIME_STAMPS_H_
