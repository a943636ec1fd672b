// A host that forks while its threads make connections, and whose threads are interrupted while they hold locks, as happens
// under load. No child may find a lock of the whole process taken for good; ends with kOwnStatus where none did.
#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/process/hosts/host.h"

namespace signet::tests {
namespace {

constexpr int kChildFailed = 11;
constexpr int kRounds = 40;
constexpr int kThreads = 4;
constexpr unsigned kEveryThat = 8;  // lock is held longer
constexpr useconds_t kLonger = 500;
constexpr unsigned kChildSeconds = 20;  // SIGALRM ends it then

std::atomic<bool> interrupts{false};
std::atomic<unsigned> taken{0};

using Lock = int (*)(pthread_rwlock_t*);

}  // namespace
}  // namespace signet::tests

// In the place of the system's, for OpenSSL.
extern "C" __attribute__((visibility("default"))) int pthread_rwlock_wrlock(
    pthread_rwlock_t* lock) noexcept {
  using namespace signet::tests;
  static const auto real = reinterpret_cast<Lock>(::dlsym(RTLD_NEXT, "pthread_rwlock_wrlock"));
  const int result = real(lock);
  if (interrupts && ++taken % kEveryThat == 0) ::usleep(kLonger);
  return result;
}

namespace signet::tests {
namespace {

void sign(Session& session) {
  session.sign(CKM_ECDSA_SHA256, session.find_one({CKO_PRIVATE_KEY, "p256", {}}), view_of("text"));
}

int begin_again(const LoadedModule& module) {
  ::alarm(kChildSeconds);
  interrupts = false;
  expect_ok(module.initialize(), "C_Initialize");
  Session session(module);
  session.login(pin_of_environment());
  sign(session);
  return 0;
}

// Each thread begins with a handshake of its own.
bool fork_among_threads(const LoadedModule& module, useconds_t moment) {
  Session session(module);
  session.login(pin_of_environment());
  std::vector<std::thread> threads;
  std::atomic<bool> forked = false;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      Session own(module);
      sign(own);
      // OpenSSL takes the lock at the end of a thread, too, where nobody can keep it from the fork.
      while (!forked) ::usleep(1000);
    });
  }
  ::usleep(moment);
  const pid_t child = ::fork();
  if (child == 0) ::_exit(begin_again(module));
  forked = true;
  for (std::thread& thread : threads) thread.join();
  int status = -1;
  return ::waitpid(child, &status, 0) == child && status == 0;
}

int run() {
  const LoadedModule module;
  interrupts = true;
  for (int i = 0; i < kRounds; ++i) {
    expect_ok(module.initialize(), "C_Initialize");
    const bool good = fork_among_threads(module, static_cast<useconds_t>(i * 997 % 20'000));
    expect_ok(module->C_Finalize(nullptr), "C_Finalize");
    if (!good) return kChildFailed;
  }
  return kOwnStatus;
}

}  // namespace
}  // namespace signet::tests

int main() {
  return signet::tests::run();
}
