// Extends what is due, in batches, so that a run may be killed at any moment and started again.
#ifndef SIGNET_PRESERVATION_CALENDAR_RUN_H_
#define SIGNET_PRESERVATION_CALENDAR_RUN_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

#include "preservation/calendar/inspection.h"
#include "preservation/calendar/register.h"

namespace signet::preservation {

struct RunOptions {
  std::chrono::seconds within{};  // documents that can be verified no longer than that from now
  std::size_t batch = 64;         // documents between two records in the register
  std::optional<std::size_t> most = {};  // documents in this call
  bool resume = false;                   // go on with the run that did not end, if there is one
  const std::atomic<bool>* stop = nullptr;
  std::function<void(std::size_t all)> begins = {};  // so many are due
  ReportTaker done = {};
};

struct RunSummary {
  std::size_t all = 0;  // were due
  // Also of those that are not due, but had to be examined again.
  std::size_t extended = 0, changed = 0, missing = 0, failed = 0;
  std::size_t left = 0;  // not tried: stopped, or more than `most`

  bool clean() const { return changed + missing + failed + left == 0; }
};

// The caller holds the RegisterLock. Documents that were measured by another suite, or did not pass, are examined first, and told of
// where they do not pass now either. A document whose extension does not make it verifiable for longer, nor raises its level, stays
// as it is and counts as failed: it would be extended every day.
RegisterResult<RunSummary> run(Register& documents, const DocumentWork& work,
                               const RunOptions& options);

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_CALENDAR_RUN_H_
