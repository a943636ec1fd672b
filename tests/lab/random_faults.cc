#include "tests/lab/random_faults.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <exception>

namespace signet::tests {
namespace {

using Path = Conditions::Path;

struct NetworkTrouble {
  const char* name;
  Conditions (*make)(Random&);
};

constexpr std::array<NetworkTrouble, 7> kNetworkTroubles = {{
    {"latency",
     [](Random& random) -> Conditions {
       return {.latency = Milliseconds(between(random, 10, 300))};
     }},
    {"bandwidth",
     [](Random& random) -> Conditions {
       return {.bytes_per_second = static_cast<std::size_t>(between(random, 5'000, 100'000))};
     }},
    {"drip",
     [](Random& random) -> Conditions { return {.drip = Milliseconds(between(random, 1, 5))}; }},
    {"cut",
     [](Random& random) -> Conditions {
       return {.cut_after = static_cast<std::size_t>(between(random, 0, 5'000))};
     }},
    {"stall", [](Random&) -> Conditions { return {.path = Path::stalled}; }},
    {"black hole", [](Random&) -> Conditions { return {.path = Path::black_hole}; }},
    {"reset", [](Random&) -> Conditions { return {.path = Path::reset}; }},
}};

template <std::size_t count>
const char* one_of(Random& random, const std::array<const char*, count>& choices) {
  return choices.at(static_cast<std::size_t>(between(random, 0, static_cast<int>(count) - 1)));
}

std::string status_fault(Random& random) {
  constexpr std::array<int, 6> statuses = {429, 500, 502, 503, 504, 404};
  const int status = statuses.at(static_cast<std::size_t>(between(random, 0, 5)));
  return fmt::format(R"("status": {}, "retryAfter": {})", status, between(random, 0, 1));
}

// The members of a fault of this kind, JSON without its braces.
std::string details(Random& random, const std::string& kind) {
  if (kind == "delay") return fmt::format(R"("ms": {})", between(random, 10, 2'000));
  if (kind == "stall") return fmt::format(R"("ms": {})", between(random, 100, 3'000));
  if (kind == "drip") return fmt::format(R"("ms": {})", between(random, 1, 5));
  if (kind == "cut") return fmt::format(R"("afterBytes": {})", between(random, 0, 300));
  if (kind == "status") return status_fault(random);
  if (kind == "certificate") {
    constexpr std::array<const char*, 2> variants = {"backup", "foreign"};
    return fmt::format(R"("variant": "{}")", one_of(random, variants));
  }
  if (kind == "wrong-signature") {
    constexpr std::array<const char*, 4> variants = {"bit-flip", "other-key", "other-digest",
                                                     "short"};
    return fmt::format(R"("variant": "{}", "match": {{"path_prefix": "/dsa/v1/keys/"}})",
                       one_of(random, variants));
  }
  return {};
}

constexpr std::array<const char*, 11> kApplianceFaults = {
    "delay",    "status",   "cut",         "stall",           "reset", "drip",
    "bad-json", "oversize", "certificate", "wrong-signature", "close"};

bool has_two_moments(const std::string& kind) {
  return kind == "delay" || kind == "status" || kind == "stall" || kind == "reset";
}

}  // namespace

RandomFaults::RandomFaults(Laboratory& lab, std::uint64_t seed) : lab_(lab), random_(seed) {
  thread_ = std::thread([this] {
    try {
      run();
    } catch (const std::exception& error) {
      ADD_FAILURE() << "the random faults have ended: " << error.what();
    }
  });
}

RandomFaults::~RandomFaults() {
  if (thread_.joinable()) stop();
}

std::map<std::string, int> RandomFaults::stop() {
  stopping_ = true;
  thread_.join();
  lab_.primary_proxy().heal();
  lab_.alternate_proxy().heal();
  lab_.primary().clear_faults();
  lab_.alternate().clear_faults();
  return events_;
}

void RandomFaults::disturb(Proxy& proxy) {
  // Half of the time the network is good.
  const int choice = between(random_, 0, 2 * static_cast<int>(kNetworkTroubles.size()));
  if (choice < static_cast<int>(kNetworkTroubles.size())) {
    const auto& trouble = kNetworkTroubles.at(static_cast<std::size_t>(choice));
    proxy.set(trouble.make(random_));
    note(std::string("network: ") + trouble.name);
    return;
  }
  proxy.heal();
  if (choice % 3 != 0) return;
  proxy.forget_connections();
  note("network: half-open");
}

void RandomFaults::disturb(EmulatorMember& member) {
  const std::string kind = one_of(random_, kApplianceFaults);
  std::string fault = fmt::format(R"("kind": "{}", "times": {})", kind, between(random_, 1, 3));
  if (const auto more = details(random_, kind); !more.empty()) fault += ", " + more;
  if (has_two_moments(kind)) {
    fault += fmt::format(R"(, "after_processing": {})", between(random_, 0, 1) == 1);
  }
  member.queue_faults("{" + fault + "}");
  note("appliance: " + kind);
}

void RandomFaults::run() {
  while (!stopping_) {
    const bool primary = between(random_, 0, 1) == 0;
    if (between(random_, 0, 1) == 0) {
      disturb(primary ? lab_.primary_proxy() : lab_.alternate_proxy());
    } else {
      for (int i = 0; i < 2; ++i) disturb(primary ? lab_.primary() : lab_.alternate());
    }
    std::this_thread::sleep_for(Milliseconds(between(random_, 20, 120)));
  }
}

}  // namespace signet::tests
