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

// What a file's name says; nothing where it is none of ours.
struct NamedProcess {
  pid_t pid = 0;
  std::uint64_t started = 0;
};

std::optional<NamedProcess> process_in(std::string_view name) {
  constexpr std::string_view begin = "signet-";
  constexpr std::string_view end = ".prom";
  if (!name.starts_with(begin) || !name.ends_with(end)) return std::nullopt;
  const char* const last = name.data() + name.size() - end.size();
  NamedProcess process;
  const auto pid = std::from_chars(name.data() + begin.size(), last, process.pid);
  if (pid.ec != std::errc() || pid.ptr == last || *pid.ptr != '-') return std::nullopt;
  const auto started = std::from_chars(pid.ptr + 1, last, process.started);
  if (started.ec != std::errc() || started.ptr != last) return std::nullopt;
  return process;
}

bool is_running(const NamedProcess& process, unsigned owner) {
  const auto entry = look_up(process.pid);
  return entry && entry->started == process.started && entry->owner == owner;
}

ProcessState state_of(const ProcessFigures& figures, unsigned owner) {
  if (!is_running({figures.pid, figures.started}, owner)) return ProcessState::ended;
  return figures.active ? ProcessState::active : ProcessState::finalized;
}

// A file of that kind of name, as the folder shows it; not opened.
struct Listed {
  fs::path file;
  std::optional<NamedProcess> process;
  unsigned owner = 0;
  std::size_t size = 0;
  std::pair<std::int64_t, long> modified;  // seconds and nanoseconds since 1970
};

// Of a folder in which anybody may make files, no more entries than these are looked at.
constexpr int kMostEntries = 10'000;

struct Listing {
  std::vector<Listed> files;
  std::vector<std::string> problems;
};

Listing list(const fs::path& folder) {
  Listing found;
  std::error_code failure;
  fs::directory_iterator entries(folder, failure);
  for (int count = 0; !failure && entries != fs::directory_iterator(); ++count) {
    if (count == kMostEntries) {
      found.problems.push_back(
          fmt::format("{}: it has more than {} entries, and the others were not looked at",
                      folder.string(), kMostEntries));
      break;
    }
    const fs::path file = entries->path();
    entries.increment(failure);
    const std::string name = file.filename().string();
    struct stat status {};
    if (!name.starts_with("signet-") || !name.ends_with(".prom") ||
        lstat(file.c_str(), &status) != 0) {
      continue;
    }
    found.files.push_back({file,
                           process_in(name),
                           status.st_uid,
                           static_cast<std::size_t>(status.st_size),
                           {status.st_mtim.tv_sec, status.st_mtim.tv_nsec}});
  }
  if (failure && failure != std::errc::no_such_file_or_directory) {
    found.problems.push_back(fmt::format("{}: {}", folder.string(), failure.message()));
  }
  return found;
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
  Listing listing = list(folder);
  FoundMetrics found{.processes = {}, .problems = std::move(listing.problems)};
  // Other users' last: they cannot push ours out.
  std::ranges::sort(listing.files, {}, [](const Listed& one) {
    return std::pair(one.owner != 0 && one.owner != geteuid(), one.file);
  });
  std::size_t bytes = 0;
  std::size_t read = 0;
  for (; read < std::min(listing.files.size(), kMostMetricsFiles); ++read) {
    bytes += listing.files[read].size;
    if (bytes > kMostMetricsBytes) break;
    auto one = read_one(listing.files[read].file);
    if (one) {
      found.processes.push_back(std::move(one).value());
    } else {
      found.problems.push_back(std::move(one).error());
    }
  }
  if (read < listing.files.size()) {
    found.problems.push_back(
        fmt::format("{}: {} files are too many or too large, and were not read", folder.string(),
                    listing.files.size() - read));
  }
  std::ranges::sort(found.processes, {}, [](const FoundProcess& process) {
    return std::pair(process.figures.pid, process.figures.started);
  });
  return found;
}

void remove_old_metrics(const fs::path& folder) {
  std::vector<Listed> ended = list(folder).files;
  std::erase_if(ended, [](const Listed& one) {
    return one.owner != geteuid() || !one.process || is_running(*one.process, one.owner);
  });
  if (ended.size() <= kMostEndedProcesses) return;
  std::ranges::sort(ended, std::greater<>(),
                    [](const Listed& one) { return std::pair(one.modified, one.file); });
  for (std::size_t i = kMostEndedProcesses; i < ended.size(); ++i) {
    ::unlink(ended.at(i).file.c_str());
  }
}

}  // namespace signet::transport
