#include "tests/lab/signing_threads.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "crypto/base64.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

std::atomic<int> crews_made = 0;

SteadyTime crew_now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

SigningThreads::SigningThreads(const Module& module, const std::string& pin, int threads,
                               Milliseconds pause)
    : number_(++crews_made), module_(module), pin_(pin), pause_(pause) {
  for (int worker = 0; worker < threads; ++worker) {
    threads_.emplace_back([this, worker] {
      try {
        work(worker);
      } catch (const std::exception& error) {
        ADD_FAILURE() << "thread " << worker << ": " << error.what();
      }
    });
  }
}

SigningThreads::~SigningThreads() {
  stop();
}

void SigningThreads::work(int worker) {
  Session session(module_);
  session.login(pin_);
  const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
  for (int round = 0; !stopping_; ++round) {
    auto call = sign_once(session, key,
                          fmt::format("signers {} thread {} message {}", number_, worker, round));
    if (call.code == CKR_OK) ++successes_;
    {
      const std::lock_guard lock(mutex_);
      calls_.push_back(std::move(call));
    }
    std::this_thread::sleep_for(pause_);
  }
}

std::vector<SignedCall> SigningThreads::stop() {
  stopping_ = true;
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  auto calls = std::exchange(calls_, {});
  std::ranges::sort(calls, {}, &SignedCall::began);
  return calls;
}

Milliseconds slowest(const std::vector<SignedCall>& calls) {
  const auto found = std::ranges::max_element(calls, {}, &SignedCall::took);
  return found == calls.end() ? Milliseconds(0) : found->took;
}

std::map<CK_RV, int> by_code(const std::vector<SignedCall>& calls) {
  std::map<CK_RV, int> counts;
  for (const auto& call : calls) ++counts[call.code];
  return counts;
}

Reconciled expect_reconciled(const std::vector<SignedCall>& calls,
                             const std::vector<JournalEntry>& journal, const Bytes& certificate) {
  std::unordered_map<std::string, std::vector<std::string_view>> journalled;  // by digest
  for (const auto& entry : journal) journalled[entry.digest].push_back(entry.signature);
  Reconciled found;
  for (const auto& call : calls) {
    const auto& entries = journalled[crypto::to_base64(sha256(view_of(call.message)))];
    if (call.code != CKR_OK) {
      EXPECT_LE(entries.size(), 1U) << call.message;
      found.unheard += entries.size();
      continue;
    }
    ++found.handed_out;
    EXPECT_TRUE(certificate_verifies(certificate, view_of(call.message), call.signature))
        << "a wrong signature was handed out for " << call.message;
    EXPECT_EQ(entries.size(), 1U) << call.message;
    if (entries.empty()) continue;
    EXPECT_EQ(entries.front(), crypto::to_base64(call.signature)) << call.message;
  }
  EXPECT_EQ(found.handed_out + found.unheard, journal.size())
      << "the journal has entries that nobody asked for";
  return found;
}

Bytes signer_certificate(const Module& module, const std::string& pin) {
  Session session(module);
  session.login(pin);
  const auto key = session.find_one({CKO_PUBLIC_KEY, "signer", {}});
  return certificate_for(p256_public_key(session.attribute(key, CKA_EC_POINT)), "Signer");
}

bool comes_true(Milliseconds longest, const std::function<bool()>& condition) {
  const SteadyTime end = crew_now() + longest;
  while (!condition()) {
    if (crew_now() > end) return false;
    std::this_thread::sleep_for(Milliseconds(20));
  }
  return true;
}

}  // namespace signet::tests
