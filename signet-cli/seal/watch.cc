#include "signet-cli/seal/watch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "common/descriptor.h"
#include "common/file_stamp.h"
#include "common/log.h"
#include "common/mutex.h"
#include "common/private_file.h"
#include "crypto/openssl.h"
#include "signet-cli/seal/batch.h"
#include "signet-cli/seal/folders.h"
#include "signet-cli/seal/records.h"

namespace signet::cli {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using sealing::Error;
using sealing::Failure;
using sealing::SealResult;
using std::chrono::steady_clock;

constexpr const char* kPending = ".signet-seal";
// Beside a seal that waits: that it is a degraded one, and why.
constexpr const char* kDegraded = ".degraded";
constexpr std::size_t kLongestReason = std::size_t{64} * 1024;  // bytes
constexpr steady_clock::duration kFirstPause = 1s;
constexpr steady_clock::duration kLongestPause = 60s;
// Changes that no event tells of (a network file system) are seen by looking.
constexpr std::chrono::milliseconds kLook = 5s;
constexpr std::chrono::milliseconds kUnsettledLook = 500ms;

std::string shown(const fs::path& path) {
  return printable(path.native());
}

Error cannot(const std::string& what, int why) {
  return {Failure::output, fmt::format("cannot {}: {}", what, system_text(why))};
}

// What becomes of a document after a failure.
enum class Next {
  refuse,     // it is the document's own: to FAILED
  try_again,  // it passes
  stop,       // it concerns every document
};

Next after(const Error& error) {
  switch (error.failure) {
    case Failure::input:
    case Failure::broken:
    case Failure::forbidden:
    case Failure::exists:
      return Next::refuse;
    case Failure::changed:
    case Failure::output:
    case Failure::no_time_stamp:
    case Failure::cancelled:
      return Next::try_again;
    case Failure::token:
      return error.token.reason == pkcs11::Reason::no_answer ||
                     error.token.reason == pkcs11::Reason::failed ||
                     error.token.reason == pkcs11::Reason::bad_signature
                 ? Next::try_again
                 : Next::stop;
    case Failure::settings:
      break;
  }
  return Next::stop;
}

// Whether the next document would fail likewise: what failed is needed by each of them.
bool is_for_all(const Error& error) {
  return error.failure == Failure::no_time_stamp ||
         (error.failure == Failure::token && error.token.reason == pkcs11::Reason::no_answer);
}

// What tells a document from every other: its state, and its name, since one file may have several.
std::optional<std::string> id_of(const fs::path& file) {
  constexpr std::size_t kDigits = 16;
  const auto state = identity_of(file);
  if (!state) return std::nullopt;
  const auto name = crypto::sha256(view_of(file.filename().native()));
  return fmt::format("{}-{}", *state, to_hex(name).substr(0, kDigits));
}

// Nobody has written to it for a while.
bool is_quiet(const fs::path& file) {
  constexpr std::chrono::seconds kWhile{2};
  const std::chrono::nanoseconds modified(FileStamp::of(file).modified);
  return std::chrono::system_clock::now().time_since_epoch() - modified > kWhile;
}

class Watch {
 public:
  Watch(const SealTool& tool, const SealOptions& options, SealReport& report,
        const StopSignal& stop)
      : tool_(tool),
        options_(options),
        report_(report),
        stop_(stop),
        in_(options.watch),
        out_(options.out_dir),
        pending_(out_ / kPending) {}

  SealResult<void> run() {
    BOOST_OUTCOME_TRY(begin());
    BOOST_OUTCOME_TRY(recover());
    while (!stop_.wanted()) {
      read_events();
      auto found = find_ready();
      if (!found && options_.once) return found.error();
      tell_of_folder(found);
      const auto ready = found ? std::move(found).value() : std::vector<fs::path>();
      deliver_rest();
      in_threads(ready.size(), tool_.threads, stop_.wanted(),
                 [&](std::size_t at) { work_on(ready[at]); });
      if (const auto fatal = take_fatal()) return *fatal;
      const bool nothing_now = is_paused() || (ready.empty() && !unsettled_);
      if (options_.once && nothing_now) break;
      if (!stop_.wanted()) wait(ready.empty() || is_paused());
    }
    return success();
  }

