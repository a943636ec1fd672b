#include "common/log.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>

#include "common/log_line.h"
#include "common/log_target.h"
#include "common/pid_lock.h"

namespace signet::log {

namespace {

constexpr Level kQuiet = Level::warn;

// Not held while a line is written. This and what follows is constant-initialised and without a destructor: it works
// before any constructor and after every destructor of the host.
constinit PidLock target_lock;

// A target and its users: the log itself while it is the current one, and each thread that is
// writing.
struct SharedTarget {
  explicit SharedTarget(std::unique_ptr<Target> made) : target(std::move(made)) {}

  std::unique_ptr<Target> target;
  unsigned users SIGNET_GUARDED_BY(target_lock) = 1;
};

struct State {
  SharedTarget* current SIGNET_GUARDED_BY(target_lock) = nullptr;  // null: standard error
  std::atomic<Level> level{kQuiet};
};

constinit State state;

void release(SharedTarget* shared) {
  if (shared == nullptr) return;
  MutexLock lock(target_lock);
  const bool last = --shared->users == 0;
  lock.unlock();
  if (last) delete shared;
}

SharedTarget* acquire() {
  const MutexLock lock(target_lock);
  if (state.current != nullptr) ++state.current->users;
  return state.current;
}

void install(SharedTarget* fresh, Level level) {
  MutexLock lock(target_lock);
  SharedTarget* const former = std::exchange(state.current, fresh);
  lock.unlock();
  state.level = level;
  release(former);
}

MadeTarget make_target(const Options& options) {
  if (options.to == "stderr") return make_stderr_target(options.format);
  if (options.to == "syslog") return make_syslog_target(kSyslogSocket, options.format);
  if (options.to == "journald") return make_journal_target(kJournalSocket, options.format);
  return make_file_target(options.to, options.format);
}

void write_entry(const Entry& entry) {
  SharedTarget* const shared = acquire();
  if (shared != nullptr) {
    shared->target->write(entry);
  } else {
    make_stderr_target(Format::text)->write(entry);
  }
  release(shared);
}

}  // namespace

std::optional<Level> level_from(std::string_view name) {
  for (const Level level : {Level::error, Level::warn, Level::info, Level::debug, Level::trace}) {
    if (name == name_of(level)) return level;
  }
  return std::nullopt;
}

std::string open(const Options& options) {
  auto made = make_target(options);
  if (made.has_error()) return made.error();
  install(new SharedTarget(std::move(made).value()), options.level);
  return {};
}

void set_level(Level level) {
  state.level = level;
}

void close() {
  install(nullptr, kQuiet);
}

bool enabled(Level level) {
  return level >= state.level.load(std::memory_order_relaxed);
}

void write(Level level, std::string_view line, std::span<const Field> fields) noexcept {
  if (!enabled(level)) return;
  const int host_errno = errno;
  try {
    write_entry({std::chrono::system_clock::now(), level, getpid(), line, fields});
  } catch (...) {  // no memory for the line: it is lost, the call that it was about goes on
  }
  errno = host_errno;
}

void write_formatted(Level level, fmt::string_view format, fmt::format_args args) noexcept try {
  write(level, fmt::vformat(format, args));
} catch (...) {  // likewise
}

}  // namespace signet::log
