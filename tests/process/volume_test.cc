// Many signatures over random messages, verified by OpenSSL in a process that has never seen the
// module. Among enough of them r, s and RSA signatures begin with zero bytes.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <mutex>
#include <random>
#include <thread>

#include "common/testing/scratch_folder.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/module.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

constexpr unsigned kThreads = 16;
constexpr std::size_t kMessageSize = 32;

// One signature in 256 begins with a zero byte. From so many on, that none does is less likely than
// one in ten thousand millions.
constexpr unsigned kEnoughForZeros = 6'000;

struct Batch {
  const char* label;
  CK_MECHANISM_TYPE mechanism;
  unsigned count;
};

bool all_of_them() {
  return getenv("SIGNET_TEST_ALL_SIGNATURES") != nullptr;
}

std::vector<Batch> batches() {
  const unsigned scale = all_of_them() ? 50 : 1;
  return {{"p256", CKM_ECDSA_SHA256, 1'900 * scale},
          {"p384", CKM_ECDSA_SHA256, 50 * scale},
          {"p521", CKM_ECDSA_SHA256, 50 * scale},
          {"rsa", CKM_SHA256_RSA_PKCS, 400 * scale}};
}

// The file that the verifier reads.
class Records {
 public:
  explicit Records(const std::filesystem::path& file) : out_(file) {}

  void add_key(const char* name, const Bytes& spki) {
    out_ << "key " << name << ' ' << to_hex(spki) << '\n';
  }

  void add_signature(const char* name, const Bytes& message, const Bytes& signature) {
    const std::string line =
        fmt::format("signature {} {} {}\n", name, to_hex(message), to_hex(signature));
    const std::lock_guard lock(mutex_);
    out_ << line;
  }

  void close() { out_.close(); }

 private:
  std::mutex mutex_;
  std::ofstream out_;
};

Bytes random_message(std::mt19937_64& random) {
  Bytes message(kMessageSize);
  std::ranges::generate(message, [&] { return static_cast<std::uint8_t>(random()); });
  return message;
}

// Until `left` has reached zero.
void sign_many(const Module& module, const Batch& batch, std::atomic<int>& left, Records& records) {
  Session session(module);
  const auto key = session.find_one({CKO_PRIVATE_KEY, batch.label, {}});
  std::mt19937_64 random(std::random_device{}());
  while (left-- > 0) {
    const Bytes message = random_message(random);
    records.add_signature(batch.label, message, session.sign(batch.mechanism, key, message));
  }
}

void sign_batch(const Module& module, const Batch& batch, Records& records) {
  std::atomic<int> left = static_cast<int>(batch.count);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      try {
        sign_many(module, batch, left, records);
      } catch (const std::exception& error) {
        left = 0;
        ADD_FAILURE() << batch.label << ": " << error.what();
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

void sign_all(const Emulator& emulator, const std::filesystem::path& file) {
  const Module module;
  Session session(module);
  session.login(emulator.pin());
  Records records(file);
  for (const auto& batch : batches()) {
    const auto key = session.find_one({CKO_PRIVATE_KEY, batch.label, {}});
    records.add_key(batch.label, session.attribute(key, CKA_PUBLIC_KEY_INFO));
  }
  for (const auto& batch : batches()) {
    const auto begun = std::chrono::steady_clock::now();
    sign_batch(module, batch, records);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
    std::cout << fmt::format("{}: {} signatures, {:.0f} a second\n", batch.label, batch.count,
                             batch.count / taken.count());
  }
  records.close();
}

TEST(VolumeTest, EverySignatureVerifiesInAProcessWithoutTheModule) {
  const Emulator emulator({"ec:P-256:p256", "ec:P-384:p384", "ec:P-521:p521", "rsa:2048:rsa"});
  use_config(emulator.client_config());
  const ScratchFolder dir;
  sign_all(emulator, dir / "signatures");

  const std::string counted =
      output_of({SIGNET_TEST_SIGNATURE_VERIFIER_HOST, (dir / "signatures").string()});
  std::cout << counted;
  unsigned ecdsa = 0;
  unsigned rsa = 0;
  unsigned wrong = 1;
  unsigned zero_r = 0;
  unsigned zero_s = 0;
  unsigned zero_rsa = 0;
  ASSERT_EQ(std::sscanf(counted.c_str(), "ecdsa %u rsa %u wrong %u leading-zero r %u s %u rsa %u",
                        &ecdsa, &rsa, &wrong, &zero_r, &zero_s, &zero_rsa),
            6);
  unsigned wanted = 0;
  for (const auto& batch : batches()) wanted += batch.count;
  EXPECT_EQ(ecdsa + rsa, wanted);
  EXPECT_EQ(wrong, 0U);
  EXPECT_TRUE(ecdsa < kEnoughForZeros || (zero_r > 0 && zero_s > 0));
  EXPECT_TRUE(rsa < kEnoughForZeros || zero_rsa > 0);
}

}  // namespace
}  // namespace signet::tests
