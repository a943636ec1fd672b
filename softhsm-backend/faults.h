// Faults that the next requests and handshakes meet, queued by tests. Each member has its own
// queue.
#ifndef SIGNET_SOFTHSM_BACKEND_FAULTS_H_
#define SIGNET_SOFTHSM_BACKEND_FAULTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/mutex.h"
#include "softhsm-backend/message.h"
#include "softhsm-backend/native/json_body.h"

namespace signet::emulator {

struct Fault {
  enum class Kind {
    delay,            // waits `ms`
    status,           // answers `status`
    cut,              // ends the connection after `after_bytes` of the body
    stall,            // says nothing for `ms`, then ends the connection
    reset,            // TCP reset
    drip,             // a byte of the answer every `ms`
    bad_json,         // an answer that is not JSON
    oversize,         // an answer of `after_bytes` bytes
    wrong_signature,  // `signature_fault`
    certificate,      // the next handshakes show another certificate: `variant`
    close,            // ends the connection after a whole answer, unannounced
    dialect,          // what one dialect does wrong: `variant`
    xml_bomb,         // XML whose entities grow without bound where they are expanded
    answer_place,     // SOAP: the signature stands where it usually does not
  };
  Kind kind = Kind::delay;
  std::string method;       // empty: any
  std::string path_prefix;  // of the request target, such as "/dsa/v1/keys"; empty: any
  std::int64_t ms = 0;
  unsigned status = 503;
  std::string sapi_code;
  std::string detail;  // of a status, for people; empty: the dialect's usual text
  std::optional<std::int64_t> retry_after;  // seconds
  std::size_t after_bytes = 0;
  bool after_processing = false;  // the request is carried out, then its answer meets the fault
  std::int64_t times = 1;         // 0: until the queue is cleared
  std::string variant;            // "backup" or "foreign"; names of signature and dialect faults
  std::optional<SignatureFault> signature_fault;
};

// What becomes of an answer that meets the fault; the same where the fault is not about its content.
Answer answer_under(const Fault& fault, Answer answer);

// Thread-safe.
class FaultQueue {
 public:
  // A JSON array of faults, or one; all or none are taken. The number taken.
  Outcome<std::size_t> add(const Json& faults);
  Json list() const;
  void clear();

  // The first in the queue that fits; counts as met.
  std::optional<Fault> next(std::string_view method, std::string_view target);

  // The certificate to show in this handshake, "backup" or "foreign"; nothing: the usual one.
  std::optional<std::string> next_certificate();

 private:
  template <typename Fits>
  std::optional<Fault> take(Fits fits);

  mutable Mutex mutex_;
  std::vector<Fault> faults_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_FAULTS_H_
