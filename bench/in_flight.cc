#include "bench/in_flight.h"

#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "bench/figures.h"
#include "bench/work.h"
#include "tests/support/module.h"
#include "tests/support/signatures_in_flight.h"
#include "tests/support/x509.h"

namespace signet::bench {

namespace {

using Clock = std::chrono::steady_clock;

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator open("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(open), end(open)));
}

// The clock's time and the processor's, from here on.
class Spent {
 public:
  boost::json::object report(std::size_t signatures) const {
    const double seconds = std::chrono::duration<double>(Clock::now() - began_).count();
    const auto processor = static_cast<double>(processor_nanoseconds(getpid()) - before_);
    const auto number = static_cast<double>(signatures);
    return {{"signatures", signatures},
            {"perSecond", number / seconds},
            {"processorMicroseconds", processor / 1e3 / number}};
  }

 private:
  const Clock::time_point began_ = Clock::now();
  const std::uint64_t before_ = processor_nanoseconds(getpid());
};

boost::json::object measure_threads(const ModuleOptions& options, const InFlightOptions& wanted) {
  const SigningModule module(options);
  Work work;
  work.threads = wanted.number;
  work.warm_up = 0;
  work.signatures = std::min<std::size_t>(2 * wanted.number, wanted.signatures);
  (void)measure(work, [&] { return module.signer(); });
  work.signatures = wanted.signatures;
  const Spent spent;
  const Timings timings = measure(work, [&] { return module.signer(); });
  return spent.report(timings.nanoseconds.size());
}

boost::json::object measure_flight(const ModuleOptions& options, const InFlightOptions& wanted) {
  const tests::Module module;
  tests::Session session(module, options.token);
  session.login(options.pin);
  const auto key = session.find_one({CKO_PRIVATE_KEY, options.key, {}});
  CK_ULONG count = 0;  // with that the module knows what one request can carry
  tests::expect_ok(module->C_GetMechanismList(module.slot_of(options.token), nullptr, &count),
                   "C_GetMechanismList");
  tests::SignaturesInFlight flight(module, module.slot_of(options.token), wanted.number);
  std::size_t round = 0;
  const auto digest_of = [&](std::size_t number) { return tests::sha256(data_of(round, number)); };
  const auto nothing = [](std::size_t /*number*/, const Bytes& /*signature*/) {};
  flight.sign(key, std::min(2 * wanted.number, wanted.signatures), digest_of, nothing);
  const std::size_t descriptors = open_descriptors();
  const std::size_t memory = resident_kib();
  ++round;
  const std::size_t polled_before = flight.pending_polls().size();
  const Spent spent;
  flight.sign(key, wanted.signatures, digest_of, nothing);
  auto result = spent.report(wanted.signatures);
  std::vector<std::uint64_t> polls(
      flight.pending_polls().begin() + static_cast<std::ptrdiff_t>(polled_before),
      flight.pending_polls().end());
  std::ranges::sort(polls);
  result["mostInFlight"] = flight.most_under_way();
  result["pendingPolls"] = polls.size();
  if (!polls.empty()) result["pendingPollMicroseconds"] = percentiles(polls);
  result["descriptors"] = {descriptors, open_descriptors()};
  result["residentKib"] = {memory, resident_kib()};
  return result;
}

}  // namespace

boost::json::object measure_in_flight(const ModuleOptions& options, const InFlightOptions& wanted) {
  return wanted.threads ? measure_threads(options, wanted) : measure_flight(options, wanted);
}

}  // namespace signet::bench
