// Reading a request's JSON: 400 where it is none, 422 where a member is missing, of the wrong type
// or out of bounds. Members that nobody asks for are ignored.
#ifndef SIGNET_SOFTHSM_BACKEND_NATIVE_JSON_BODY_H_
#define SIGNET_SOFTHSM_BACKEND_NATIVE_JSON_BODY_H_

#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/json_text.h"
#include "softhsm-backend/native/problem.h"

namespace signet::emulator {

using Json = boost::json::value;

inline constexpr std::size_t kMaxJsonDepth = 32;
inline constexpr std::size_t kMaxWord = 64;  // bytes of a name that the contract defines

// The body of a request with Content-Type: application/json; in memory that is wiped, since it may hold a password.
Outcome<Json> read_json(const Request& request);

// The same, and it is an object.
Outcome<Json> read_object(const Request& request);

Outcome<std::string> required_text(const Json& object, const char* name, std::size_t max_bytes);
Outcome<std::optional<std::string>> optional_text(const Json& object, const char* name,
                                                  std::size_t max_bytes);
Outcome<Bytes> required_binary(const Json& object, const char* name, std::size_t max_bytes);
Outcome<std::optional<Bytes>> optional_binary(const Json& object, const char* name,
                                              std::size_t max_bytes);
Outcome<std::optional<std::int64_t>> optional_integer(const Json& object, const char* name);
Outcome<bool> optional_flag(const Json& object, const char* name, bool otherwise);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_NATIVE_JSON_BODY_H_
