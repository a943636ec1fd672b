// What is needed to ask again for a pending call, and its form on disk.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_SAVED_CALL_H_
#define SIGNET_PKCS11_MODULE_TOKEN_SAVED_CALL_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/bytes.h"
#include "config/config.h"
#include "dsa-transport/appliance.h"

namespace signet::token {

// No secret is in it. Under its idempotency key the request has no second effect until `end`.
struct SavedCall {
  struct Signature {
    transport::SignRequest request;  // as it was sent: maybe with digests of other calls
    std::size_t position = 0;        // of this call's digest
    Bytes public_key;                // DER SubjectPublicKeyInfo
  };

  std::string function;  // "C_Sign"
  std::string service;   // see service_of()
  std::string user;      // the account that asked
  std::chrono::system_clock::time_point end;
  std::variant<transport::KeySpec, Signature> request;  // with its idempotency key
};

// The token and the members of its service, to which the request may be sent.
std::string service_of(const config::TokenConfig& config);

std::string encode_saved_call(const SavedCall& call);

// Nothing where the text is not exactly such a call.
std::optional<SavedCall> decode_saved_call(std::string_view text);

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_SAVED_CALL_H_
