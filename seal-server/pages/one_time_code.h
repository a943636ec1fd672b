// One-time codes by time (RFC 6238) as the usual programs for telephones make them: HMAC-SHA-1, 30 seconds, 6 digits.
#ifndef SIGNET_SEAL_SERVER_PAGES_ONE_TIME_CODE_H_
#define SIGNET_SEAL_SERVER_PAGES_ONE_TIME_CODE_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"

namespace signet::sealserver {

inline constexpr std::size_t kCodeDigits = 6;

// 160 random bits.
Bytes new_code_key();

// Which 30 seconds since 1970.
std::int64_t code_step(std::chrono::system_clock::time_point time);

std::string code_of_step(ByteView key, std::int64_t step);

// The step of a code that is right now, or one step earlier or later, and later than `last`: a code is good once.
std::optional<std::int64_t> step_of_code(ByteView key, std::string_view code, std::int64_t now,
                                         std::int64_t last);

// What a telephone scans or is told: "otpauth://totp/…".
std::string code_key_uri(std::string_view issuer, std::string_view user, ByteView key);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_ONE_TIME_CODE_H_
