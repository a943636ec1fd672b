// Keeps the newest checkpoint in its file, in a thread of its own: nobody waits for the file. It may lag behind the database,
// which is durable already, by what one write of it takes; it never runs ahead.
#ifndef SIGNET_SEAL_SERVER_REGISTER_CHECKPOINT_KEEPER_H_
#define SIGNET_SEAL_SERVER_REGISTER_CHECKPOINT_KEEPER_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>

#include "common/mutex.h"
#include "seal-server/register/kept_checkpoint.h"
#include "seal-server/register/log_history.h"

namespace signet::sealserver {

// Thread-safe.
class CheckpointKeeper {
 public:
  explicit CheckpointKeeper(std::filesystem::path file);
  CheckpointKeeper(const CheckpointKeeper&) = delete;
  CheckpointKeeper& operator=(const CheckpointKeeper&) = delete;
  ~CheckpointKeeper();  // what was given is kept then

  // Takes the place of one that waits. What fails is in the log, and done with the next one.
  void keep(const LogHistory& log, std::string note, std::uint64_t size);

 private:
  struct Newest {
    LogHistory log;
    std::string note;
    std::uint64_t size = 0;
  };

  void serve();
  void write(const Newest& newest) const;

  const KeptCheckpoint kept_;
  Mutex mutex_;
  Condition wake_;
  std::optional<Newest> newest_ SIGNET_GUARDED_BY(mutex_);
  bool ending_ SIGNET_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_CHECKPOINT_KEEPER_H_
