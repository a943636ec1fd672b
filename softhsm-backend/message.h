// A request and its answer as the service sees them, without sockets.
#ifndef SIGNET_SOFTHSM_BACKEND_MESSAGE_H_
#define SIGNET_SOFTHSM_BACKEND_MESSAGE_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace signet::emulator {

// How a fault spoils the signatures of an answer; the journal keeps the true ones.
enum class SignatureFault { bit_flip, other_key, other_digest, too_short };

struct Request {
  std::string method;
  std::string target;         // path and query as they came
  std::string authorization;  // header values; empty where absent
  std::string content_type;
  std::string idempotency_key;
  std::optional<std::string> if_none_match;
  std::string body;
  std::string id;  // becomes X-Request-Id
  std::optional<SignatureFault> signature_fault;
};

struct Answer {
  unsigned status = 200;
  std::string body;                                          // JSON, or empty
  std::vector<std::pair<std::string, std::string>> headers;  // beside Content-Type and X-Request-Id
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_MESSAGE_H_
