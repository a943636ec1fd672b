#include "bench/figures.h"

#include <boost/json.hpp>
#include <ctime>
#include <fstream>
#include <stdexcept>

namespace signet::bench {

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

std::uint64_t processor_nanoseconds(int process) {
  constexpr std::uint64_t per_second = 1'000'000'000;
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) {
    throw std::runtime_error("no processor time of process " + std::to_string(process));
  }
  return static_cast<std::uint64_t>(time.tv_sec) * per_second +
         static_cast<std::uint64_t>(time.tv_nsec);
}

// The control interface lies beside the contract's own path.
ApplianceCounters::ApplianceCounters(const std::string& url)
    : client_(url.substr(0, url.find("/dsa/")) + "/x-emulator/v1") {}

ApplianceFigures ApplianceCounters::read() {
  const auto counters = boost::json::parse(client_.get("/counters"));
  const auto& handshakes = counters.at("handshakes");
  const auto& service = counters.at("service");
  return {.requests = value_to<std::uint64_t>(counters.at("requests")),
          .handshakes = value_to<std::uint64_t>(handshakes.at("full")) +
                        value_to<std::uint64_t>(handshakes.at("resumed")),
          .answers = value_to<std::uint64_t>(service.at("answers")),
          .service_microseconds = value_to<std::uint64_t>(service.at("microseconds"))};
}

}  // namespace signet::bench
