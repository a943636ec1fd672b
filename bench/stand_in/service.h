// The calls of the appliance's contract that a login and a signature need, without a socket.
//
// A stand-in and no emulator: one account, a fixed list of keys, no journal, no checks but the account's. JSON is read by
// looking for the words that a signature needs: a parser would cost as much as the signature.
#ifndef SIGNET_BENCH_STAND_IN_SERVICE_H_
#define SIGNET_BENCH_STAND_IN_SERVICE_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/stand_in/key.h"

namespace signet::bench {

// One whole request, in the connection's buffer.
struct StandInRequest {
  std::string_view method;
  std::string_view path;           // as sent
  std::string_view authorization;  // the header's value; empty: none
  std::string_view body;
};

// Used by all connections.
class StandInService {
 public:
  StandInService(const std::vector<std::string>& key_types, const std::string& user,
                 const std::string& pin);

  std::size_t keys() const { return keys_.size(); }
  const StandInKey& key(std::size_t number) const { return keys_.at(number); }

  // The body; `status` is the HTTP status. `signers` are the connection's own, one for each key.
  std::string answer(const StandInRequest& request, std::vector<StandInSigner>& signers,
                     int& status);

  void count_handshake() { ++handshakes_; }

 private:
  std::string sign(const StandInRequest& request, std::vector<StandInSigner>& signers, int& status);
  std::string counters() const;

  std::vector<StandInKey> keys_;
  std::string authorization_;
  std::string user_;
  std::string objects_;
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> handshakes_{0};
  std::atomic<std::uint64_t> nanoseconds_{0};
};

}  // namespace signet::bench

#endif  // SIGNET_BENCH_STAND_IN_SERVICE_H_
