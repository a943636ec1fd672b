// The TLS keys and self-signed certificates under which a member is known.
#ifndef SIGNET_SOFTHSM_BACKEND_TLS_IDENTITY_H_
#define SIGNET_SOFTHSM_BACKEND_TLS_IDENTITY_H_

#include <filesystem>
#include <string>

namespace signet::emulator {

struct IdentityFiles {
  std::filesystem::path key;          // PEM
  std::filesystem::path certificate;  // PEM
};

// live: shown usually. backup: its pin stands in client.toml beside the live one, for the day of a
// change. foreign: pinned nowhere; shown only by a fault.
IdentityFiles identity_files(const std::filesystem::path& dir, const std::string& role,
                             const std::string& name);

// Makes a P-256 key and a certificate for the IP address. Gives the pin, "sha256//" and the base64 SHA-256 of the
// SubjectPublicKeyInfo. Throws std::runtime_error.
std::string make_identity(const IdentityFiles& files, const std::string& address);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_TLS_IDENTITY_H_
