// The installation key: for what runs on this machine as this client, files are encrypted. A PKCS#8 key on P-256 in PEM.
#ifndef SIGNET_SEAL_CLIENT_INSTALLATION_KEY_H_
#define SIGNET_SEAL_CLIENT_INSTALLATION_KEY_H_

#include <filesystem>

#include "common/file_error.h"
#include "common/result.h"
#include "crypto/openssl_ptr.h"

namespace signet::sealclient {

inline constexpr const char* kInstallationKeyFile = "installation.key";  // in the client's folder

// Refused: a file that others than its owner may read, but for the group where root owns the file and this process belongs
// to the group (common/trusted_file.h).
Result<PkeyPtr, FileError> read_installation_key(const std::filesystem::path& file);

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_INSTALLATION_KEY_H_
