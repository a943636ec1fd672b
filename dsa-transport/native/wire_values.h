// Single values as the REST contract writes them: names and identifiers.
#ifndef SIGNET_DSA_TRANSPORT_NATIVE_WIRE_VALUES_H_
#define SIGNET_DSA_TRANSPORT_NATIVE_WIRE_VALUES_H_

#include <optional>
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

// Whether it can be one segment of a path. "." and ".." fold the path, percent-encoded or not.
bool is_segment(std::string_view text);

// An object's id as the appliance writes it: 1 to 128 letters, digits and "-_.{}"; a segment.
bool is_object_id(std::string_view id);

}  // namespace signet::transport::native

#endif  // SIGNET_DSA_TRANSPORT_NATIVE_WIRE_VALUES_H_
