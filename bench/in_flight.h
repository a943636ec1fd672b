// One thread with many signatures in flight, through asynchronous sessions, beside threads that wait.
#ifndef SIGNET_BENCH_IN_FLIGHT_H_
#define SIGNET_BENCH_IN_FLIGHT_H_

#include <boost/json/object.hpp>
#include <cstddef>

#include "bench/module_bench.h"

namespace signet::bench {

struct InFlightOptions {
  std::size_t number = 256;  // in flight, or threads
  bool threads = false;      // as many threads that wait, in place of one that does not
  std::size_t signatures = 2'000;
};

// Signatures per second and processor time of this process for one, after a first round that opens the connections. Of one thread also how
// long those C_AsyncComplete took that answered CKR_PENDING. ECDSA keys only. The module is $SIGNET_MODULE. Throws where
// something fails.
boost::json::object measure_in_flight(const ModuleOptions& options, const InFlightOptions& wanted);

}  // namespace signet::bench

#endif  // SIGNET_BENCH_IN_FLIGHT_H_
