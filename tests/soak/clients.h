// The client processes of the soak: two that live as long as it, and one brief life after the other.
#ifndef SIGNET_TESTS_SOAK_CLIENTS_H_
#define SIGNET_TESTS_SOAK_CLIENTS_H_

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "common/clock.h"
#include "tests/soak/results.h"
#include "tests/support/process.h"

namespace signet::tests {

inline constexpr const char* kSteady = "steady";
inline constexpr const char* kCycling = "cycling";

class Clients {
 public:
  // They begin at once, with $SIGNET_CONFIG and $SIGNET_TEST_PIN as they are now. Their records lie in
  // `folder` and are read into `results`.
  Clients(std::filesystem::path folder, Results& results);
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;
  ~Clients();

  // Of a process that lives on.
  pid_t id(const std::string& name) const { return processes_.at(name)->id(); }

  // From rest() to go_on() nothing is under way; false where that does not come about in time.
  bool rest(Milliseconds patience);
  void go_on();

  // Ends all of them; each bad end fails the test, with what the process has said.
  void stop();

 private:
  std::unique_ptr<Process> start(const std::string& kind, const std::string& name);
  void check_end(const std::string& name, int status, int also_good) const;
  void live_briefly();
  void signal_all(int signal) const;

  const std::filesystem::path folder_;
  Results& results_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> resting_ = false;
  std::atomic<bool> brief_rests_ = false;
  std::map<std::string, std::unique_ptr<Process>> processes_;
  std::thread brief_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SOAK_CLIENTS_H_
