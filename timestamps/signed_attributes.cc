#include "timestamps/signed_attributes.h"

#include <openssl/objects.h>

#include <string>

#include "crypto/der.h"
#include "timestamps/asn1.h"

namespace signet::timestamps {

namespace {

constexpr std::uint8_t kSet = 0x31;

bool is_oid(ByteView der, std::string_view oid) {
  const unsigned char* at = der.data();
  const ObjectPtr object(d2i_ASN1_OBJECT(nullptr, &at, static_cast<long>(der.size())));
  return object && dotted(object.get()) == oid;
}

// The one value of a SET OF; nothing for none or several.
std::optional<ByteView> only_value(ByteView values) {
  if (values.empty()) return std::nullopt;
  der::Reader reader(values);
  const auto value = reader.read_whole(values.front());
  return reader.at_end() ? value : std::nullopt;
}

}  // namespace

std::optional<Attribute> find_attribute(ByteView attributes, std::string_view oid) {
  const auto all = der::only(kSet, attributes);
  if (!all) return std::nullopt;
  Attribute found;
  der::Reader reader(*all);
  while (!reader.at_end()) {
    const auto one = reader.read(der::kSequence);
    if (!one) return std::nullopt;
    der::Reader parts(*one);
    const auto type = parts.read_whole(der::kObjectIdentifier);
    const auto values = parts.read(kSet);
    if (!type || !values || !parts.at_end()) return std::nullopt;
    if (!is_oid(*type, oid)) continue;
    ++found.count;
    found.value = found.count == 1 ? only_value(*values) : std::nullopt;
  }
  return found;
}

}  // namespace signet::timestamps
