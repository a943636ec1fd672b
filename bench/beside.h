// The module, the bare request with a verification and the bare request alone, in one process and in
// turns, so that whatever the machine does meanwhile meets all three.
#ifndef SIGNET_BENCH_BESIDE_H_
#define SIGNET_BENCH_BESIDE_H_

#include <boost/json/object.hpp>
#include <cstddef>
#include <map>
#include <string>

#include "bench/floor_bench.h"
#include "bench/module_bench.h"

namespace signet::bench {

struct BesideOptions {
  std::size_t threads = 1;
  double seconds = 3;                // for each of them, all its turns together
  std::size_t turn_signatures = 20;  // of each thread; a turn ends at either limit
  double turn_milliseconds = 250;
  std::size_t warm_up = 16;  // signatures of each thread and contender before the first turn
  std::string counters_url;  // the appliance itself, past any delay
  std::map<std::string, int> processes;  // others whose processor time is told: name and process id
};

// For each of "module", "verified" and "bare", and for the contract's own request "rawVerified" and "raw": percentiles of all its signatures, the median of its
// turns' rates, requests, the mean service time at the appliance, and processor time by process.
// Throws where something fails.
boost::json::object measure_beside(const BesideOptions& options, const ModuleOptions& module,
                                   const FloorOptions& floor);

}  // namespace signet::bench

#endif  // SIGNET_BENCH_BESIDE_H_
