// The keys, algorithms and hashes that the emulator offers, each in one table row.
#ifndef SIGNET_SOFTHSM_BACKEND_KEY_TYPES_H_
#define SIGNET_SOFTHSM_BACKEND_KEY_TYPES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "cryptoki/cryptoki.h"

namespace signet::emulator {

inline constexpr std::array<unsigned, 3> kRsaSizes{2048, 3072, 4096};

struct CurveRow {
  std::string_view name;  // as on the wire
  const char* openssl_name;
  std::string_view parameters_hex;  // DER of the curve's object identifier (CKA_EC_PARAMS)
};

inline constexpr std::array<CurveRow, 3> kCurves{{
    {"P-256", "prime256v1", "06082a8648ce3d030107"},
    {"P-384", "secp384r1", "06052b81040022"},
    {"P-521", "secp521r1", "06052b81040023"},
}};

struct HashRow {
  std::string_view name;  // as on the wire
  std::size_t size;       // bytes
  CK_MECHANISM_TYPE mechanism;
  CK_ULONG mgf;
  std::string_view digest_info_prefix_hex;  // RFC 8017, section 9.2, note 1
};

inline constexpr std::array<HashRow, 4> kHashes{{
    {"SHA-1", 20, CKM_SHA_1, CKG_MGF1_SHA1, "3021300906052b0e03021a05000414"},
    {"SHA-256", 32, CKM_SHA256, CKG_MGF1_SHA256, "3031300d060960864801650304020105000420"},
    {"SHA-384", 48, CKM_SHA384, CKG_MGF1_SHA384, "3041300d060960864801650304020205000430"},
    {"SHA-512", 64, CKM_SHA512, CKG_MGF1_SHA512, "3051300d060960864801650304020305000440"},
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
