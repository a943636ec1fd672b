// A client process of the soak: soak_host KIND NAME RECORDS
//
//   steady    16 threads that do everything at once until SIGTERM; forks among it
//   cycling   initialises, works in 4 threads, finalises under them, unloads, and so on until SIGTERM
//             From SIGUSR1 to SIGUSR2 these two rest: nothing is under way. steady then uses its tokens again and again,
//             so that it keeps no connection once the network is down; cycling has unloaded the module.
//   brief     one short life, which ends as NAME's last digit has it: orderly, without C_Finalize, or
//             killed in the middle of its work
//
// $SIGNET_CONFIG names the configuration, $SIGNET_TEST_PIN has the PIN. The key is "signer". With $SIGNET_SOAK_LEAK a
// descriptor is lost at each rest.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "tests/soak/client.h"
#include "tests/support/figures.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;

constexpr int kSigners = 8;
constexpr int kKeyMakers = 2;
constexpr int kReaders = 2;
constexpr int kCyclingSigners = 4;
constexpr auto kCycle = 2s;
constexpr Milliseconds kBetweenSignatures = 50ms;
constexpr Milliseconds kBetweenLogins = 300ms;
constexpr Milliseconds kBetweenKeys = 500ms;
constexpr Milliseconds kBetweenLooks = 20ms;
constexpr Milliseconds kBetweenForks = 2s;
constexpr unsigned kChildSeconds = 120;  // a child that hangs is ended by SIGALRM

std::atomic<bool> stopping = false;
static_assert(std::atomic<bool>::is_always_lock_free);  // or a signal handler may not touch it

std::atomic<bool> resting = false;

void take_order(int signal) {
  if (signal == SIGTERM) stopping = true;
  if (signal == SIGUSR1) resting = true;
  if (signal == SIGUSR2) resting = false;
}

bool rest_goes_on() {
  return resting && !stopping;
}

void note_rest(const RecordWriter& records) {
  if (std::getenv("SIGNET_SOAK_LEAK") != nullptr) (void)open("/dev/null", O_RDONLY | O_CLOEXEC);
  records.add("rest");
}

std::string pin_of_environment() {
  const char* pin = std::getenv("SIGNET_TEST_PIN");
  return pin == nullptr ? std::string() : pin;
}

CK_OBJECT_HANDLE signer_of(Session& session) {
  return session.find_one({CKO_PRIVATE_KEY, "signer", {}});
}

class Threads {
 public:
  explicit Threads(const Client& client) : client_(client) {}
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  int count() const { return static_cast<int>(threads_.size()); }
  ~Threads() {
    for (auto& thread : threads_) thread.join();
  }

  // Threads with a session of their own each, in the token with that label.
  void add(const std::string& who, const std::string& token, Milliseconds pause,
           const std::function<void(Session&, int number)>& turn) {
    threads_.emplace_back([this, who, token, pause, turn] {
      std::unique_ptr<Session> session;
      client_.go_on(who, pause, [&](int number) {
        if (!session) session = std::make_unique<Session>(client_.module(), token);
        turn(*session, number);
      });
    });
  }

 private:
  const Client& client_;
  std::vector<std::thread> threads_;
};

void add_signers(Threads& threads, const Client& client, int count) {
  for (int i = 0; i < count; ++i) {
    const auto who = fmt::format("signer{}", i);
    threads.add(who, "seal", kBetweenSignatures, [&client, who](Session& session, int number) {
      client.sign(session, signer_of(session), who, number);
    });
  }
}

// What a forked child does: it ends without C_Finalize every second time, as most children do.
int live_as_child(const Client& client, int number) {
  alarm(kChildSeconds);
  try {
    expect_ok(client.module().initialize(), "C_Initialize");
    {
      Session session(client.module());
      client.log_in(session);
      const auto who = fmt::format("child{}", number);
      for (int i = 0; i < 3; ++i) client.sign(session, signer_of(session), who, i);
    }
    if (number % 2 == 0) expect_ok(client.module()->C_Finalize(nullptr), "C_Finalize");
    return 0;
  } catch (const CryptokiError& error) {
    return stopping ? 0 : static_cast<int>(error.code() & 0x7fU);
  } catch (const std::exception& error) {
    dprintf(STDERR_FILENO, "child %d: %s\n", number, error.what());
    return 1;
  }
}

void fork_once(const Client& client, int number) {
  static_cast<void>(std::fflush(nullptr));
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("cannot fork");
  if (pid == 0) _exit(live_as_child(client, number));
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) throw std::runtime_error("waitpid failed");
  client.note(
      fmt::format("child {}", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)));
}

