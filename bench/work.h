// Many threads that sign for a while, and how long each signature took.
#ifndef SIGNET_BENCH_WORK_H_
#define SIGNET_BENCH_WORK_H_

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/bytes.h"

namespace signet::bench {

// One thread's way of signing: called with fresh data until the work is over. Throws where a
// signature fails, which ends the measurement.
using Signer = std::function<void(const Bytes& data)>;

struct Work {
  std::size_t threads = 1;
  std::size_t signatures = 1'000;  // of all threads together, after the warm-up
  double seconds = 60;             // or until this time is over
  std::size_t warm_up = 16;        // signatures of each thread that are not counted
};

struct Timings {
  double seconds = 0;                      // of all threads together, on the clock
  std::vector<std::uint64_t> nanoseconds;  // one a signature, sorted
};

// `make_signer` is called in each thread, before the clock starts. No memory is taken while the
// clock runs.
Timings measure(const Work& work, const std::function<Signer()>& make_signer);

// Rates, and percentiles in microseconds.
boost::json::object report(const Work& work, const Timings& timings);

// Of sorted nanoseconds, in microseconds: p50, p95, p99, p99.9, max.
boost::json::object percentiles(const std::vector<std::uint64_t>& sorted_nanoseconds);

// Different for every signature, so that nobody can answer from memory.
Bytes data_of(std::size_t thread, std::size_t number);

}  // namespace signet::bench

#endif  // SIGNET_BENCH_WORK_H_
