// What processes and the emulated appliance tell about themselves.
#ifndef SIGNET_BENCH_FIGURES_H_
#define SIGNET_BENCH_FIGURES_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "bench/https_client.h"

namespace signet::bench {

// Resident memory of this process.
std::size_t resident_kib();

// Processor time of a process since it began, of all its threads, in nanoseconds. Throws where there
// is no such process.
std::uint64_t processor_nanoseconds(int process);

// Of the emulator since it started.
struct ApplianceFigures {
  std::uint64_t requests = 0;
  std::uint64_t handshakes = 0;
  std::uint64_t answers = 0;
  std::uint64_t service_microseconds = 0;  // summed over `answers`
};

// The emulator's control interface over one connection. Asking is counted nowhere but in its
// connections and its handshakes.
class ApplianceCounters {
 public:
  // `url`: the appliance's base URL; "https://127.0.0.1:8081/dsa/v1".
  explicit ApplianceCounters(const std::string& url);

  ApplianceFigures read();

 private:
  HttpsClient client_;
};

}  // namespace signet::bench

#endif  // SIGNET_BENCH_FIGURES_H_
