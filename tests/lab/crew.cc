#include "tests/lab/crew.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tests/support/x509.h"

namespace signet::tests {
namespace {

constexpr std::uint8_t kUntouched = 0xa5;

std::atomic<int> crews_made = 0;

SteadyTime crew_now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

SignedCall sign_once(Session& session, CK_OBJECT_HANDLE key, const std::string& message) {
  SignedCall call{.began = crew_now(), .message = message, .signature = Bytes(128, kUntouched)};
  CK_MECHANISM mechanism = {CKM_ECDSA_SHA256, nullptr, 0};
  expect_ok(session.module()->C_SignInit(session.handle(), &mechanism, key), "C_SignInit");
  Bytes data = copy_of(view_of(message));
  CK_ULONG size = call.signature.size();
  call.code = session.module()->C_Sign(session.handle(), data.data(), data.size(),
                                       call.signature.data(), &size);
  call.took = std::chrono::duration_cast<Milliseconds>(crew_now() - call.began);
  if (call.code == CKR_OK) {
    call.signature.resize(size);
    return call;
  }
  const bool touched =
      std::ranges::any_of(call.signature, [](std::uint8_t byte) { return byte != kUntouched; });
  if (touched) throw std::runtime_error("a failed C_Sign has written to the caller's buffer");
  call.signature.clear();
  return call;
}

Crew::Crew(const Module& module, const std::string& pin, int threads, Milliseconds pause)
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

Crew::~Crew() {
  stop();
}

void Crew::work(int worker) {
  Session session(module_);
  session.login(pin_);
  const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
  for (int round = 0; !stopping_; ++round) {
    auto call = sign_once(session, key,
                          fmt::format("crew {} thread {} message {}", number_, worker, round));
    if (call.code == CKR_OK) ++successes_;
    {
      const std::lock_guard lock(mutex_);
      calls_.push_back(std::move(call));
    }
    std::this_thread::sleep_for(pause_);
  }
}

std::vector<SignedCall> Crew::stop() {
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

void expect_reconciled(const std::vector<SignedCall>& calls,
                       const std::vector<JournalEntry>& journal, const Bytes& certificate) {
  std::map<std::string, std::vector<std::string>> journalled;  // digest → signatures
  for (const auto& entry : journal) journalled[entry.digest].push_back(entry.signature);
  std::size_t accounted_for = 0;
  for (const auto& call : calls) {
    const auto& entries = journalled[base64(sha256(view_of(call.message)))];
    accounted_for += entries.size();
    if (call.code != CKR_OK) {
      EXPECT_LE(entries.size(), 1U) << call.message;
      continue;
    }
    EXPECT_TRUE(certificate_verifies(certificate, view_of(call.message), call.signature))
        << "a wrong signature was handed out for " << call.message;
    ASSERT_EQ(entries.size(), 1U) << call.message;
    EXPECT_EQ(entries.front(), base64(call.signature)) << call.message;
  }
  EXPECT_EQ(accounted_for, journal.size()) << "the journal has entries that nobody asked for";
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