void add_everything_else(Threads& threads, const Client& client) {
  for (int i = 0; i < kChurners; ++i) {
    const auto who = fmt::format("churner{}", i);
    threads.add(who, churn_label(i), kBetweenLogins, [&client, who](Session& session, int number) {
      client.log_in_sign_and_out(session, who, number);
    });
  }
  for (int i = 0; i < kKeyMakers; ++i) {
    const auto who = fmt::format("keys{}", i);
    threads.add(who, "seal", kBetweenKeys, [&client, who](Session& session, int number) {
      client.make_and_destroy_key(session, who, number);
    });
  }
  threads.add("certificates", "seal", kBetweenKeys, [&client](Session& session, int number) {
    client.store_and_destroy_certificate(session, "certificates", number);
  });
  for (int i = 0; i < kReaders; ++i) {
    threads.add(fmt::format("reader{}", i), "seal", kBetweenLooks,
                [&client](Session& session, int) { client.look_around(session); });
  }
  threads.add("forks", "seal", kBetweenForks,
              [&client](Session&, int number) { fork_once(client, number); });
}

void use_every_token(const Client& client, Session& keeper, int number) {
  client.sign(keeper, signer_of(keeper), "rest", number);
  for (int i = 0; i < kChurners; ++i) {
    Session session(client.module(), churn_label(i));
    client.log_in_sign_and_out(session, fmt::format("rest{}", i), number);
  }
}

// While the threads pause.
void rest(const Client& client, const RecordWriter& records, Session& keeper) {
  static int number = 0;
  note_rest(records);
  while (rest_goes_on()) {
    try {
      use_every_token(client, keeper, ++number);
    } catch (const CryptokiError&) {  // the network is down
    }
  }
}

void live_steadily(const RecordWriter& records, const std::string& name) {
  const Module module;
  Pause pause_of_threads;
  const Client client(module, records, name, pin_of_environment(), stopping, pause_of_threads);
  Session keeper(module);
  client.log_in(keeper);
  Threads threads(client);
  add_signers(threads, client, kSigners);
  add_everything_else(threads, client);
  while (!stopping) {
    if (resting) {
      pause_of_threads.begin();
      while (pause_of_threads.workers() < threads.count() && !stopping)
        std::this_thread::sleep_for(10ms);
      rest(client, records, keeper);
      pause_of_threads.end();
    }
    records.add(fmt::format("heap {}", current_figures().heap_bytes));
    std::this_thread::sleep_for(500ms);
  }
}

// One life of the module, finalised while its threads are inside calls.
void live_once(const RecordWriter& records, const std::string& name) {
  const LoadedModule module;
  expect_ok(module.initialize(), "C_Initialize");
  Pause never;
  const Client client(module, records, name, pin_of_environment(), stopping, never);
  auto keeper = std::make_unique<Session>(module);
  client.log_in(*keeper);
  Threads threads(client);
  add_signers(threads, client, kCyclingSigners);
  std::this_thread::sleep_for(kCycle);
  expect_ok(module->C_Finalize(nullptr), "C_Finalize");
}

void live_in_cycles(const RecordWriter& records, const std::string& name) {
  for (int cycle = 0; !stopping; ++cycle) {
    try {
      live_once(records, fmt::format("{}.{}", name, cycle));
    } catch (const CryptokiError&) {
      if (!stopping) throw;
    }
    records.add(fmt::format("heap {}", current_figures().heap_bytes));
    if (resting) note_rest(records);
    while (rest_goes_on()) std::this_thread::sleep_for(10ms);
  }
}

// Never comes back.
[[noreturn]] void live_briefly(const RecordWriter& records, const std::string& name) {
  enum class End { orderly, without_finalize, killed };
  const auto end = static_cast<End>((name.back() - '0') % 3);
  if (end == End::orderly) {
    live_once(records, name);
    std::exit(0);
  }
  // These may not be destroyed: threads are at work in them when the process ends.
  const auto* const module = new LoadedModule;
  expect_ok((*module).initialize(), "C_Initialize");
  const auto* const client =
      new Client(*module, records, name, pin_of_environment(), stopping, *new Pause);
  auto* const keeper = new Session(*module);
  client->log_in(*keeper);
  add_signers(*new Threads(*client), *client, kCyclingSigners);
  std::this_thread::sleep_for(kCycle);
  if (end == End::killed) raise(SIGKILL);
  _exit(0);
}

int run(const std::string& kind, const std::string& name, const std::string& file) {
  const RecordWriter records(file);
  if (kind == "steady") live_steadily(records, name);
  if (kind == "cycling") live_in_cycles(records, name);
  if (kind == "brief") live_briefly(records, name);
  return 0;
}

}  // namespace
}  // namespace signet::tests

int main(int count, char** words) {
  if (count != 4) return 2;
  for (const int order : {SIGTERM, SIGUSR1, SIGUSR2}) signal(order, signet::tests::take_order);
  try {
    return signet::tests::run(words[1], words[2], words[3]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", words[2], error.what());
    return 3;
  }
}
