// What the tests of this component share: an instance in a folder that goes away, requests.
#ifndef SIGNET_SOFTHSM_BACKEND_TESTING_INSTANCE_H_
#define SIGNET_SOFTHSM_BACKEND_TESTING_INSTANCE_H_

#include <boost/json.hpp>
#include <filesystem>
#include <string>
#include <string_view>

#include "common/testing/scratch_folder.h"
#include "softhsm-backend/instance.h"
#include "softhsm-backend/native/service.h"

namespace signet::emulator {

inline constexpr const char* kTestPassword = "correct horse";

// A pair "seal" with an RSA-2048 key "rsa" and a P-256 key "ec", on free ports; the password is
// kTestPassword.
std::filesystem::path make_test_instance(const ScratchFolder& folder);

std::string basic(std::string_view user, std::string_view password);
std::string random_base64(std::size_t size);

// Whether `signature` (PKCS#1 v1.5, PSS or r‖s by `algorithm`) is right for a digest under a DER
// public key.
bool verifies(const Bytes& public_key, std::string_view algorithm, std::string_view hash,
              const Bytes& digest, const Bytes& signature);

// Of a certificate, in seconds from now.
struct Validity {
  long from = 0;
  long to = 3600;
};

// A certificate for a DER public key, signed by a key that is thrown away.
Bytes certificate_for(const Bytes& public_key, bool issuer, Validity validity = {});

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_TESTING_INSTANCE_H_
