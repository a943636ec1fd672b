// A program in which things run out:
//
//   exhaustion_host memory STRIDE FIRST   one life of the module for each allocation that fails, the
//                                         FIRST, the STRIDEth after it, and so on, until none fails
//   exhaustion_host drought STRIDE FIRST  the same, but from there on a hundred in a row fail
//   exhaustion_host descriptors MOST      lives with no descriptor left, and up to MOST, at every call
//   exhaustion_host disk FOLDER           a life whose log, cache and figures lie in FOLDER, on a disk
//                                         that is full
//
// $SIGNET_CONFIG names the configuration, $SIGNET_TEST_PIN has the PIN; one token with the P-256 key
// "signer". It prints what calls answered, and ends with 1 where something is not as it should be.
#include <execinfo.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "tests/exhaustion/failing_malloc.h"
#include "tests/exhaustion/life.h"

namespace signet::tests {
namespace {

constexpr unsigned kLifeSeconds = 60;  // one that hangs is ended by SIGALRM
constexpr long kDrought = 100;

// How a child that tries one life ends, beside 0.
constexpr int kNothingFailed = 10;
constexpr int kWrong = 11;
constexpr int kLeaked = 12;
constexpr int kStartLost = 13;  // OpenSSL has lost one of its once-only starts
constexpr int kTheirCrash =
    14;  // OpenSSL or libcurl went on without the memory that it did not get

std::string pin_of_environment() {
  const char* pin = std::getenv("SIGNET_TEST_PIN");
  return pin == nullptr ? std::string() : pin;
}

// In the child: where it crashed, and which allocation had failed. Not signal-safe in general; this
// process is lost anyway.
void tell_crash(int signal) {
  std::array<void*, 60> frames{};
  const int depth = backtrace(frames.data(), static_cast<int>(frames.size()));
  dprintf(STDERR_FILENO, "crashed with signal %d at:\n", signal);
  backtrace_symbols_fd(frames.data(), depth, STDERR_FILENO);
  dprintf(STDERR_FILENO, "after this allocation had failed:\n");
  print_first_failure();
  if (failed_in_once_only_start()) _exit(kStartLost);
  _exit(crashed_where_failed(std::span(frames).first(static_cast<std::size_t>(depth)))
            ? kTheirCrash
            : 128 + signal);
}

// Runs `body` in a child and gives its exit status, or 128 and a signal's number.
int in_child(const std::function<int()>& body) {
  static_cast<void>(std::fflush(nullptr));
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("cannot fork");
  if (pid == 0) {
    alarm(kLifeSeconds);
    for (const int bad : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) {
      static_cast<void>(signal(bad, tell_crash));
    }
    int status = kWrong;
    try {
      status = body();
    } catch (const std::exception& error) {
      dprintf(STDERR_FILENO, "%s, after this allocation had failed:\n", error.what());
      print_first_failure();
      if (failed_in_once_only_start()) status = kStartLost;
    }
    static_cast<void>(std::fflush(nullptr));
    _exit(status);
  }
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) throw std::runtime_error("waitpid failed");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// What a call may answer that had no memory or no descriptor. Not the appliance's own words: nobody may
// take a want of this machine for a wrong PIN, a missing key, or an appliance that is off.
const std::set<CK_RV> kOfWant = {CKR_HOST_MEMORY, CKR_DEVICE_ERROR, CKR_GENERAL_ERROR,
                                 CKR_FUNCTION_FAILED};

bool all_of_want(const std::vector<Answered>& failed, const std::string& when) {
  bool good = true;
  for (const auto& [function, code] : failed) {
    fmt::print("answer {} 0x{:x} {}\n", function, code, when);
    if (kOfWant.contains(code)) continue;
    fmt::print(stderr, "{}: {} answered 0x{:x}\n", when, function, code);
    good = false;
  }
  return good;
}

CK_RV counting(const char* /*function*/, const std::function<CK_RV()>& call) {
  const CountedAllocations counted;
  return call();
}

constexpr long kRoom = 8;             // blocks; caches of OpenSSL's that grow at another moment
constexpr long kTheirRoom = 32;       // blocks
constexpr long kOfAContext = 3000;    // blocks; 2,878 were counted
constexpr long kLeastOfALife = 1000;  // allocations; some tens of thousands are usual

// The failing life, and one in plenty after it. `usual`: the blocks that are alive after two lives in which
// nothing failed.
int try_without_memory(const LoadedModule& module, const AllocationPlan& plan, long usual) {
  const auto pin = pin_of_environment();
  plan_allocations(plan);
  const auto failed = live(module, pin, counting);
  const bool one_failed = allocations_failed() > 0;
  live(module, pin, in_plenty);
  const long alive = blocks_alive();
  const auto when =
      fmt::format("n={} in {}", plan.fail_at, one_failed ? library_of_first_failure() : "-");
  if (!all_of_want(failed, when)) {
    print_first_failure();
    return kWrong;
  }
  if (!one_failed) {
    fmt::print("allocations {} alive {}\n", allocations_counted(), alive);
    return kNothingFailed;
  }
  if (failed.empty()) fmt::print("answer all 0x0 {}\n", when);
  const long more = alive - usual;
  if (more <= kRoom) return 0;
  // Not ours to mend: an error path of OpenSSL or libcurl that forgets a block or two of its own. What we
  // forget to give back to them is more: a connection is hundreds of blocks.
  const bool theirs = failed_in_library() && more <= kTheirRoom + contexts_lost() * kOfAContext;
  fmt::print("{} {}: {} blocks more than usual are alive after two lives\n",
             theirs ? "theirs" : "LEAK", when, more);
  if (theirs) return 0;
  print_first_failure();
  return kLeaked;
}

// Of a program in which nothing failed, as a child finds it.
long usual_blocks(const LoadedModule& module) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  in_child([&] {
    plan_allocations({});
    live(module, pin_of_environment(), counting);
    if (allocations_counted() < kLeastOfALife) {
      throw std::runtime_error("the module's allocations do not come through this program");
    }
    live(module, pin_of_environment(), in_plenty);
    const long alive = blocks_alive();
    return write(ends[1], &alive, sizeof alive) == sizeof alive ? 0 : kWrong;
  });
  close(ends[1]);
  long usual = 0;
  const bool told = read(ends[0], &usual, sizeof usual) == sizeof usual;
  close(ends[0]);
  if (!told) throw std::runtime_error("the life in which nothing fails came to no good end");
  return usual;
}

int run_out_of_memory(long stride, long first, long how_many) {
  const LoadedModule module;
  const long usual = usual_blocks(module);
  std::map<int, int> ends;
  int status = 0;
  for (long n = first; status != kNothingFailed; n += stride) {
    status = in_child([&] { return try_without_memory(module, {n, how_many}, usual); });
    ++ends[status];
    if (status != 0 && status != kNothingFailed) fmt::print("life n={} ended with {}\n", n, status);
  }
  for (const auto& [end, count] : ends) fmt::print("{} lives ended with {}\n", count, end);
  ends.erase(0);
  ends.erase(kNothingFailed);
  ends.erase(kStartLost);  // nothing that a module can mend
  ends.erase(kTheirCrash);
  return ends.empty() ? 0 : 1;
}

// --- Descriptors --------------------------------------------------------------------------------

// While it lives, this process can open so many more.
class FewDescriptors {
 public:
  explicit FewDescriptors(long left) {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest_free = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(lowest_free);
    rlimit limit = before_;
    limit.rlim_cur = static_cast<rlim_t>(lowest_free + left);
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
};

int run_out_of_descriptors(long most_left) {
  const LoadedModule module;
  int calls = 1;
  bool good = true;
  for (long left = 0; left <= most_left; ++left) {
    for (int at = 0; at <= calls; ++at) {  // 0: at all of them
      int number = 0;
      const auto when = fmt::format("with {} descriptors left at call {}", left, at);
      const int status = in_child([&] {
        const auto failed = live(module, pin_of_environment(),
                                 [&](const char*, const std::function<CK_RV()>& call) {
                                   if (++number != at && at != 0) return call();
                                   const FewDescriptors few(left);
                                   return call();
                                 });
        live(module, pin_of_environment(), in_plenty);
        if (!all_of_want(failed, when)) return kWrong;
        return number > 100 ? 100 : number;
      });
      if (status < 20 || status > 100) {
        fmt::print(stderr, "{}: the life ended with {}\n", when, status);
        good = false;
      } else {
        calls = status;
      }
    }
  }
  fmt::print("{} calls, each with 0 to {} descriptors left\n", calls, most_left);
  return good ? 0 : 1;
}

// --- The disk -----------------------------------------------------------------------------------

// A file system of its own with 64 KiB, where the system lets us; else files that may not grow.
bool mount_small_disk(const std::string& folder) {
  return unshare(CLONE_NEWNS) == 0 &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("signet-test", folder.c_str(), "tmpfs", MS_NOSUID | MS_NODEV,
               "size=64k,mode=0700") == 0;
}

void fill_disk(const std::string& folder) {
  const int file = open((folder + "/filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const std::array<char, 512> block{};
  while (write(file, block.data(), block.size()) > 0) {
  }
  close(file);
}

void limit_files(rlim_t most) {
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = most;
  setrlimit(RLIMIT_FSIZE, &limit);
}

int run_out_of_disk(const std::string& folder) {
  const LoadedModule module;
  const bool own_disk = mount_small_disk(folder);
  const auto pin = pin_of_environment();
  if (own_disk) {
    fill_disk(folder);
  } else {
    limit_files(0);  // SIGXFSZ stays as it is: the module has to see to it
  }
  fmt::print(stderr, "{}\n", own_disk ? "a full tmpfs of 64 KiB" : "RLIMIT_FSIZE is 0");
  const auto failed = live(module, pin, in_plenty);
  if (own_disk) {
    unlink((folder + "/filler").c_str());
  } else {
    limit_files(RLIM_INFINITY);
  }
  const auto after = live(module, pin, in_plenty);
  // What goes well is not logged.
  expect_ok(module.initialize(), "C_Initialize");
  const CK_RV refused = module->C_CloseSession(CK_INVALID_HANDLE);
  expect_ok(module->C_Finalize(nullptr), "C_Finalize");
  if (refused != CKR_SESSION_HANDLE_INVALID)
    throw std::runtime_error("C_CloseSession took no session");
  struct stat log {};
  if (stat((folder + "/log").c_str(), &log) != 0 || log.st_size == 0) {
    fmt::print(stderr, "nothing is logged once there is room again\n");
    return 1;
  }
  const auto empty = [&](const char* name) {
    std::error_code none;
    return std::filesystem::is_empty(folder + name, none) || none;
  };
  if (empty("/cache") || empty("/figures")) {
    fmt::print(stderr, "no cache or no figures are written once there is room again\n");
    return 1;
  }
  fmt::print("{} and {} calls failed\n", failed.size(), after.size());
  return failed.empty() && after.empty() ? 0 : 1;
}

int run(const std::vector<std::string>& words) {
  const auto number = [&](std::size_t i) { return std::stol(words.at(i)); };
  if (words.at(0) == "memory") return run_out_of_memory(number(1), number(2), 1);
  if (words.at(0) == "drought") return run_out_of_memory(number(1), number(2), kDrought);
  if (words.at(0) == "descriptors") return run_out_of_descriptors(number(1));
  if (words.at(0) == "disk") return run_out_of_disk(words.at(1));
  return 2;
}

}  // namespace
}  // namespace signet::tests

int main(int count, char** words) {
  try {
    return signet::tests::run({words + 1, words + count});
  } catch (const std::exception& error) {
    dprintf(STDERR_FILENO, "%s\n", error.what());
    return 3;
  }
}
