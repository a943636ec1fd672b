#include "tests/support/signatures_in_flight.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

namespace signet::tests {

namespace {

using PollClock = std::chrono::steady_clock;

constexpr std::size_t kMostPolls = 1'000'000;
constexpr std::size_t kSignatureSize = 512;
// Where a round over all sessions brought nothing.
constexpr std::chrono::microseconds kPauseOfPoller{300};

CK_UTF8CHAR_PTR sign_name() {
  static CK_UTF8CHAR name[] = "C_Sign";
  return name;
}

}  // namespace

SignaturesInFlight::SignaturesInFlight(const LoadedModule& module, CK_SLOT_ID slot,
                                       std::size_t sessions)
    : module_(module), complete_(module.symbol<CK_C_AsyncComplete>("C_AsyncComplete")) {
  if (complete_ == nullptr) throw std::runtime_error("the module has no C_AsyncComplete");
  pending_polls_.reserve(kMostPolls);
  places_.reserve(sessions);
  for (std::size_t i = 0; i < sessions; ++i) {
    CK_SESSION_HANDLE session = 0;
    expect_ok(module->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_ASYNC_SESSION, nullptr, nullptr,
                                    &session),
              "C_OpenSession");
    places_.push_back({.session = session});
  }
}

SignaturesInFlight::~SignaturesInFlight() {
  for (const Place& place : places_) module_->C_CloseSession(place.session);
}

void SignaturesInFlight::start(Place& place, CK_OBJECT_HANDLE key, Bytes digest,
                               std::size_t number) {
  place.digest = std::move(digest);
  place.signature.resize(kSignatureSize);
  place.number = number;
  CK_MECHANISM ecdsa{CKM_ECDSA, nullptr, 0};
  expect_ok(module_->C_SignInit(place.session, &ecdsa, key), "C_SignInit");
  CK_ULONG size = place.signature.size();
  const CK_RV rv = module_->C_Sign(place.session, place.digest.data(), place.digest.size(),
                                   place.signature.data(), &size);
  if (rv != CKR_PENDING) throw CryptokiError("C_Sign", rv);
  place.under_way = true;
}

bool SignaturesInFlight::poll(Place& place) {
  CK_ASYNC_DATA data{};
  const auto began = PollClock::now();
  const CK_RV rv = complete_(place.session, sign_name(), &data);
  if (rv == CKR_PENDING) {
    if (pending_polls_.size() < kMostPolls) {
      pending_polls_.push_back(
          static_cast<std::uint32_t>((PollClock::now() - began) / std::chrono::nanoseconds(1)));
    }
    return false;
  }
  expect_ok(rv, "C_AsyncComplete");
  place.signature.resize(data.ulValue);
  place.under_way = false;
  return true;
}

void SignaturesInFlight::sign(CK_OBJECT_HANDLE key, std::size_t count, const DigestOf& digest_of,
                              const Done& done) {
  std::size_t begun = 0;
  for (std::size_t under_way = 0; begun < count || under_way > 0;) {
    bool any = false;
    for (Place& place : places_) {
      if (place.under_way && poll(place)) {
        --under_way;
        any = true;
        done(place.number, place.signature);
      }
      if (place.under_way || begun == count) continue;
      start(place, key, digest_of(begun), begun);
      ++begun;
      ++under_way;
      any = true;
    }
    most_under_way_ = std::max(most_under_way_, under_way);
    if (!any) std::this_thread::sleep_for(kPauseOfPoller);
  }
}

}  // namespace signet::tests
