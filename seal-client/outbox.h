// Results that the seal server has not been told yet: a file for each, so that none is lost with the process.
#ifndef SIGNET_SEAL_CLIENT_OUTBOX_H_
#define SIGNET_SEAL_CLIENT_OUTBOX_H_

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/file_error.h"
#include "common/mutex.h"
#include "common/result.h"
#include "seal-client/contract.h"

namespace signet::sealclient {

// Thread-safe. Several processes may have one folder: each reports what it found there when it began and what it added
// itself, and the server takes a result twice.
class Outbox {
 public:
  // Makes the folder where it is missing, and reads it. Files that are no results stay where they are.
  static Result<std::unique_ptr<Outbox>, FileError> open(const std::filesystem::path& folder);

  // Durable at the return. With an error it is not, but this process goes on to report it (if its id may be one).
  Result<void, FileError> add(const NamedResult& result);

  // At most `most`, the same ones until they are removed.
  std::vector<NamedResult> first(std::size_t most) const;

  // The server has said what became of it.
  void remove(const std::string& id);

  // The server does not take it: it stays in the folder under another name, for a person to look at.
  void set_aside(const std::string& id);

  bool empty() const { return first(1).empty(); }

 private:
  explicit Outbox(std::filesystem::path folder) : folder_(std::move(folder)) {}
  bool forget(const std::string& id);  // false: it was not there
  std::filesystem::path file_of(const std::string& id) const;

  const std::filesystem::path folder_;
  mutable Mutex mutex_;
  std::map<std::string, SealResult> results_ SIGNET_GUARDED_BY(mutex_);  // by transaction
};

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_OUTBOX_H_
