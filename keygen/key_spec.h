// From the two templates of C_GenerateKeyPair to what an appliance is asked for.
#ifndef SIGNET_KEYGEN_KEY_SPEC_H_
#define SIGNET_KEYGEN_KEY_SPEC_H_

#include <span>

#include "common/cryptoki.h"
#include "common/result.h"
#include "dsa-transport/appliance.h"

namespace signet::keygen {

// The attributes of a template in PKCS#11's own form; nothing is owned.
struct TemplateEntry {
  CK_ATTRIBUTE_TYPE type;
  ByteView value;
};
using Template = std::span<const TemplateEntry>;

// `mechanism` is CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_EC_KEY_PAIR_GEN or CKM_EC_EDWARDS_KEY_PAIR_GEN. Takes what standard tools
// send: unknown or meaningless attributes that ask for nothing are passed over; what contradicts an appliance's key is refused
// with a sentence. CKA_ID and CKA_LABEL may stand in either template, equal where in both; an absent id is the SHA-1 of nothing yet:
// left empty, and the appliance or the module fills it in.
//   CKR_TEMPLATE_INCOMPLETE    no CKA_MODULUS_BITS / CKA_EC_PARAMS
//   CKR_TEMPLATE_INCONSISTENT  the two contradict each other, the mechanism or what the appliance does (CKA_EXTRACTABLE true, CKA_TOKEN false, CKA_DECRYPT true ...)
//   CKR_ATTRIBUTE_VALUE_INVALID, CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_READ_ONLY
//   CKR_KEY_SIZE_RANGE, CKR_CURVE_NOT_SUPPORTED (CKR_DOMAIN_PARAMS_INVALID where the parameters cannot be read)
Result<transport::KeySpec> key_spec(CK_MECHANISM_TYPE mechanism, Template public_template,
                                    Template private_template);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_KEY_SPEC_H_
