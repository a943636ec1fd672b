// A host that becomes a daemon with the module at work: it closes all descriptors, as closefrom(3) does, and opens its own,
// which get the numbers of the module's. None of them may be read, written or closed by anybody else, and every call
// comes back in time:
//
//   daemon files|pipes|sockets|nonblocking here|child ROUNDS
//
// "here": the same process goes on with its session. "child": it forks, and the child closes, opens and initialises.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "common/open_file.h"
#include "tests/process/hosts/host.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;

constexpr int kFirst = 3;
constexpr int kOwn = 40;  // descriptors, more than the module ever has here
constexpr auto kLongestCall = 5s;
constexpr std::string_view kContent = "the host's own";

// A descriptor of the host's, with something in it.
struct Own {
  int descriptor = -1;
  OpenFile file;

  std::string left() const {  // what is wrong with it; empty: nothing
    if (!(OpenFile::of(descriptor) == file)) return "was closed, or is another's";
    if (S_ISREG(file.mode())) {
      std::array<char, 64> text{};
      const auto size = pread(descriptor, text.data(), text.size(), 0);
      if (std::string_view(text.data(), static_cast<std::size_t>(size)) != kContent)
        return "was written to";
      return lseek(descriptor, 0, SEEK_CUR) == static_cast<off_t>(kContent.size()) ? ""
                                                                                   : "was read";
    }
    int waiting = -1;
    if (ioctl(descriptor, FIONREAD, &waiting) != 0 || waiting < 0) return "cannot be asked";
    return waiting == static_cast<int>(kContent.size())
               ? ""
               : fmt::format("has {} bytes to read", waiting);
  }
};

void write_content(int descriptor) {
  if (write(descriptor, kContent.data(), kContent.size()) != static_cast<ssize_t>(kContent.size()))
    std::abort();
}

class OwnDescriptors {
 public:
  explicit OwnDescriptors(std::string_view kind) {
    while (all_.size() < kOwn) open(kind);
  }
  ~OwnDescriptors() {
    for (const Own& own : all_) close(own.descriptor);
  }
  OwnDescriptors(const OwnDescriptors&) = delete;
  OwnDescriptors& operator=(const OwnDescriptors&) = delete;

  bool are_untouched() const {
    bool good = true;
    for (const Own& own : all_) {
      const std::string wrong = own.left();
      if (wrong.empty()) continue;
      fmt::print(stderr, "the host's descriptor {} {}\n", own.descriptor, wrong);
      good = false;
    }
    return good;
  }

 private:
  void open(std::string_view kind) {
    if (kind == "files") {
      std::array<char, 32> name = {"/tmp/signet-daemon-XXXXXX"};
      const int file = mkostemp(name.data(), O_CLOEXEC);
      unlink(name.data());
      write_content(file);
      return add(file);
    }
    std::array<int, 2> ends{};
    if (kind == "pipes") {
      if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
      write_content(ends[1]);
      return add(ends[0]), add(ends[1]);  // of a pipe, both ends know what is in it
    }
    const int type = SOCK_STREAM | (kind == "nonblocking" ? SOCK_NONBLOCK : 0);
    if (socketpair(AF_UNIX, type, 0, ends.data()) != 0) std::abort();
    write_content(ends[0]);
    write_content(ends[1]);
    add(ends[0]), add(ends[1]);
  }

  void add(int descriptor) { all_.push_back({descriptor, OpenFile::of(descriptor)}); }

  std::vector<Own> all_;
};

// A call that ends well and in time.
template <typename Call>
bool in_time(const char* what, Call call) {
  const auto began = std::chrono::steady_clock::now();
  bool good = true;
  try {
    call();
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", what, error.what());
    good = false;
  }
  if (std::chrono::steady_clock::now() - began < kLongestCall) return good;
  fmt::print(stderr, "{} took too long\n", what);
  return false;
}

void sign(Session& session) {
  session.sign(CKM_ECDSA_SHA256, session.find_one({CKO_PRIVATE_KEY, "p256", {}}), view_of("text"));
}

void close_all() {
  close_range(kFirst, ~0U, 0);
}

bool go_on_here(const LoadedModule& module, Session& session, std::string_view kind) {
  close_all();
  const OwnDescriptors own(kind);
  bool good = in_time("C_Sign", [&] { sign(session); });
  CK_MECHANISM unknown = {CKM_VENDOR_DEFINED, nullptr, 0};  // refused and logged
  (void)module->C_SignInit(session.handle(), &unknown, 1);
  good &= in_time("C_Sign once more", [&] { sign(session); });
  return own.are_untouched() && good;
}

bool begin_in_child(const LoadedModule& module, std::string_view kind) {
  close_all();
  const OwnDescriptors own(kind);
  const bool good = in_time("a child's life", [&] {
    expect_ok(module.initialize(), "C_Initialize");
    {
      Session session(module);
      session.login(pin_of_environment());
      sign(session);
    }
    expect_ok(module->C_Finalize(nullptr), "C_Finalize");
  });
  return own.are_untouched() && good;
}

bool fork_and_begin(const LoadedModule& module, std::string_view kind) {
  const pid_t child = fork();
  if (child == 0) _exit(begin_in_child(module, kind) ? 0 : 1);
  int status = -1;
  return waitpid(child, &status, 0) == child && status == 0;
}

int run(std::string_view kind, std::string_view where, int rounds) {
  alarm(static_cast<unsigned>(30 + 4 * rounds));  // then a call hangs
  const LoadedModule& module = module_for_good();
  Session session(module);
  session.login(pin_of_environment());
  for (int round = 0; round < rounds; ++round) {
    sign(session);
    const bool good =
        where == "here" ? go_on_here(module, session, kind) : fork_and_begin(module, kind);
    if (!good) {
      fmt::print(stderr, "in round {}\n", round);
      return 1;
    }
  }
  OwnDescriptors own(kind);
  expect_ok(module->C_Finalize(nullptr), "C_Finalize");
  return own.are_untouched() ? kOwnStatus : 1;
}

}  // namespace
}  // namespace signet::tests

int main(int count, char** words) {
  return count == 4 ? signet::tests::run(words[1], words[2], std::atoi(words[3])) : 2;
}
