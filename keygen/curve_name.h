// CKA_EC_PARAMS: which curve a caller means.
#ifndef SIGNET_KEYGEN_CURVE_NAME_H_
#define SIGNET_KEYGEN_CURVE_NAME_H_

#include "common/bytes.h"
#include "crypto/ck_result.h"
#include "dsa-transport/appliance.h"

namespace signet::keygen {

struct NamedCurve {
  transport::KeyType type;  // ec or ed25519
  transport::Curve curve;   // ec only
};

// `params`: DER, an OBJECT IDENTIFIER or a PrintableString with the curve's name
// (PKCS#11 3.0, 2.3.3). CKR_CURVE_NOT_SUPPORTED for other curves and explicit parameters,
// CKR_DOMAIN_PARAMS_INVALID otherwise.
CkResult<NamedCurve> named_curve(ByteView params);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_CURVE_NAME_H_
