#include "softhsm-backend/counters.h"

namespace signet::emulator {

void Counters::count_request(const std::string& route) {
  ++requests;
  const std::lock_guard lock(mutex_);
  ++by_route_[route];
}

Json Counters::to_json() const {
  Json routes = Json::object();
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [route, count] : by_route_) routes[route] = count;
  }
  return {{"connections", connections.load()},
          {"openConnections", open_connections.load()},
          {"handshakes",
           {{"full", handshakes_full.load()},
            {"resumed", handshakes_resumed.load()},
            {"failed", handshakes_failed.load()}}},
          {"requests", requests.load()},
          {"requestsByRoute", routes},
          {"requestBytes", request_bytes.load()},
          {"responseBytes", response_bytes.load()},
          {"rawBytesRead", raw_bytes_read.load()},
          {"rawBytesWritten", raw_bytes_written.load()},
          {"faultsMet", faults_met.load()}};
}

}  // namespace signet::emulator
