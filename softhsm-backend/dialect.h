// A dialect that is served beside the REST contract, on the same port and over the same state: the handler gives it the
// requests for its paths, and counts, delays and spoils them as it does the contract's.
#ifndef SIGNET_SOFTHSM_BACKEND_DIALECT_H_
#define SIGNET_SOFTHSM_BACKEND_DIALECT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "softhsm-backend/faults.h"
#include "softhsm-backend/message.h"

namespace signet::emulator {

// Thread-safe.
class Dialect {
 public:
  virtual ~Dialect() = default;

  // Whether a request's target belongs to it.
  virtual bool serves(std::string_view target) const = 0;

  // Bytes that a request's body may have.
  virtual std::uint64_t body_limit() const = 0;

  // Never throws: what goes wrong inside is logged and becomes the dialect's own word for it. An answer with a body has a
  // Content-Type.
  virtual Answer handle(const Request& request) noexcept = 0;

  // The call's name for counters.
  virtual std::string route_name(const Request& request) const = 0;

  // See answer_under() of faults.h; a fault's status in the dialect's own words.
  virtual Answer answer_under_fault(const Request& request, const Fault& fault,
                                    Answer answer) const = 0;
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_DIALECT_H_
