// Threads that sign without a pause worth mentioning, each in a session of its own, and what they
// saw.
#ifndef SIGNET_TESTS_LAB_SIGNING_THREADS_H_
#define SIGNET_TESTS_LAB_SIGNING_THREADS_H_

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/clock.h"
#include "tests/support/emulator_member.h"
#include "tests/support/module.h"
#include "tests/support/signed_call.h"

namespace signet::tests {

class SigningThreads {
 public:
  // They begin at once. `pause`: after each signature.
  SigningThreads(const Module& module, const std::string& pin, int threads, Milliseconds pause);
  SigningThreads(const SigningThreads&) = delete;
  SigningThreads& operator=(const SigningThreads&) = delete;
  ~SigningThreads();

  // Signatures made so far.
  int successes() const { return successes_; }

  // Ends the work and gives every call, in the order of their beginnings.
  std::vector<SignedCall> stop();

 private:
  void work(int worker);

  const int number_;  // so that every message of a process is another one
  const Module& module_;
  const std::string pin_;
  const Milliseconds pause_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> successes_ = 0;
  std::mutex mutex_;  // guards calls_
  std::vector<SignedCall> calls_;
  std::vector<std::thread> threads_;
};

Milliseconds slowest(const std::vector<SignedCall>& calls);

// How many calls ended with each code.
std::map<CK_RV, int> by_code(const std::vector<SignedCall>& calls);

// What became of the journal's entries.
struct Reconciled {
  std::size_t handed_out = 0;  // to callers, and verified
  std::size_t unheard = 0;     // signed for calls that failed before they heard of it
};

// Expects that each signature handed out is good, and that the journal holds it exactly once; a
// failed call may have left one entry there, never two; nothing else is in the journal.
Reconciled expect_reconciled(const std::vector<SignedCall>& calls,
                             const std::vector<JournalEntry>& journal, const Bytes& certificate);

// A certificate for the public key "signer" of the token, to verify with.
Bytes signer_certificate(const Module& module, const std::string& pin);

// Waits until the condition holds; false after `longest`.
bool comes_true(Milliseconds longest, const std::function<bool()>& condition);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_LAB_SIGNING_THREADS_H_
