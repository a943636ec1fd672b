// Every fault that the proxies and the emulators know, at random but repeatable from a seed: a
// thread that changes them many times a second.
#ifndef SIGNET_TESTS_LAB_RANDOM_FAULTS_H_
#define SIGNET_TESTS_LAB_RANDOM_FAULTS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <thread>

#include "tests/lab/laboratory.h"

namespace signet::tests {

using Random = std::mt19937_64;

// Uniform, both ends included.
inline int between(Random& random, int least, int most) {
  return std::uniform_int_distribution<int>(least, most)(random);
}

class RandomFaults {
 public:
  // Begins at once.
  RandomFaults(Laboratory& lab, std::uint64_t seed);
  RandomFaults(const RandomFaults&) = delete;
  RandomFaults& operator=(const RandomFaults&) = delete;
  ~RandomFaults();

  // Ends every trouble. What has been done, by kind.
  std::map<std::string, int> stop();

 private:
  void run();
  void disturb(Proxy& proxy);
  void disturb(EmulatorMember& member);
  void note(const std::string& kind) { ++events_[kind]; }

  Laboratory& lab_;
  Random random_;
  std::map<std::string, int> events_;  // touched by the thread, read once it has ended
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_LAB_RANDOM_FAULTS_H_
