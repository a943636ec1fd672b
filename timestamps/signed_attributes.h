// The signed attributes of a token (RFC 5652, 5.3), read strictly: what was signed is DER.
#ifndef SIGNET_TIMESTAMPS_SIGNED_ATTRIBUTES_H_
#define SIGNET_TIMESTAMPS_SIGNED_ATTRIBUTES_H_

#include <optional>
#include <string_view>

#include "common/bytes.h"

namespace signet::timestamps {

// How often an attribute occurs, and its one value.
struct Attribute {
  unsigned count = 0;
  std::optional<ByteView> value;  // DER; where it occurs once and has one value

  bool is_single() const { return value.has_value(); }
};

// Of a DER SET OF Attribute, by the type in dotted form (crypto/cms/identifiers.h). Nothing where that is not what it is.
std::optional<Attribute> find_attribute(ByteView attributes, std::string_view oid);

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_SIGNED_ATTRIBUTES_H_
