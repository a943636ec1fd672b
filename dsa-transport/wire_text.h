// Texts that several dialects write or read: times, identifiers of requests, percent-encoding.
#ifndef SIGNET_DSA_TRANSPORT_WIRE_TEXT_H_
#define SIGNET_DSA_TRANSPORT_WIRE_TEXT_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace signet::transport {

// RFC 3339 in UTC, with or without a fraction of a second.
std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text);

// A random UUID (RFC 9562, version 4) from the system's generator: right also in a child after
// fork().
std::string random_uuid();

// Everything but unreserved characters as %XX, for one segment of a path or one value of a query. By hand: libcurl's
// wants a handle, and Boost.URL would have to be compiled whole.
std::string percent_encoded(std::string_view text);

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_WIRE_TEXT_H_
