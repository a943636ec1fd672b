// Single values as the REST contract writes them: names, times, identifiers.
#ifndef SIGNET_DSA_TRANSPORT_NATIVE_WIRE_VALUES_H_
#define SIGNET_DSA_TRANSPORT_NATIVE_WIRE_VALUES_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "dsa-transport/appliance.h"

namespace signet::transport::native {

std::string_view name_of(KeyType type);
std::string_view name_of(Curve curve);
std::string_view name_of(Scheme algorithm);
std::string_view name_of(Hash hash);

// Names that this program does not know give nothing: a newer appliance may offer more.
std::optional<KeyType> key_type_from(std::string_view name);
std::optional<Curve> curve_from(std::string_view name);
std::optional<Scheme> algorithm_from(std::string_view name);
std::optional<Hash> hash_from(std::string_view name);

// RFC 3339 in UTC, with or without a fraction of a second.
std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text);

// A random UUID (RFC 9562, version 4) from the system's generator: right also in a child after
// fork().
std::string random_uuid();

// Everything but unreserved characters as %XX, for one segment of a path or one value of a query. By hand: libcurl's
// wants a handle, and Boost.URL would have to be compiled whole.
std::string percent_encoded(std::string_view text);

// Whether it can be one segment of a path. "." and ".." fold the path, percent-encoded or not.
bool is_segment(std::string_view text);

// An object's id as the appliance writes it: 1 to 128 letters, digits and "-_.{}"; a segment.
bool is_object_id(std::string_view id);

}  // namespace signet::transport::native

#endif  // SIGNET_DSA_TRANSPORT_NATIVE_WIRE_VALUES_H_
