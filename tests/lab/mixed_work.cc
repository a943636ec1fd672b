#include "tests/lab/mixed_work.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "tests/support/x509.h"

namespace signet::tests {
namespace {

// Calls are refused at once while both members are known to be down. Callers wait then, or one outage
// of a second would use up all operations.
constexpr Milliseconds kPauseInOutage{300};

Milliseconds since(SteadyTime began) {
  return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began);
}

// Six signatures in ten, and so on.
Work kind_of(int number) {
  constexpr std::array<Work, 10> turn = {Work::sign,     Work::sign, Work::sign,        Work::read,
                                         Work::generate, Work::sign, Work::certificate, Work::sign,
                                         Work::read,     Work::sign};
  return turn.at(static_cast<std::size_t>(number) % turn.size());
}

}  // namespace

std::string reader_label(int worker) {
  return fmt::format("reader {}", worker);
}

void Ledger::took(Work work, Milliseconds span) {
  const std::lock_guard lock(mutex_);
  auto& slowest = slowest_.at(static_cast<std::size_t>(work));
  slowest = std::max(slowest, span);
  ++counts_.at(static_cast<std::size_t>(work));
}

void Ledger::failed(const char* function, CK_RV code) {
  const std::lock_guard lock(mutex_);
  failures_.push_back({function, code});
}

void Ledger::signed_(SignedCall call) {
  const std::lock_guard lock(mutex_);
  signatures_.push_back(std::move(call));
}

void Ledger::made_key(const std::string& label, const Bytes& point) {
  const std::lock_guard lock(mutex_);
  keys_[label] = {point, true};
}

void Ledger::made_certificate(const std::string& label, const Bytes& der, bool acknowledged) {
  const std::lock_guard lock(mutex_);
  certificates_[label] = {der, acknowledged};
}

std::map<std::string, Ledger::Made> Ledger::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

MixedWorker::MixedWorker(const Module& module, const Laboratory& lab, int worker, Bytes signer_key,
                         std::uint64_t seed, Ledger& ledger)
    : module_(module),
      lab_(lab),
      signer_key_(std::move(signer_key)),
      random_(seed),
      ledger_(ledger),
      session_(module),
      reader_(module, reader_label(worker)),
      signer_(session_.find_one({CKO_PRIVATE_KEY, "signer", {}})) {}

template <typename Call>
bool MixedWorker::timed(Work work, const char* function, Call call) {
  const auto began = std::chrono::steady_clock::now();
  CK_RV code = CKR_OK;
  try {
    call();
  } catch (const CryptokiError& error) {
    code = error.code();
  }
  ledger_.took(work, since(began));
  if (code != CKR_OK) ledger_.failed(function, code);
  if (code == CKR_DEVICE_REMOVED) std::this_thread::sleep_for(kPauseInOutage);
  return code == CKR_OK;
}

void MixedWorker::sign(int number) {
  timed(Work::sign, "C_Sign", [&] {
    auto call = sign_once(session_, signer_, fmt::format("mixed message {}", number));
    const CK_RV code = call.code;
    ledger_.signed_(std::move(call));
    expect_ok(code, "C_Sign");
  });
}

void MixedWorker::generate(int number) {
  const auto label = fmt::format("key {}", number);
  const Bytes id = copy_of(view_of(label));
  const bool made = timed(Work::generate, "C_GenerateKeyPair",
                          [&] { session_.generate(KeyKind::p256, label, id); });
  if (!made) return;
  const auto key = session_.find_one({CKO_PUBLIC_KEY, {}, id});
  ledger_.made_key(label, session_.attribute(key, CKA_EC_POINT));
}

void MixedWorker::store_certificate(int number) {
  const auto label = fmt::format("certificate {}", number);
  const Bytes der = certificate_for(signer_key_, label);
  const bool stored = timed(Work::certificate, "C_CreateObject", [&] {
    session_.write_certificate(der, label, copy_of(view_of("signer's certificates")));
  });
  ledger_.made_certificate(label, der, stored);
}

// Logs in to a token of its own, which reads the whole list, and looks for a key made before.
void MixedWorker::read() {
  const auto known = ledger_.keys();
  const bool read =
      timed(Work::read, "C_Login", [&] { expect_ok(reader_.try_login(lab_.pin()), "C_Login"); });
  if (!read) return;
  if (!known.empty()) {
    const auto wanted =
        std::next(known.begin(), between(random_, 0, static_cast<int>(known.size()) - 1));
    const auto key = reader_.find_one({CKO_PUBLIC_KEY, wanted->first, {}});
    EXPECT_EQ(reader_.attribute(key, CKA_EC_POINT), wanted->second.content) << wanted->first;
  }
  expect_ok(module_->C_Logout(reader_.handle()), "C_Logout");
}

void MixedWorker::run(std::atomic<int>& begun, int operations) {
  for (int number = begun++; number < operations; number = begun++) {
    switch (kind_of(number)) {
      case Work::sign:
        sign(number);
        break;
      case Work::generate:
        generate(number);
        break;
      case Work::certificate:
        store_certificate(number);
        break;
      case Work::read:
        read();
        break;
    }
  }
}

}  // namespace signet::tests
