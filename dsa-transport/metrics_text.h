// The figures of one process that uses the module, and their form in a file: the text format of
// Prometheus, in which names and addresses stand as labels, and the same in JSON as a comment at its end, so that
// nobody has to read Prometheus's text. Never a secret.
#ifndef SIGNET_DSA_TRANSPORT_METRICS_TEXT_H_
#define SIGNET_DSA_TRANSPORT_METRICS_TEXT_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsa-transport/counters.h"

namespace signet::transport {

struct TokenFigures {
  std::string label;
  ApplianceFigures figures;

  bool operator==(const TokenFigures&) const = default;
};

struct ProcessFigures {
  pid_t pid = 0;
  std::uint64_t started = 0;  // clock ticks after the boot (proc(5), starttime): tells apart two
                              // processes that got the same id
  std::string program;        // at most 15 bytes, as the kernel names it
  std::string version;        // of the module
  bool active = true;         // false: C_Finalize was called
  std::chrono::system_clock::time_point written;  // milliseconds are kept
  std::vector<TokenFigures> tokens;

  bool operator==(const ProcessFigures&) const = default;
};

// All processes in one text, as one file for Prometheus's textfile collector needs it.
std::string prometheus_text(std::span<const ProcessFigures> processes);

// The content of a process's file.
std::string metrics_file_text(const ProcessFigures& process);

// What metrics_file_text() wrote; nothing for anything else. A file may be damaged or somebody else's.
std::optional<ProcessFigures> read_metrics_file(std::string_view text);

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_METRICS_TEXT_H_
