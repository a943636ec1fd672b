// Signatures that an honest appliance would never give, for the fault "wrong-signature".
#ifndef SIGNET_SOFTHSM_BACKEND_SPOILED_SIGNATURE_H_
#define SIGNET_SOFTHSM_BACKEND_SPOILED_SIGNATURE_H_

#include "softhsm-backend/native/sign_order.h"

namespace signet::emulator {

// other_key: a correct signature of `digest` by a key of the same kind that nobody knows.
// other_digest: a correct one by the right key over a digest that differs in one bit. bit_flip and
// too_short spoil the bytes of `signature` itself.
Bytes spoiled_signature(SignatureFault fault, Token& token, const SignOrder& order,
                        const KeyRow& key, ByteView digest, ByteView signature);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_SPOILED_SIGNATURE_H_
