// What a member has seen since it started, for tests that count.
#ifndef SIGNET_SOFTHSM_BACKEND_COUNTERS_H_
#define SIGNET_SOFTHSM_BACKEND_COUNTERS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <string>

#include "common/mutex.h"
#include "softhsm-backend/native/json_body.h"

namespace signet::emulator {

// Thread-safe. The control interface's own requests count as connections, handshakes and raw bytes,
// never as requests or request bytes.
struct Counters {
  std::atomic<std::uint64_t> connections{0};  // accepted
  std::atomic<std::int64_t> open_connections{0};
  std::atomic<std::uint64_t> handshakes_full{0};
  std::atomic<std::uint64_t> handshakes_resumed{0};
  std::atomic<std::uint64_t> handshakes_failed{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> request_bytes{0};   // header and body, decrypted
  std::atomic<std::uint64_t> response_bytes{0};  // header and body, before encryption
  std::atomic<std::uint64_t> raw_bytes_read{0};  // as they came from TCP
  std::atomic<std::uint64_t> raw_bytes_written{0};
  std::atomic<std::uint64_t> faults_met{0};
  // From a request's last byte read to its answer's first byte written, summed over `answers`.
  std::atomic<std::uint64_t> answers{0};
  std::atomic<std::uint64_t> service_nanoseconds{0};

  void count_request(const std::string& route);
  void count_handshake(const std::string& protocol_and_cipher);
  Json to_json() const;

 private:
  mutable Mutex mutex_;
  std::map<std::string, std::uint64_t> by_route_ SIGNET_GUARDED_BY(mutex_);
  std::map<std::string, std::uint64_t> by_cipher_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_COUNTERS_H_
