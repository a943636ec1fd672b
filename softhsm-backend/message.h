// A request as the emulator's calls see it, and the answer to it.
#ifndef SIGNET_SOFTHSM_BACKEND_MESSAGE_H_
#define SIGNET_SOFTHSM_BACKEND_MESSAGE_H_

#include <optional>
#include <string>

#include "https/server/message.h"

namespace signet::emulator {

// How a fault spoils the signatures of an answer; the journal keeps the true ones.
enum class SignatureFault { bit_flip, other_key, other_digest, too_short };

struct Request : https::server::Request {
  std::string id = {};  // becomes X-Request-Id
  std::optional<SignatureFault> signature_fault = {};
  std::string dialect_fault = {};  // a fault of one dialect by its name; empty: none
  bool other_answer_place =
      false;  // a fault puts a signature where the answer usually does not have it
};

using Answer = https::server::Response;

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_MESSAGE_H_
