// The named curves, and how PKCS#11 callers name them.
#ifndef SIGNET_CRYPTO_CURVE_H_
#define SIGNET_CRYPTO_CURVE_H_

#include <span>
#include <string_view>

#include "common/bytes.h"
#include "crypto/ck_result.h"
#include "cryptoki/cryptoki.h"

namespace signet::crypto {

struct NamedCurve {
  std::string_view name;     // "P-256", "P-384", "P-521", "Ed25519"
  const char* openssl_name;  // of the group, or of the key type where that has one group only
  int openssl_number;        // its NID
  CK_KEY_TYPE key_type;      // CKK_EC or CKK_EC_EDWARDS
  std::size_t bits;          // of the field
  std::size_t size;          // bytes of a coordinate; on these curves also of the group's order
  ByteView oid;              // DER OBJECT IDENTIFIER: CKA_EC_PARAMS as we show it
};

// The kEcCurves of CKK_EC first.
std::span<const NamedCurve> named_curves();
inline constexpr std::size_t kEcCurves = 3;

// From CKA_EC_PARAMS: an OBJECT IDENTIFIER, or a PrintableString with one of the curve's usual
// names
// ("P-256", "secp256r1", "prime256v1", "edwards25519"). Errors: CKR_CURVE_NOT_SUPPORTED for other
// curves and for explicit parameters, CKR_ATTRIBUTE_VALUE_INVALID for what is neither.
CkResult<const NamedCurve*> curve_of_params(ByteView ec_params);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_CURVE_H_
