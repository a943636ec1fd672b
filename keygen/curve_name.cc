#include "keygen/curve_name.h"

#include <fmt/format.h>

#include <string_view>

namespace signet::keygen {
namespace {

using namespace std::string_view_literals;  // the identifiers have zero bytes in them
using transport::Curve;
using transport::KeyType;

constexpr std::uint8_t kObjectIdentifier = 0x06;
constexpr std::uint8_t kPrintableString = 0x13;
constexpr std::uint8_t kSequence = 0x30;

struct Name {
  std::uint8_t tag;
  std::string_view content;  // the identifier's bytes, or the name
  NamedCurve curve;
};

constexpr NamedCurve kP256{KeyType::ec, Curve::p256};
constexpr NamedCurve kP384{KeyType::ec, Curve::p384};
constexpr NamedCurve kP521{KeyType::ec, Curve::p521};
constexpr NamedCurve kEd25519{KeyType::ed25519, Curve::p256};

constexpr Name kNames[] = {
    {kObjectIdentifier, "\x2a\x86\x48\xce\x3d\x03\x01\x07"sv, kP256},  // 1.2.840.10045.3.1.7
    {kObjectIdentifier, "\x2b\x81\x04\x00\x22"sv, kP384},              // 1.3.132.0.34
    {kObjectIdentifier, "\x2b\x81\x04\x00\x23"sv, kP521},              // 1.3.132.0.35
    {kObjectIdentifier, "\x2b\x65\x70"sv, kEd25519},                   // 1.3.101.112
    {kPrintableString, "secp256r1", kP256},
    {kPrintableString, "prime256v1", kP256},
    {kPrintableString, "P-256", kP256},
    {kPrintableString, "secp384r1", kP384},
    {kPrintableString, "P-384", kP384},
    {kPrintableString, "secp521r1", kP521},
    {kPrintableString, "P-521", kP521},
    {kPrintableString, "edwards25519", kEd25519},
    {kPrintableString, "Ed25519", kEd25519},
};

// One DER element and nothing else. Names of curves are short: one byte of length does.
bool is_one_element(ByteView params) {
  return params.size() > 2 && params[1] < 0x80 && params.size() == params[1] + std::size_t{2};
}

}  // namespace

CkResult<NamedCurve> named_curve(ByteView params) {
  if (!params.empty() && params[0] == kSequence) {
    return ck_error(CKR_CURVE_NOT_SUPPORTED,
                    "CKA_EC_PARAMS holds explicit parameters; name the curve instead");
  }
  if (!is_one_element(params) ||
      (params[0] != kObjectIdentifier && params[0] != kPrintableString)) {
    return ck_error(CKR_DOMAIN_PARAMS_INVALID,
                    "CKA_EC_PARAMS is neither an object identifier nor a printable string in DER");
  }
  const auto content = text_of(params.subspan(2));
  for (const Name& name : kNames) {
    if (name.tag == params[0] && name.content == content) return name.curve;
  }
  return ck_error(
      CKR_CURVE_NOT_SUPPORTED,
      fmt::format("the curve in CKA_EC_PARAMS ({}) is not P-256, P-384, P-521 or Ed25519",
                  to_hex(params)));
}

}  // namespace signet::keygen
