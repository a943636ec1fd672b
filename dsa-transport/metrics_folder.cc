#include "dsa-transport/metrics_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "common/descriptor.h"
#include "common/private_file.h"

namespace signet::transport {

namespace fs = std::filesystem;

namespace {

struct ProcessEntry {
  unsigned owner = 0;
  std::string program;
  std::uint64_t started = 0;
};

// Of proc(5): "PID (PROGRAM) STATE …", starttime being the 22nd field. The program's name may hold
// blanks and parentheses; its end is the last parenthesis.
std::optional<ProcessEntry> look_up(pid_t pid) {
  const Descriptor file(
      ::open(fmt::format("/proc/{}/stat", pid).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat status {};
  std::array<char, 1024> buffer{};
  if (!file || fstat(file.get(), &status) != 0) return std::nullopt;
  const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
  const std::string_view text(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  const auto open = text.find('(');
  const auto close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return std::nullopt;
  }
  constexpr int fields_between = 20;  // from the name's to the start time's
  std::size_t at = close + 1;
  for (int i = 1; i < fields_between && at != std::string_view::npos; ++i) {
    at = text.find(' ', at + 1);
  }
  if (at == std::string_view::npos) return std::nullopt;
  ProcessEntry entry{status.st_uid, std::string(text.substr(open + 1, close - open - 1)), 0};
  const auto result =
      std::from_chars(text.data() + at + 1, text.data() + text.size(), entry.started);
  if (result.ec != std::errc()) return std::nullopt;
  // A zombie has ended; its parent has not looked yet.
  if (text.substr(close + 1).starts_with(" Z")) return std::nullopt;
  return entry;
}

std::string name_of(const ProcessFigures& process) {
  return fmt::format("signet-{}-{}.prom", process.pid, process.started);
}

bool is_name(const std::string& name) {
  return name.starts_with("signet-") && name.ends_with(".prom");
}

ProcessState state_of(const ProcessFigures& figures, unsigned owner) {
  const auto entry = look_up(figures.pid);
  if (!entry || entry->started != figures.started || entry->owner != owner) {
    return ProcessState::ended;
  }
  return figures.active ? ProcessState::active : ProcessState::finalized;
}

Result<FoundProcess, std::string> read_one(const fs::path& file) {
  const auto content = read_plain_file(file, kLargestMetricsFile);
  if (!content) return fmt::format("{}: {}", file.string(), content.error().sentence);
  if (!content.value()) return fmt::format("{}: it was removed meanwhile", file.string());
  constexpr unsigned others_write = S_IWGRP | S_IWOTH;
  if ((content.value()->permissions & others_write) != 0) {
    return fmt::format("{}: others may write to it", file.string());
  }
  auto figures = read_metrics_file(text_of(content.value()->bytes));
  if (!figures || file.filename() != name_of(*figures)) {
    return fmt::format("{}: it does not hold a process's figures", file.string());
  }
  const unsigned owner = content.value()->owner;
  const ProcessState state = state_of(*figures, owner);
  return FoundProcess{file, owner, state, *std::move(figures)};
}

}  // namespace

std::optional<ProcessFigures> this_process() {
  auto entry = look_up(getpid());
  if (!entry) return std::nullopt;
  ProcessFigures process;
  process.pid = getpid();
  process.started = entry->started;
  process.program = std::move(entry->program);
  return process;
}

Result<void, FileError> write_metrics(const fs::path& folder, const ProcessFigures& process) {
  const auto write = [&]() -> Result<void, FileError> {
    BOOST_OUTCOME_TRY(prepare_folder(folder, Folder::shared));
    return replace_private_file(folder / name_of(process), view_of(metrics_file_text(process)),
                                Durability::none);
  };
  auto written = write();
  if (!written) {
    written.error().sentence = fmt::format("{}: {}", folder.string(), written.error().sentence);
  }
  return written;
}

FoundMetrics read_metrics(const fs::path& folder) {
  FoundMetrics found;
  std::error_code failure;
  fs::directory_iterator entries(folder, failure);
  if (failure) {
    if (failure != std::errc::no_such_file_or_directory) {
      found.problems.push_back(fmt::format("{}: {}", folder.string(), failure.message()));
    }
    return found;
  }
  for (; entries != fs::directory_iterator(); entries.increment(failure)) {
    if (!is_name(entries->path().filename().string())) continue;
    auto one = read_one(entries->path());
    if (one) {
      found.processes.push_back(std::move(one).value());
    } else {
      found.problems.push_back(std::move(one).error());
    }
  }
  std::ranges::sort(found.processes, {}, [](const FoundProcess& process) {
    return std::pair(process.figures.pid, process.figures.started);
  });
  return found;
}

void remove_old_metrics(const fs::path& folder) {
  std::vector<FoundProcess> ended = read_metrics(folder).processes;
  std::erase_if(ended, [](const FoundProcess& process) {
    return process.state != ProcessState::ended || process.owner != geteuid();
  });
  if (ended.size() <= kMostEndedProcesses) return;
  std::ranges::sort(ended, std::greater<>(),
                    [](const FoundProcess& process) { return process.figures.written; });
  for (std::size_t i = kMostEndedProcesses; i < ended.size(); ++i) {
    ::unlink(ended.at(i).file.c_str());
  }
}

}  // namespace signet::transport
