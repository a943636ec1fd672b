// The key with which a registration authority signs statements about the appliance (seal-client/statement.h).
#ifndef SIGNET_SEAL_SERVER_ENROL_ENROL_KEY_H_
#define SIGNET_SEAL_SERVER_ENROL_ENROL_KEY_H_

#include <filesystem>

#include "common/bytes.h"

namespace signet::sealserver::enrol {

// DER SubjectPublicKeyInfo. Where there is no such file the key is made (P-256) with a self-signed certificate: PEM, for the
// owner alone, on disk at the return. Throws CommandFailure.
Bytes public_enrol_key(const std::filesystem::path& key, const std::filesystem::path& certificate);

}  // namespace signet::sealserver::enrol

#endif  // SIGNET_SEAL_SERVER_ENROL_ENROL_KEY_H_
