#include "crypto/curve.h"

#include <openssl/obj_mac.h>

#include <array>

#include "crypto/der.h"
#include "crypto/spki.h"

namespace signet::crypto {

namespace {

// The number that Ed25519 had before RFC 8410; some callers still send it.
constexpr std::array<std::uint8_t, 11> kEd25519Old = {0x06, 0x09, 0x2B, 0x06, 0x01, 0x04,
                                                      0x01, 0xDA, 0x47, 0x0F, 0x01};

constexpr std::array kCurves = {
    NamedCurve{"P-256", "P-256", NID_X9_62_prime256v1, CKK_EC, 256, 32, spki::kP256},
    NamedCurve{"P-384", "P-384", NID_secp384r1, CKK_EC, 384, 48, spki::kP384},
    NamedCurve{"P-521", "P-521", NID_secp521r1, CKK_EC, 521, 66, spki::kP521},
    NamedCurve{"Ed25519", "ED25519", NID_ED25519, CKK_EC_EDWARDS, 255, 32, spki::kEd25519},
};

struct Alias {
  std::string_view alias;
  const NamedCurve* curve;
};

constexpr std::array kAliases = {
    Alias{"secp256r1", &kCurves[0]},    Alias{"prime256v1", &kCurves[0]},
    Alias{"secp384r1", &kCurves[1]},    Alias{"secp521r1", &kCurves[2]},
    Alias{"edwards25519", &kCurves[3]}, Alias{"ed25519", &kCurves[3]},
};

const NamedCurve* curve_by_name(std::string_view name) {
  for (const NamedCurve& curve : kCurves) {
    if (curve.name == name) return &curve;
  }
  for (const Alias& alias : kAliases) {
    if (alias.alias == name) return alias.curve;
  }
  return nullptr;
}

const NamedCurve* curve_by_oid(ByteView oid) {
  for (const NamedCurve& curve : kCurves) {
    if (equal(curve.oid, oid)) return &curve;
  }
  return equal(kEd25519Old, oid) ? &kCurves[3] : nullptr;
}

CkResult<const NamedCurve*> found(const NamedCurve* curve) {
  if (curve == nullptr) {
    return ck_error(CKR_CURVE_NOT_SUPPORTED,
                    "the curve is not supported; P-256, P-384, P-521 and Ed25519 are");
  }
  return curve;
}

}  // namespace

std::span<const NamedCurve> named_curves() {
  return kCurves;
}

CkResult<const NamedCurve*> curve_of_params(ByteView ec_params) {
  if (der::only(der::kObjectIdentifier, ec_params)) return found(curve_by_oid(ec_params));
  if (const auto name = der::only(der::kPrintableString, ec_params)) {
    return found(curve_by_name(text_of(*name)));
  }
  const bool explicit_parameters = der::only(der::kSequence, ec_params).has_value();
  const bool inherited_parameters = der::only(der::kNull, ec_params).has_value();
  if (explicit_parameters || inherited_parameters) return found(nullptr);
  return ck_error(CKR_ATTRIBUTE_VALUE_INVALID,
                  "the curve's parameters are neither an object identifier nor a curve's name");
}

}  // namespace signet::crypto
