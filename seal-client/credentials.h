// A client's credentials at its appliance, encrypted under its content key K: the seal server keeps them and cannot read
// them, and what it says of an appliance does not count; only what is in here does.
//
// The encrypted form: one byte 01, a nonce of 12 bytes, the ciphertext, the tag of 16 bytes; AES-256-GCM under K with the
// additional data "signet credentials 1". Inside: JSON {version, client, user, password, members:[{url, pins}], enrolKey}.
#ifndef SIGNET_SEAL_CLIENT_CREDENTIALS_H_
#define SIGNET_SEAL_CLIENT_CREDENTIALS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"
#include "common/secret.h"
#include "pinning/pins.h"

namespace signet::sealclient {

inline constexpr std::size_t kMostApplianceMembers = 8;
inline constexpr std::size_t kMostCredentials = 64 * 1024;  // bytes, encrypted

struct ApplianceMember {
  std::string url;       // "https://host:port/path"
  pinning::PinSet pins;  // live and backup; never empty

  bool operator==(const ApplianceMember&) const = default;
};

struct Credentials {
  std::int64_t version = 1;  // from 1 on, one more with each change; begins again with another K
  std::string client;        // its id at the seal server
  std::string user;          // the account at the appliance
  Secret password;
  std::vector<ApplianceMember> members;  // the primary first; 1 to kMostApplianceMembers
  Bytes enrol_key;  // DER SubjectPublicKeyInfo of the key that signs statements (statement.h)

  bool operator==(const Credentials&) const = default;
};

struct CredentialsError {
  enum class Kind {
    refused,         // changed, of another K, or not of this form
    another_client,  // they are another client's
    system,          // OpenSSL or the system's randomness fails
  };
  Kind kind = Kind::refused;
  std::string sentence;  // whole; never a secret
};

Result<Bytes, CredentialsError> encrypt_credentials(const Credentials& credentials,
                                                    const Secret& content_key);

// Those of `client`. Whether `version` is older than one that was seen is the caller's to compare.
Result<Credentials, CredentialsError> decrypt_credentials(ByteView encrypted,
                                                          const Secret& content_key,
                                                          const std::string& client);

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_CREDENTIALS_H_
