// Whether a signature is right, by OpenSSL's own means and not the module's.
#ifndef SIGNET_TESTS_FUZZ_SUPPORT_SIGNATURE_CHECK_H_
#define SIGNET_TESTS_FUZZ_SUPPORT_SIGNATURE_CHECK_H_

#include <openssl/types.h>

#include "dsa-transport/appliance.h"

namespace signet::fuzz {

// `request`: what the appliance was asked to sign, one digest.
bool is_good_signature(EVP_PKEY* key, const transport::SignRequest& request, ByteView signature);

}  // namespace signet::fuzz

#endif  // SIGNET_TESTS_FUZZ_SUPPORT_SIGNATURE_CHECK_H_
