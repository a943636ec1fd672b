// What a client knows of the seal server's log: the last checkpoint that it saw, in a file, so that a register that forgets
// or was made anew is noticed.
#ifndef SIGNET_SEAL_CLIENT_KEPT_LOG_H_
#define SIGNET_SEAL_CLIENT_KEPT_LOG_H_

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "common/clock.h"
#include "common/file_error.h"
#include "common/mutex.h"
#include "common/result.h"
#include "crypto/log_checkpoint.h"

namespace signet::sealclient {

// Thread-safe. Several processes may have one file: each goes on from what another one kept.
//
// A checkpoint that contradicts the kept one lies in FILE.contradiction, beside the kept one in FILE: together they prove, by
// the log's own signatures, what it did. While that file is there the client announces no seal.
class KeptLog {
 public:
  // `log`: by whose key its checkpoints are signed. The folder of the file is the client's own.
  KeptLog(std::filesystem::path file, crypto::LogIdentity log)
      : file_(std::move(file)), log_(std::move(log)) {}

  const crypto::LogIdentity& log() const { return log_; }

  // The tree of the last checkpoint; the empty tree where there is none yet.
  Result<crypto::TreeState, FileError> newest() const;

  // Durable at the return; leaves the file where it has a later one.
  Result<void, FileError> keep(const std::string& note) const;

  // The log contradicts itself: what it said now, a note or a sentence.
  Result<void, FileError> contradict(const std::string& said) const;
  bool is_contradicted() const;

  // A person has decided to go on with this checkpoint; what the file and FILE.contradiction had is in FILE.former and
  // FILE.accepted.
  Result<void, FileError> accept(const std::string& note) const;

  // Whether the log was not looked at for so long; the caller looks then, and says so.
  bool is_due(std::chrono::seconds span) const;
  void looked() const;

 private:
  std::filesystem::path beside(const char* suffix) const { return file_.string() + suffix; }
  Result<std::optional<crypto::TreeState>, FileError> read() const;

  const std::filesystem::path file_;
  const crypto::LogIdentity log_;
  mutable Mutex mutex_;
  mutable std::optional<SteadyTime> looked_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_KEPT_LOG_H_
