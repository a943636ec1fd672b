// The folder in which processes that use the module leave their figures: one file a process,
// `signet-PID-STARTED.prom`, owner-only, replaced whole.
#ifndef SIGNET_DSA_TRANSPORT_METRICS_FOLDER_H_
#define SIGNET_DSA_TRANSPORT_METRICS_FOLDER_H_

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/file_error.h"
#include "common/result.h"
#include "dsa-transport/metrics_text.h"

namespace signet::transport {

inline constexpr std::size_t kLargestMetricsFile = 4UL * 1024 * 1024;  // bytes

// Files of ended processes that stay for a look at them; the oldest go first.
inline constexpr std::size_t kMostEndedProcesses = 32;

// pid, started and program of this process; nothing where /proc does not tell.
std::optional<ProcessFigures> this_process();

// Replaces the process's file, and makes the folder (0700) where it is missing. The error's
// sentence names the folder.
Result<void, FileError> write_metrics(const std::filesystem::path& folder,
                                      const ProcessFigures& process);

// Removes the effective user's files of ended processes beyond the newest kMostEndedProcesses. No file is opened: others
// may write to the folder.
void remove_old_metrics(const std::filesystem::path& folder);

enum class ProcessState {
  active,     // between C_Initialize and C_Finalize
  finalized,  // it runs, and has called C_Finalize
  ended,
};

struct FoundProcess {
  std::filesystem::path file;
  unsigned owner = 0;  // user id
  ProcessState state = ProcessState::ended;
  ProcessFigures figures;
};

struct FoundMetrics {
  std::vector<FoundProcess> processes;  // by process id
  std::vector<std::string> problems;    // a sentence for each file that is none or cannot be read
};

// What is in the folder; nothing where there is no folder. A file counts for a running process only
// where that process runs as the file's owner. Of more files than these, other users' are left out first.
inline constexpr std::size_t kMostMetricsFiles = 1000;
inline constexpr std::size_t kMostMetricsBytes = 16UL * 1024 * 1024;
FoundMetrics read_metrics(const std::filesystem::path& folder);

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_METRICS_FOLDER_H_
