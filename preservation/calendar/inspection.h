// Looks at registered documents: whether they are the registered files still, and what they are worth now.
#ifndef SIGNET_PRESERVATION_CALENDAR_INSPECTION_H_
#define SIGNET_PRESERVATION_CALENDAR_INSPECTION_H_

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "preservation/calendar/register.h"
#include "preservation/extension.h"

namespace signet::preservation {

// What is done to documents; called from several threads at a time where `in_parallel` is set.
struct DocumentWork {
  std::function<ExtensionResult<DocumentState>(const KeptDocument&)> examine;
  // The document itself stays as it is.
  std::function<ExtensionResult<Extended>(const KeptDocument&, const std::filesystem::path& out)>
      extend;
  std::string suite;  // Condition::suite of what is examined now
  std::string lists;  // likewise
  std::function<Time()> clock;
  // Calls the function for 0 to count - 1; empty: one after the other, in this thread.
  std::function<void(std::size_t count, const std::function<void(std::size_t)>&)> in_parallel;
};

enum class Outcome : std::uint8_t { kept, extended, changed, missing, failed };
std::string_view name_of(Outcome outcome);  // "extended"

// One document is done with.
struct DocumentReport {
  const KeptDocument& before;
  Outcome outcome = Outcome::kept;
  std::string sentence;                   // of what is wrong, without its path; empty: nothing
  const Condition* after = nullptr;       // kept, extended
  std::optional<Extended> extended = {};  // what was added
};

using ReportTaker = std::function<void(const DocumentReport&)>;

// work.in_parallel, or one after the other.
void in_parallel(const DocumentWork& work, std::size_t count,
                 const std::function<void(std::size_t)>& each);

Standing standing_of(Outcome outcome);

// Whether the file is there and the registered one.
struct Finding {
  Outcome outcome = Outcome::kept;  // kept, changed, missing or failed (it cannot be read)
  std::string sentence;             // without the path
};
Finding compare(const KeptDocument& document);

// Examines a file for the first time, or again after it was changed on purpose. `document`: path and data are set.
ExtensionResult<KeptDocument> registered(KeptDocument document, const DocumentWork& work);

// Examines documents again and records in batches what they are worth now; `done` is given each, in the calling thread. A
// file that is another one than the registered one is not examined. The caller holds the RegisterLock.
RegisterResult<void> inspect(Register& documents, const DocumentWork& work,
                             std::span<const KeptDocument> which, std::size_t batch,
                             const std::atomic<bool>* stop, const ReportTaker& done = {});

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_CALENDAR_INSPECTION_H_
