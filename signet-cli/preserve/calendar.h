// The register and what is done to its documents, as the subcommands of `signet preserve` use them.
#ifndef SIGNET_SIGNET_CLI_PRESERVE_CALENDAR_H_
#define SIGNET_SIGNET_CLI_PRESERVE_CALENDAR_H_

#include <memory>
#include <optional>
#include <string>

#include "preservation/calendar/register.h"
#include "preservation/calendar/run.h"
#include "preservation/extension.h"
#include "signet-cli/preserve/options.h"
#include "signet-cli/stop_signal.h"

namespace signet::cli {

// Documents are due; documents are not as they should be.
inline constexpr int kExitDue = 43;
inline constexpr int kExitProblems = 44;

// The register, opened.
class OpenRegister {
 public:
  // `look`: it must be there; where nobody else changes it, what a killed command left is put right, after which others may
  // change it. `change`: it must be there, and nobody else may be at it. `create`: it is made where it is missing.
  enum class Purpose : std::uint8_t { look, change, create };
  static VerifyResult<OpenRegister> open(const std::string& file, Purpose purpose);

  preservation::Register& operator*() const { return *documents_; }
  preservation::Register* operator->() const { return documents_.get(); }

 private:
  std::optional<preservation::RegisterLock> lock_;
  std::unique_ptr<preservation::Register> documents_;
};

// Examines and extends documents as the options say.
class Examiner {
 public:
  // Says on the error stream what the user should know of the options.
  static VerifyResult<std::unique_ptr<Examiner>> open(PreserveOptions& options, Context& context);

  // Valid as long as this object.
  const preservation::DocumentWork& work() const { return work_; }
  const std::atomic<bool>& stop() const { return stop_.wanted(); }

 private:
  Examiner(const PreserveOptions& options, ExtendTask task);

  const unsigned jobs_;
  const StopSignal stop_;
  const preservation::Extender extender_;
  preservation::ExtensionControl control_;
  preservation::DocumentWork work_;
};

VerifyRefusal refusal_of(const storage::Error& error);

// Prints the sentence, as JSON too where that is wished for, and sets the exit code.
void refuse(const PreserveOptions& options, const VerifyRefusal& refusal, Context& context);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_PRESERVE_CALENDAR_H_
