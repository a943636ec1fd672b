#include "validation/algorithm_name.h"

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/objects.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "common/printable.h"
#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/host_errors.h"
#include "crypto/object_identifier.h"
#include "crypto/openssl.h"
#include "crypto/spki.h"

namespace signet::validation {

namespace {

struct Name {
  std::string_view oid;
  std::string_view name;
};

constexpr std::string_view kRsaOid = "1.2.840.113549.1.1.1";
constexpr std::string_view kPssKeyOid = "1.2.840.113549.1.1.10";
constexpr std::string_view kDsaOid = "1.2.840.10040.4.1";
constexpr std::string_view kEcOid = "1.2.840.10045.2.1";
constexpr std::string_view kFrp256v1 = "1.2.250.1.223.101.256.1";  // OpenSSL does not have it

constexpr std::array kNames = {
    Name{"1.2.840.113549.2.2", "MD2"},
    Name{"1.2.840.113549.2.5", "MD5"},
    Name{"1.3.36.3.2.1", "RIPEMD-160"},
    Name{"1.0.10118.3.0.55", "Whirlpool"},
    Name{"1.3.14.3.2.26", "SHA-1"},
    Name{"2.16.840.1.101.3.4.2.4", "SHA-224"},
    Name{"2.16.840.1.101.3.4.2.1", "SHA-256"},
    Name{"2.16.840.1.101.3.4.2.2", "SHA-384"},
    Name{"2.16.840.1.101.3.4.2.3", "SHA-512"},
    Name{"2.16.840.1.101.3.4.2.6", "SHA-512/256"},
    Name{"2.16.840.1.101.3.4.2.7", "SHA3-224"},
    Name{"2.16.840.1.101.3.4.2.8", "SHA3-256"},
    Name{"2.16.840.1.101.3.4.2.9", "SHA3-384"},
    Name{"2.16.840.1.101.3.4.2.10", "SHA3-512"},
    Name{"1.3.101.112", "Ed25519"},
    Name{"1.3.101.113", "Ed448"},
    Name{"2.16.840.1.101.3.4.3.17", "ML-DSA-44"},
    Name{"2.16.840.1.101.3.4.3.18", "ML-DSA-65"},
    Name{"2.16.840.1.101.3.4.3.19", "ML-DSA-87"},
    Name{"2.16.840.1.101.3.4.3.22", "SLH-DSA-SHA2-192s"},
    Name{"2.16.840.1.101.3.4.3.23", "SLH-DSA-SHA2-192f"},
    Name{"2.16.840.1.101.3.4.3.24", "SLH-DSA-SHA2-256s"},
    Name{"2.16.840.1.101.3.4.3.25", "SLH-DSA-SHA2-256f"},
    Name{"2.16.840.1.101.3.4.3.28", "SLH-DSA-SHAKE-192s"},
    Name{"2.16.840.1.101.3.4.3.29", "SLH-DSA-SHAKE-192f"},
    Name{"2.16.840.1.101.3.4.3.30", "SLH-DSA-SHAKE-256s"},
    Name{"2.16.840.1.101.3.4.3.31", "SLH-DSA-SHAKE-256f"},
    Name{"0.4.0.127.0.7.1.1.4.1.4", "EC-SDSA-opt"},
    Name{"1.2.840.10045.3.1.7", "P-256"},
    Name{"1.3.132.0.34", "P-384"},
    Name{"1.3.132.0.35", "P-521"},
    Name{kFrp256v1, "FRP256v1"},
};

unsigned bits_of(std::optional<ByteView> number) {
  return number ? static_cast<unsigned>(spki::bit_length(*number)) : 0;
}

unsigned rsa_bits(ByteView key) {
  der::Reader numbers(der::only(der::kSequence, key).value_or(ByteView()));
  return bits_of(numbers.read_positive());
}

unsigned dsa_bits(ByteView parameters) {
  der::Reader numbers(der::only(der::kSequence, parameters).value_or(ByteView()));
  return bits_of(numbers.read_positive());
}

unsigned field_bits(ByteView oid, const std::string& curve) {
  for (const crypto::CurveRow& row : crypto::kCurves)
    if (equal(row.oid, oid)) return static_cast<unsigned>(row.bits);
  if (curve == kFrp256v1) return 256;
  const crypto::HostErrors aside;
  using GroupPtr = OpensslPtr<EC_GROUP, EC_GROUP_free>;
  const GroupPtr group(EC_GROUP_new_by_curve_name_ex(crypto::library_context(), nullptr,
                                                     OBJ_txt2nid(curve.c_str())));
  return crypto::verdict(group != nullptr) ? static_cast<unsigned>(EC_GROUP_get_degree(group.get()))
                                           : 0;
}

}  // namespace

std::string algorithm_name(const std::string& oid) {
  const auto* const known = std::ranges::find(kNames, oid, &Name::oid);
  if (known != kNames.end()) return std::string(known->name);
  const crypto::HostErrors aside;
  const int number = OBJ_txt2nid(oid.c_str());
  return number == NID_undef ? printable(oid) : OBJ_nid2sn(number);
}

std::string KeyOutline::name() const {
  if (oid == kRsaOid || oid == kPssKeyOid) return fmt::format("RSA-{}", bits);
  if (oid == kDsaOid) return fmt::format("DSA-{}", bits);
  if (oid == kEcOid)
    return curve.empty() ? "an elliptic curve without a name" : algorithm_name(curve);
  return oid.empty() ? "an unreadable key" : algorithm_name(oid);
}

KeyOutline key_outline(ByteView public_key) {
  KeyOutline outline;
  const auto read = spki::read(public_key);
  if (!read) return outline;
  outline.oid = crypto::dotted(read->algorithm);
  if (outline.oid == kRsaOid || outline.oid == kPssKeyOid) outline.bits = rsa_bits(read->key);
  if (outline.oid == kDsaOid) outline.bits = dsa_bits(read->parameters);
  if (outline.oid == kEcOid && der::only(der::kObjectIdentifier, read->parameters)) {
    outline.curve = crypto::dotted(read->parameters);
    outline.bits = field_bits(read->parameters, outline.curve);
  }
  return outline;
}

}  // namespace signet::validation
