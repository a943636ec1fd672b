// The floor: the very request that a signature is, sent by bare libcurl over kept-open connections,
// and one verification of each signature.
#ifndef SIGNET_BENCH_FLOOR_BENCH_H_
#define SIGNET_BENCH_FLOOR_BENCH_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bench/work.h"

namespace signet::bench {

struct FloorOptions {
  std::string url;  // "https://127.0.0.1:8081/dsa/v1"
  std::string user = "seal";
  std::string key;  // label
  std::string pin;
  bool rsa = false;
  bool verify = true;
};

// Throws where something fails.
nlohmann::json measure_floor(const FloorOptions& options, const Work& work);

}  // namespace signet::bench

#endif  // SIGNET_BENCH_FLOOR_BENCH_H_
