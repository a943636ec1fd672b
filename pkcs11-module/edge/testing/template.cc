#include "pkcs11-module/edge/testing/template.h"

#include <cstring>
#include <utility>

namespace signet::edge::testing {

Template& Template::number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  Bytes encoded(sizeof value);
  std::memcpy(encoded.data(), &value, sizeof value);
  return bytes(type, std::move(encoded));
}

Template& Template::flag(CK_ATTRIBUTE_TYPE type, bool value) {
  return bytes(type, Bytes{static_cast<CK_BYTE>(value ? CK_TRUE : CK_FALSE)});
}

Template& Template::text(CK_ATTRIBUTE_TYPE type, std::string_view value) {
  return bytes(type, copy_of(view_of(value)));
}

Template& Template::bytes(CK_ATTRIBUTE_TYPE type, Bytes value) {
  values_.push_back(std::move(value));
  attributes_.push_back({type, values_.back().data(), values_.back().size()});
  return *this;
}

}  // namespace signet::edge::testing
