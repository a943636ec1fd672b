// The appliance dies without warning in the middle of work: what it acknowledged is not lost.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

#include "crypto/base64.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/module.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

constexpr int kThreads = 20;
constexpr int kRounds = 10;  // each a key generation and a signature: 200 of both
constexpr int kAcknowledgedBeforeTheKill = 60;  // of the 400
constexpr auto kDowntime = std::chrono::milliseconds(500);

// What the module said was done, and how it failed where it did not.
class Outcome {
 public:
  void key_made(const Bytes& id) {
    const std::lock_guard lock(mutex_);
    keys_.push_back(id);
    ++acknowledged_;
  }
  void signed_digest(const std::string& digest) {
    const std::lock_guard lock(mutex_);
    digests_.push_back(digest);
    ++acknowledged_;
  }
  void failed(CK_RV code) {
    const std::lock_guard lock(mutex_);
    ++failures_[code];
  }

  int acknowledged() const { return acknowledged_; }
  // The rest is read after every worker has ended.
  const std::vector<Bytes>& keys() const { return keys_; }
  const std::vector<std::string>& digests() const { return digests_; }
  const std::map<CK_RV, int>& failures() const { return failures_; }

 private:
  std::mutex mutex_;
  std::atomic<int> acknowledged_ = 0;
  std::vector<Bytes> keys_;
  std::vector<std::string> digests_;
  std::map<CK_RV, int> failures_;
};

void work(const Module& module, const std::string& pin, int worker, Outcome& outcome) {
  Session session(module);
  session.login(pin);
  const auto signer = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
  for (int round = 0; round < kRounds; ++round) {
    const std::string name = fmt::format("worker {} round {}", worker, round);
    const Bytes id = copy_of(view_of(name));
    try {
      session.generate(KeyKind::p256, name, id);
      outcome.key_made(id);
    } catch (const CryptokiError& error) {
      outcome.failed(error.code());
    }
    try {
      session.sign(CKM_ECDSA_SHA256, signer, id);
      outcome.signed_digest(crypto::to_base64(sha256(id)));
    } catch (const CryptokiError& error) {
      outcome.failed(error.code());
    }
  }
}

void work_while_the_appliance_dies(Emulator& emulator, Outcome& outcome) {
  const Module module;
  Session session(module);
  session.login(emulator.pin());
  std::vector<std::thread> workers;
  for (int worker = 0; worker < kThreads; ++worker) {
    workers.emplace_back([&, worker] { work(module, emulator.pin(), worker, outcome); });
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (outcome.acknowledged() < kAcknowledgedBeforeTheKill &&
         std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  emulator.kill();
  std::this_thread::sleep_for(kDowntime);
  emulator.start();
  for (auto& worker : workers) worker.join();
}

TEST(KillTest, NothingAcknowledgedIsLostWhenTheApplianceIsKilled) {
  Emulator emulator({"ec:P-256:signer"});
  use_config(emulator.client_config());
  Outcome outcome;
  work_while_the_appliance_dies(emulator, outcome);

  EXPECT_GE(outcome.acknowledged(), kAcknowledgedBeforeTheKill);
  for (const auto& [code, count] : outcome.failures()) {
    EXPECT_TRUE(code == CKR_DEVICE_ERROR || code == CKR_DEVICE_REMOVED)
        << count << " times " << fmt::format("0x{:08x}", code);
  }
  const Module module;
  Session session(module);
  session.login(emulator.pin());
  for (const auto& id : outcome.keys()) {
    EXPECT_EQ(session.find({CKO_PRIVATE_KEY, {}, id}).size(), 1U) << text_of(id);
  }
  std::map<std::string, int> journalled;
  for (const auto& entry : emulator.journal()) ++journalled[entry.digest];
  for (const auto& digest : outcome.digests()) EXPECT_EQ(journalled[digest], 1) << digest;
}

}  // namespace
}  // namespace signet::tests
