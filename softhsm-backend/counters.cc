#include "softhsm-backend/counters.h"

namespace signet::emulator {

void Counters::count_request(const std::string& route) {
  ++requests;
  const MutexLock lock(mutex_);
  ++by_route_[route];
}

void Counters::count_handshake(const std::string& protocol_and_cipher) {
  const MutexLock lock(mutex_);
  ++by_cipher_[protocol_and_cipher];
}

Json Counters::to_json() const {
  constexpr std::uint64_t nanoseconds_per_microsecond = 1'000;
  boost::json::object routes;
  boost::json::object ciphers;
  {
    const MutexLock lock(mutex_);
    for (const auto& [route, count] : by_route_) routes[route] = count;
    for (const auto& [cipher, count] : by_cipher_) ciphers[cipher] = count;
  }
  return {{"connections", connections.load()},
          {"openConnections", open_connections.load()},
          {"handshakes",
           {{"full", handshakes_full.load()},
            {"resumed", handshakes_resumed.load()},
            {"failed", handshakes_failed.load()}}},
          {"handshakesByCipher", ciphers},
          {"requests", requests.load()},
          {"requestsByRoute", routes},
          {"requestBytes", request_bytes.load()},
          {"responseBytes", response_bytes.load()},
          {"rawBytesRead", raw_bytes_read.load()},
          {"rawBytesWritten", raw_bytes_written.load()},
          {"service",
           {{"answers", answers.load()},
            {"microseconds", service_nanoseconds.load() / nanoseconds_per_microsecond}}},
          {"faultsMet", faults_met.load()}};
}

}  // namespace signet::emulator
