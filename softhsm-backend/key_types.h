// The keys, algorithms and hashes that the emulator offers, each in one table row.
#ifndef SIGNET_SOFTHSM_BACKEND_KEY_TYPES_H_
#define SIGNET_SOFTHSM_BACKEND_KEY_TYPES_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/algorithm_table.h"

namespace signet::emulator {

inline constexpr std::array<unsigned, 3> kRsaSizes{2048, 3072, 4096};

struct CurveRow {
  std::string_view name;  // as on the wire
  crypto::Curve curve;
};

inline constexpr std::array<CurveRow, 3> kCurves{{
    {"P-256", crypto::Curve::p256},
    {"P-384", crypto::Curve::p384},
    {"P-521", crypto::Curve::p521},
}};

struct HashRow {
  std::string_view name;  // as on the wire
  crypto::Hash hash;
};

inline constexpr std::array<HashRow, 4> kHashes{{
    {"SHA-1", crypto::Hash::sha1},
    {"SHA-256", crypto::Hash::sha256},
    {"SHA-384", crypto::Hash::sha384},
    {"SHA-512", crypto::Hash::sha512},
}};

inline constexpr std::string_view kRsaPkcs1 = "RSASSA-PKCS1-v1_5";
inline constexpr std::string_view kRsaPss = "RSASSA-PSS";
inline constexpr std::string_view kEcdsa = "ECDSA";

const CurveRow* curve_named(std::string_view name);  // nullptr: not offered
const HashRow* hash_named(std::string_view name);    // nullptr: not offered

// Either an RSA key of `bits` or an EC key on `curve`.
struct KeySpec {
  unsigned bits = 0;  // 0: an EC key
  const CurveRow* curve = nullptr;

  bool rsa() const { return curve == nullptr; }
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_KEY_TYPES_H_