 private:
  struct Retry {
    steady_clock::time_point at;
    steady_clock::duration pause = kFirstPause;
    bool is_there = true;  // the document, when the folder was last looked at
  };

  static void put_off(Retry& retry) {
    retry.at = steady_clock::now() + retry.pause;
    retry.pause = std::min(2 * retry.pause, kLongestPause);
  }

  SealResult<void> begin() {
    BOOST_OUTCOME_TRY(open_pending());
    events_ = Descriptor(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    listen();
    return success();
  }

  // Without events the folder is looked at every few seconds.
  void listen() const {
    if (events_) inotify_add_watch(events_.get(), in_.c_str(), IN_MOVED_TO | IN_CLOSE_WRITE);
  }

  // A folder may be gone for a while (a network drive).
  void tell_of_folder(const SealResult<std::vector<fs::path>>& found) {
    if (found && !folder_told_.empty()) listen();
    const std::string now = found ? std::string() : found.error().sentence;
    if (!now.empty() && now != folder_told_) log::warn("{}", now);
    folder_told_ = now;
  }

  SealResult<void> open_pending() {
    if (mkdir(pending_.c_str(), 0700) != 0 && errno != EEXIST)
      return cannot(fmt::format("make \"{}\"", shown(pending_)), errno);
    lock_ = Descriptor(open((pending_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock_) return cannot(fmt::format("write in \"{}\"", shown(pending_)), errno);
    if (flock(lock_.get(), LOCK_EX | LOCK_NB) != 0)
      return Error(Failure::settings,
                   fmt::format("another signet seal --watch delivers into \"{}\"", shown(out_)));
    return success();
  }

  // The folder for one seal. Where all of --out-dir was replaced, with a new one for all of them.
  SealResult<void> make_pending(const fs::path& folder) {
    if (mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return success();
    if (errno != ENOENT) return cannot(fmt::format("make \"{}\"", shown(folder)), errno);
    {
      const MutexLock lock(mutex_);
      BOOST_OUTCOME_TRY(open_pending());
    }
    if (mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return success();
    return cannot(fmt::format("make \"{}\"", shown(folder)), errno);
  }

  // What a killed process left, or a delivery that failed. Not while documents are sealed.
  SealResult<void> recover() {
    std::set<std::string> waiting;
    BOOST_OUTCOME_TRY(const auto documents, entries_of(in_));
    for (const fs::path& document : documents)
      if (auto id = id_of(document)) waiting.insert(*std::move(id));
    BOOST_OUTCOME_TRY(const auto folders, entries_of(pending_));
    std::error_code unknown;
    for (const fs::path& folder : folders) {
      if (!fs::is_directory(folder, unknown)) continue;
      const auto seal = clean(folder);
      if (!seal) {
        remove_pending(folder);
      } else if (!waiting.contains(folder.filename().native())) {
        SealOutcome outcome{(in_ / document_of(*seal)).string(), seal->string()};
        BOOST_OUTCOME_TRY(move_out(*seal, outcome));
        remove_pending(folder);
        report_.add(outcome);
      }
    }
    return success();
  }

  // The seal that waits in there, without what was not finished: names with a dot in front.
  static std::optional<fs::path> clean(const fs::path& folder) {
    std::optional<fs::path> seal;
    std::error_code error;
    const auto files = entries_of(folder);
    if (!files) return seal;
    for (const fs::path& file : files.value()) {
      const std::string name = file.filename().native();
      if (!name.starts_with('.')) {
        seal = file;
      } else if (name != kDegraded) {
        fs::remove(file, error);
      }
    }
    return seal;
  }

  // Nothing happens while a seal is in there.
  static void remove_pending(const fs::path& folder) {
    std::error_code error;
    fs::remove(folder / kDegraded, error);
    fs::remove(folder, error);
  }

  // The name of the document that a seal was made of.
  static fs::path document_of(const fs::path& seal) {
    return is_for_pades(seal.string(), SealFormat::by_document) ? seal.filename() : seal.stem();
  }

  // Names that were moved in, and are whole. One that was closed after writing may be opened again: it only wakes us.
  void read_events() {
    alignas(inotify_event) char buffer[4096];
    for (;;) {
      const ssize_t got = events_ ? ::read(events_.get(), buffer, sizeof buffer) : -1;
      if (got <= 0) return;
      for (ssize_t at = 0; at < got;) {
        const auto* const event = reinterpret_cast<const inotify_event*>(buffer + at);
        if (event->len > 0 && (event->mask & IN_MOVED_TO) != 0) announced_.insert(event->name);
        at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      }
    }
  }

  SealResult<std::vector<fs::path>> find_ready() {
    std::vector<fs::path> ready;
    unsettled_ = false;
    BOOST_OUTCOME_TRY(const auto files, entries_of(in_));
    const auto now = steady_clock::now();
    for (auto& [name, retry] : retries_) retry.is_there = false;
    for (const fs::path& file : files) {
      const std::string name = file.filename().native();
      if (name.starts_with('.') || !identity_of(file)) continue;
      if (const auto retry = retries_.find(name); retry != retries_.end()) {
        retry->second.is_there = true;
        if (now < retry->second.at) continue;
      }
      // Nobody said that it is whole: not while it may be being written.
      if (!announced_.contains(name) && !is_quiet(file)) {
        unsettled_ = true;
        continue;
      }
      ready.push_back(file);
    }
    announced_.clear();
    std::ranges::sort(ready);
    return ready;
  }

  // Documents that were to be tried again and are gone: taken away, or sealed and moved, and their seals wait.
  void deliver_rest() {
    const auto now = steady_clock::now();
    const auto is_due = [&](const auto& each) {
      return !each.second.is_there && now >= each.second.at;
    };
    if (std::ranges::none_of(retries_, is_due)) return;
    if (recover()) {
      std::erase_if(retries_, is_due);
      return;
    }
    for (auto& each : retries_)
      if (is_due(each)) put_off(each.second);
  }

  void work_on(const fs::path& file) {
    // What concerns every document is found out once: a wrong PIN, tried for each of them, blocks the key.
    if (take_fatal() || is_paused()) return;
    const auto id = id_of(file);
    const auto outcome = id ? seal(file, *id) : std::nullopt;
    if (!outcome) return;
    const std::string name = file.filename().native();
    if (!outcome->error) {
      forget_retry(name);
      end_pauses();
    } else {
      after_failure(file, *id, *outcome->error);
    }
    report_.add(*outcome);
  }

  void after_failure(const fs::path& file, const std::string& id, const Error& error) {
    const std::string name = file.filename().native();
    Next next = after(error);
    // Another document has taken its place meanwhile.
    if (next == Next::refuse && id_of(file) != id) next = Next::try_again;
    if (next == Next::refuse) {
      const auto moved = move_into(file, options_.failed_dir);
      if (moved) {
        forget_retry(name);
        return write_reason(moved.value(), error);
      }
      next = Next::try_again;
    }
    const MutexLock lock(mutex_);
    if (next == Next::stop) {
      if (!fatal_) fatal_ = error;
      return;
    }
    put_off(retries_[name]);
    // Those that were under way together tell of one failure.
    if (is_for_all(error) && steady_clock::now() >= all_.at) put_off(all_);
  }

  bool is_paused() {
    const MutexLock lock(mutex_);
    return steady_clock::now() < all_.at;
  }

  void end_pauses() {
    const MutexLock lock(mutex_);
    all_ = Retry();
  }

  void forget_retry(const std::string& name) {
    const MutexLock lock(mutex_);
    retries_.erase(name);
  }

  static void write_reason(const fs::path& moved, const Error& error) {
    constexpr std::string_view kEnding = ".reason.txt";
    const std::string name = moved.filename().native().substr(0, NAME_MAX - kEnding.size());
    auto out = sealing::Output::file(moved.parent_path() / (name + std::string(kEnding)),
                                     sealing::Output::Existing::replace);
    if (out && out.value().write(view_of(error.sentence + "\n"))) (void)out.value().commit();
  }

  // Nothing: the document is gone, or stop is wanted.
  std::optional<SealOutcome> seal(const fs::path& file, const std::string& id) {
    const bool pades = is_for_pades(file.string(), tool_.format);
    const std::string name = file.filename().native();
    const std::string out_name = pades ? name : sealed_name(name, "", tool_.wish.external);
    SealOutcome outcome{file.string(), (out_ / out_name).string()};
    outcome.external = tool_.wish.external;
    outcome.pades = pades;
    std::error_code unknown;
    const fs::path folder = pending_ / id;
    const fs::path waiting = folder / out_name;
    // One that a killed process had finished serves, and costs no second signature.
    if (!fs::exists(waiting, unknown)) {
      outcome.error = why_refused(pades, out_name);
      if (outcome.error) return outcome;
      if (const auto made = make_pending(folder); !made) {
        outcome.error = made.error();
        return outcome;
      }
      sealing::Control control;
      control.cancelled = &stop_.wanted();
      SealOptions plain;
      plain.reference = options_.reference;
      if (pades) plain.settings = options_.settings;
      SealJob job{file.string(), waiting.string()};
      job.pades = pades;
      // Before the seal is there: whatever finds it finds this, too.
      control.before_delivery = [&folder](const sealing::Sealed& sealed) {
        return sealed.degraded ? keep_reason(folder, sealed.why_degraded) : success();
      };
      auto made = seal_one(tool_, plain, job, control);
      if (made.error) {
        if (!fs::exists(waiting, unknown)) remove_pending(folder);
        if (made.error->failure == Failure::cancelled) return std::nullopt;
        outcome.error = std::move(made.error);
        return outcome;
      }
      outcome.sealed = std::move(made.sealed);
    }
    if (auto failed = deliver(file, id, waiting, outcome)) outcome.error = std::move(failed);
    return outcome;
  }

  // Before anything is done for it.
  std::optional<Error> why_refused(bool pades, const std::string& out_name) const {
    if (const auto option = cades_option_of(tool_); pades && !option.empty())
      return Error(Failure::forbidden,
                   fmt::format("{} was given, and a PDF document is sealed without it", option));
    if (out_name.size() > NAME_MAX)
      return Error(Failure::input, "its name is too long: its seal cannot be named after it");
    std::error_code unknown;
    if (fs::exists(out_ / out_name, unknown))
      return Error(Failure::exists, fmt::format("\"{}\" is there already", shown(out_ / out_name)));
    return std::nullopt;
  }

  std::optional<Error> deliver(const fs::path& file, const std::string& id, const fs::path& waiting,
                               SealOutcome& outcome) {
    const auto changed = [&] {
      std::error_code unknown;
      fs::remove(waiting, unknown);
      remove_pending(waiting.parent_path());
      return Error(Failure::changed,
                   fmt::format("\"{}\" changed while it was sealed", shown(file)));
    };
    const auto sealed = identity_of(file);
    if (id_of(file) != id || !sealed) return changed();
    const auto done = move_into(file, options_.done_dir);
    if (!done) return done.error();
    // Another document took its place at the last moment, and is not sealed.
    if (identity_of(done.value()) != sealed) {
      if (const auto back = move_into(done.value(), in_); !back) return back.error();
      return changed();
    }
    if (const auto moved = move_out(waiting, outcome); !moved) return moved.error();
    remove_pending(waiting.parent_path());
    return std::nullopt;
  }

  // A degraded one is recorded for --resume under the name that it will have, before it has it.
  SealResult<void> move_out(const fs::path& waiting, SealOutcome& outcome) {
    const auto why = reason_in(waiting.parent_path());
    bool is_recorded = true;
    BOOST_OUTCOME_TRY(const auto out, move_into(waiting, out_, [&](const fs::path& to) {
                        if (why) is_recorded = remember_degraded(to.string(), *why);
                      }));
    outcome.out = out.string();
    outcome.status = why ? SealStatus::degraded : SealStatus::sealed;
    if (is_recorded) return success();
    if (outcome.sealed) {
      outcome.sealed->remarks.emplace_back(kNotRemembered);
    } else {
      log::warn("{}: {}", shown(out), kNotRemembered);
    }
    return success();
  }

  static SealResult<void> keep_reason(const fs::path& folder, const std::string& why) {
    const auto kept = replace_private_file(folder / kDegraded, view_of(why), Durability::durable);
    if (kept) return success();
    return Error(Failure::output,
                 fmt::format("cannot write in \"{}\": {}", shown(folder), kept.error().sentence));
  }

  // Why the seal that waits in there is a degraded one; nothing: it is none.
  static std::optional<std::string> reason_in(const fs::path& folder) {
    const auto kept = read_plain_file(folder / kDegraded, kLongestReason);
    if (!kept) return kept.error().sentence;
    if (!kept.value()) return std::nullopt;
    return std::string(text_of(kept.value()->bytes));
  }

  std::optional<Error> take_fatal() {
    const MutexLock lock(mutex_);
    return fatal_;
  }

  void wait(bool idle) {
    auto pause = unsettled_ ? kUnsettledLook : kLook;
    {
      const MutexLock lock(mutex_);
      const auto now = steady_clock::now();
      if (now < all_.at)
        pause = std::min(pause, std::chrono::ceil<std::chrono::milliseconds>(all_.at - now));
      for (const auto& [name, retry] : retries_)
        // One that is due and not settled is looked at as others are.
        pause = std::min(
            pause,
            std::max(kUnsettledLook, std::chrono::ceil<std::chrono::milliseconds>(retry.at - now)));
    }
    if (!idle && (options_.once || retries_.empty())) return;  // others may have come meanwhile
    pollfd wanted[] = {{stop_.descriptor(), POLLIN, 0}, {events_.get(), POLLIN, 0}};
    poll(wanted, events_ ? 2 : 1, static_cast<int>(pause.count()));
  }

  const SealTool& tool_;
  const SealOptions& options_;
  SealReport& report_;
  const StopSignal& stop_;
  const fs::path in_;
  const fs::path out_;
  const fs::path pending_;
  Descriptor lock_;
  Descriptor events_;
  std::set<std::string> announced_;
  std::string folder_told_;  // why the folder cannot be read, as it was told; empty: it can
  bool unsettled_ = false;
  Mutex mutex_;
  std::map<std::string, Retry> retries_;  // by name; changed under mutex_ while threads work
  Retry all_ SIGNET_GUARDED_BY(mutex_);   // of what each document needs
  std::optional<Error> fatal_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace

SealResult<void> check_watch_folders(const SealOptions& options) {
  struct stat first {};
  const std::pair<const char*, const std::string&> folders[] = {
      {"--watch", options.watch},
      {"--out-dir", options.out_dir},
      {"--done-dir", options.done_dir},
      {"--failed-dir", options.failed_dir}};
  std::set<std::pair<dev_t, ino_t>> seen;
  for (const auto& [option, folder] : folders) {
    if (folder.empty())
      return Error(Failure::settings,
                   "--watch needs --out-dir, --done-dir and --failed-dir as well");
    struct stat status {};
    if (stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
      return Error(Failure::settings,
                   fmt::format("{}: \"{}\" is not a folder: make it first", option, folder));
    if (access(folder.c_str(), W_OK | X_OK) != 0)
      return Error(Failure::settings,
                   fmt::format("{}: files cannot be moved in or out of \"{}\": {}", option, folder,
                               system_text(errno)));
    if (!seen.emplace(status.st_dev, status.st_ino).second)
      return Error(Failure::settings,
                   fmt::format("{}: \"{}\" is one of the other folders as well", option, folder));
    if (seen.size() == 1) first = status;
    // --out-dir gets files of its own only.
    const bool moves = std::string_view(option) != "--out-dir";
    if (moves && status.st_dev != first.st_dev)
      return Error(Failure::settings,
                   fmt::format("{}: \"{}\" must be on the file system of \"{}\", so that documents "
                               "can be moved",
                               option, folder, options.watch));
  }
  return success();
}

SealResult<void> watch_folder(const SealTool& tool, const SealOptions& options, SealReport& report,
                              const StopSignal& stop) {
  return Watch(tool, options, report, stop).run();
}

}  // namespace signet::cli
