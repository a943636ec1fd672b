// The whole module over an appliance in memory, quick enough to start again for every input: keys are made once in a
// process. The account "seal" (PIN "secret") has an RSA-2048 key ("rsa", id 01), a P-256 key ("ec", 02), an Ed25519
// key ("ed", 03), and a certificate for each of the first two.
#ifndef SIGNET_TESTS_FUZZ_SUPPORT_FUZZED_MODULE_H_
#define SIGNET_TESTS_FUZZ_SUPPORT_FUZZED_MODULE_H_

#include <vector>

#include "common/bytes.h"
#include "pkcs11-module/edge/testing/module_setup.h"

namespace signet::fuzz {

// The one of this process, made at the first call, with C_Initialize done. Its files lie where writing costs
// nothing.
edge::testing::ModuleSetup& setup();

// Certificates of keys that the appliance has and of one that it has not, the last.
const std::vector<Bytes>& certificates();

// Whether a signature is right, by OpenSSL's own means and not the module's. `request`: what the appliance was asked to
// sign, one digest.
bool is_good_signature(const transport::SignRequest& request, ByteView signature);

// SubjectPublicKeyInfo's parts of the P-256 key: DER OCTET STRING of the point.
const Bytes& ec_point();
const Bytes& rsa_modulus();

}  // namespace signet::fuzz

#endif  // SIGNET_TESTS_FUZZ_SUPPORT_FUZZED_MODULE_H_
