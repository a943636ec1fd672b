// What `signet seal` says: a line for each document, how far a batch is, a summary, JSON.
#ifndef SIGNET_SIGNET_CLI_SEAL_REPORT_H_
#define SIGNET_SIGNET_CLI_SEAL_REPORT_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "common/mutex.h"
#include "sealing/sealer.h"
#include "signet-cli/command.h"
#include "signet-cli/output.h"
#include "signet-cli/seal/progress_line.h"

namespace signet::cli {

// What became of one document.
struct SealOutcome {
  enum class Status { sealed, degraded, raised, skipped, failed };

  std::string in;
  std::string out;
  Status status = Status::failed;
  std::optional<sealing::Sealed> sealed = {};
  bool external = true;
  bool pades = false;
  std::string reference = {};
  std::optional<sealing::Error> error = {};
  std::string why_skipped = {};
};

using SealStatus = SealOutcome::Status;

// As the JSON form has it; the names stay the same for ever (signet(1)).
Json json_of(const SealOutcome& outcome);

// Thread-safe.
class SealReport {
 public:
  enum class Form { text, json, json_lines };

  // `files`: how many there will be; 0: nobody knows. `lines`: where the lines for people go.
  SealReport(Context& context, std::ostream& lines, Form form, std::size_t files);

  void add(const SealOutcome& outcome);

  // Bytes that were read, of whichever document.
  void read(std::uint64_t bytes) { progress_.read(bytes); }

  // Prints what is left, and sets the exit code: 0, 30 where something was degraded, else that of the failures where they
  // have one in common, or 1.
  void finish(bool cancelled);

 private:
  void print(const SealOutcome& outcome) SIGNET_REQUIRES(mutex_);
  void warn(const sealing::Sealed& sealed) SIGNET_REQUIRES(mutex_);

  Context& context_;
  std::ostream& lines_;
  const Form form_;
  const std::size_t files_;
  Mutex mutex_;
  boost::json::array all_ SIGNET_GUARDED_BY(mutex_);
  std::size_t sealed_ SIGNET_GUARDED_BY(mutex_) = 0;
  std::size_t degraded_ SIGNET_GUARDED_BY(mutex_) = 0;
  std::size_t skipped_ SIGNET_GUARDED_BY(mutex_) = 0;
  std::size_t failed_ SIGNET_GUARDED_BY(mutex_) = 0;
  std::optional<int> status_ SIGNET_GUARDED_BY(mutex_);
  std::set<std::string> warned_ SIGNET_GUARDED_BY(mutex_);
  ProgressLine progress_;
};

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SEAL_REPORT_H_
