#include "bench/module_bench.h"

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "bench/figures.h"
#include "tests/support/module.h"
#include "tests/support/x509.h"

namespace signet::bench {

namespace {

using tests::Session;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point began) {
  return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
}

double find_microseconds(Session& session, const tests::Wanted& wanted) {
  constexpr int kTimes = 1'000;
  const auto began = Clock::now();
  for (int i = 0; i < kTimes; ++i) (void)session.find_one(wanted);
  return milliseconds_since(began) * 1'000 / kTimes;
}

// SoftHSMv2 has no ECDSA with a hash, so that is taken outside for every module.
void sign(Session& session, bool rsa, CK_OBJECT_HANDLE key, const Bytes& data) {
  if (rsa) {
    (void)session.sign(CKM_SHA256_RSA_PKCS, key, data);
  } else {
    (void)session.sign(CKM_ECDSA, key, tests::sha256(data));
  }
}

// Makes signers that share the module and its login.
Signer signer_of(const tests::LoadedModule& module, const ModuleOptions& options,
                 CK_OBJECT_HANDLE key) {
  auto own = std::make_shared<Session>(module, options.token);
  return [own, rsa = options.rsa, key](const Bytes& data) { sign(*own, rsa, key, data); };
}

// Resident memory while signatures are made: after the first thousand and then twenty times on the
// way to `signatures`.
class MemoryOverTime {
 public:
  explicit MemoryOverTime(std::size_t signatures)
      : step_(std::max<std::size_t>(signatures / 20, 1)),
        thread_([this](const std::stop_token& stop) { watch(stop); }) {}

  void count() { ++made_; }

  boost::json::array stop() {
    thread_.request_stop();
    thread_.join();
    boost::json::array samples;
    for (const auto& [made, kib] : samples_) {
      samples.push_back(boost::json::object{{"signatures", made}, {"residentKib", kib}});
    }
    return samples;
  }

 private:
  void watch(const std::stop_token& stop) {
    constexpr std::size_t first = 1'000;
    constexpr auto pause = std::chrono::milliseconds(5);
    samples_.reserve(32);
    for (std::size_t next = first; !stop.stop_requested(); std::this_thread::sleep_for(pause)) {
      const std::size_t made = made_;
      if (made < next) continue;
      samples_.emplace_back(made, resident_kib());
      next = std::max(next + 1, (made / step_ + 1) * step_);
    }
    samples_.emplace_back(made_, resident_kib());
  }

  const std::size_t step_;
  std::atomic<std::size_t> made_{0};
  std::vector<std::pair<std::size_t, std::size_t>> samples_;
  std::jthread thread_;
};

}  // namespace

struct SigningModule::Parts {
  explicit Parts(ModuleOptions wanted)
      : options(std::move(wanted)), session(module, options.token) {
    session.login(options.pin);
    key = session.find_one({CKO_PRIVATE_KEY, options.key, {}});
  }

  ModuleOptions options;
  tests::Module module;
  Session session;
  CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
};

SigningModule::SigningModule(const ModuleOptions& options)
    : parts_(std::make_unique<const Parts>(options)) {}

SigningModule::~SigningModule() = default;

Signer SigningModule::signer() const {
  return signer_of(parts_->module, parts_->options, parts_->key);
}

boost::json::object measure_module(const ModuleOptions& options, const Work& work) {
  boost::json::object result;
  const tests::Module module;
  Session session(module, options.token);
  auto began = Clock::now();
  session.login(options.pin);
  result["loginMilliseconds"] = milliseconds_since(began);

  const tests::Wanted wanted{CKO_PRIVATE_KEY, options.key, {}};
  began = Clock::now();
  const auto key = session.find_one(wanted);
  result["firstFindMilliseconds"] = milliseconds_since(began);
  result["residentKibListed"] = resident_kib();

  std::optional<ApplianceCounters> counters;
  if (!options.counters_url.empty()) counters.emplace(options.counters_url);
  const std::uint64_t requests = counters ? counters->read().requests : 0;
  result["findByLabelMicroseconds"] = find_microseconds(session, wanted);
  const Bytes id = session.attribute(key, CKA_ID);
  result["findByIdMicroseconds"] = find_microseconds(session, {CKO_PRIVATE_KEY, {}, id});
  if (counters) result["findRequests"] = counters->read().requests - requests;

  began = Clock::now();
  sign(session, options.rsa, key, Bytes(32, 0));
  result["firstSignatureMilliseconds"] = milliseconds_since(began);

  if (work.signatures == 0) return result;  // no more than the first signature

  MemoryOverTime memory(work.signatures);
  const Timings timings = measure(work, [&]() -> Signer {
    return [&memory, sign_one = signer_of(module, options, key)](const Bytes& data) {
      sign_one(data);
      memory.count();
    };
  });
  result["memory"] = memory.stop();
  for (const auto& [name, value] : report(work, timings)) result[name] = value;
  return result;
}

}  // namespace signet::bench
