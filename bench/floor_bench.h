// The floors: the very request that a signature is, sent by bare libcurl or by OpenSSL alone over kept-open connections, and one
// verification of each signature.
#ifndef SIGNET_BENCH_FLOOR_BENCH_H_
#define SIGNET_BENCH_FLOOR_BENCH_H_

#include <boost/json/object.hpp>
#include <memory>
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
  // A request of another dialect, sent in place of the contract's: its URL in the first line, headers, an empty line, the
  // body, in which {digest} stands for the digest in base64. Empty: the contract's.
  std::string request_file;
};

// One key of the appliance, looked up once. Throws where something fails.
class Floor {
 public:
  explicit Floor(FloorOptions options);

  // With a connection of its own, opened by its first signature. Outlives the Floor.
  Signer signer(bool verify) const;

  // The same by OpenSSL alone (raw_connection.h). The contract's request only.
  Signer raw_signer(bool verify) const;

 private:
  Signer prepared_signer(bool verify) const;

  struct Target;
  std::shared_ptr<const Target> target_;
};

// Makes `keys` P-256 keys with a certificate each, labelled "bulk N", by several threads. By bare
// requests: a module would read its growing list again for each of them.
void fill_appliance(const FloorOptions& options, std::size_t keys);

boost::json::object measure_floor(const FloorOptions& options, const Work& work);

}  // namespace signet::bench

#endif  // SIGNET_BENCH_FLOOR_BENCH_H_
