#include "bench/module_bench.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "tests/support/module.h"
#include "tests/support/x509.h"

namespace signet::bench {

namespace {

using tests::Session;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point began) {
  return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
}

std::size_t resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "VmRSS:") continue;
    std::size_t kib = 0;
    status >> kib;
    return kib;
  }
  return 0;
}

// Loaded and initialised, with the time that each took.
class TimedModule {
 public:
  explicit TimedModule(nlohmann::json& result) {
    const std::size_t before = resident_kib();
    auto began = Clock::now();
    module_.emplace();
    result["loadMilliseconds"] = milliseconds_since(began);
    result["loadResidentKib"] = resident_kib() - before;
    began = Clock::now();
    tests::expect_ok(module_->initialize(), "C_Initialize");
    result["initializeMilliseconds"] = milliseconds_since(began);
  }
  TimedModule(const TimedModule&) = delete;
  TimedModule& operator=(const TimedModule&) = delete;
  ~TimedModule() { (*module_)->C_Finalize(nullptr); }

  const tests::LoadedModule& operator*() const { return *module_; }

 private:
  std::optional<tests::LoadedModule> module_;
};

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

}  // namespace

void fill_token(const ModuleOptions& options, std::size_t keys) {
  constexpr std::size_t kThreads = 8;
  const tests::Module module;
  Session login(module, options.token);
  login.login(options.pin);
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> threads;
  for (std::size_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      Session session(module, options.token);
      for (std::size_t number = next++; number < keys; number = next++) {
        const std::string label = "bulk " + std::to_string(number);
        const Bytes id = copy_of(view_of(label));
        const auto key = session.generate(tests::KeyKind::p256, label, id);
        const Bytes certificate =
            tests::certificate_for(session.attribute(key, CKA_PUBLIC_KEY_INFO), label);
        session.write_certificate(certificate, label, id);
      }
    });
  }
}

nlohmann::json measure_start() {
  nlohmann::json result;
  const TimedModule module(result);
  return result;
}

nlohmann::json measure_module(const ModuleOptions& options, const Work& work) {
  nlohmann::json result;
  const TimedModule module(result);
  Session session(*module, options.token);
  auto began = Clock::now();
  session.login(options.pin);
  result["loginMilliseconds"] = milliseconds_since(began);

  const tests::Wanted wanted{CKO_PRIVATE_KEY, options.key, {}};
  began = Clock::now();
  const auto key = session.find_one(wanted);
  result["firstFindMilliseconds"] = milliseconds_since(began);
  result["findByLabelMicroseconds"] = find_microseconds(session, wanted);
  const Bytes id = session.attribute(key, CKA_ID);
  result["findByIdMicroseconds"] = find_microseconds(session, {CKO_PRIVATE_KEY, {}, id});

  began = Clock::now();
  sign(session, options.rsa, key, Bytes(32, 0));
  result["firstSignatureMilliseconds"] = milliseconds_since(began);

  result["residentKibBefore"] = resident_kib();
  const Timings timings = measure(work, [&]() -> Signer {
    auto own = std::make_shared<Session>(*module, options.token);
    return [own, rsa = options.rsa, key](const Bytes& data) { sign(*own, rsa, key, data); };
  });
  result["residentKibAfter"] = resident_kib();
  result.update(report(work, timings));
  return result;
}

}  // namespace signet::bench
