#include "crypto/algorithm_table.h"

#include <algorithm>

#include "crypto/der.h"

namespace signet::crypto {

namespace {

// The number that Ed25519 had before RFC 8410; some callers still send it.
constexpr std::uint8_t kEd25519Old[] = {0x06, 0x09, 0x2B, 0x06, 0x01, 0x04,
                                        0x01, 0xDA, 0x47, 0x0F, 0x01};

template <typename Row, typename Key>
const Row* find_row(const Row* begin, const Row* end, Key Row::*key, Key wanted) {
  const Row* found = std::find_if(begin, end, [&](const Row& row) { return row.*key == wanted; });
  return found == end ? nullptr : found;
}

const CurveRow* curve_with_oid(ByteView oid) {
  if (equal(oid, kEd25519Old)) return &row_of(Curve::ed25519);
  const auto* found =
      std::ranges::find_if(kCurves, [&](const CurveRow& row) { return equal(row.oid, oid); });
  return found == kCurves.end() ? nullptr : found;
}

CkResult<const CurveRow*> found(const CurveRow* curve) {
  if (curve != nullptr) return curve;
  return ck_error(CKR_CURVE_NOT_SUPPORTED,
                  "the curve is not supported; P-256, P-384, P-521 and Ed25519 are");
}

}  // namespace

Hash hash_with_oid(ByteView oid) {
  for (const HashRow& row : kRealHashes) {
    if (equal(row.oid, oid)) return row.hash;
  }
  return Hash::none;
}

const KeyTypeRow* key_type_numbered(CK_KEY_TYPE number) {
  return find_row(kKeyTypes.begin(), kKeyTypes.end(), &KeyTypeRow::number, number);
}

const KeyTypeRow* key_type_made_by(CK_MECHANISM_TYPE generation) {
  return find_row(kKeyTypes.begin(), kKeyTypes.end(), &KeyTypeRow::generation, generation);
}

const CurveRow* curve_named(std::string_view name) {
  if (name.empty()) return nullptr;
  const auto* named = std::ranges::find_if(kCurves, [&](const CurveRow& row) {
    return row.name == name || std::ranges::find(row.aliases, name) != row.aliases.end();
  });
  return named == kCurves.end() ? nullptr : named;
}

CkResult<const CurveRow*> curve_of_params(ByteView ec_params) {
  if (der::only(der::kObjectIdentifier, ec_params)) return found(curve_with_oid(ec_params));
  if (const auto name = der::only(der::kPrintableString, ec_params)) {
    return found(curve_named(text_of(*name)));
  }
  const bool explicit_parameters = der::only(der::kSequence, ec_params).has_value();
  const bool inherited_parameters = der::only(der::kNull, ec_params).has_value();
  if (explicit_parameters || inherited_parameters) return found(nullptr);
  return ck_error(CKR_ATTRIBUTE_VALUE_INVALID,
                  "the curve's parameters are neither an object identifier nor a curve's name");
}

}  // namespace signet::crypto
