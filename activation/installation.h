// An installation on this machine: the folder of a client, and in it the key for which activation files are made.
#ifndef SIGNET_ACTIVATION_INSTALLATION_H_
#define SIGNET_ACTIVATION_INSTALLATION_H_

#include <filesystem>
#include <string>

#include "common/bytes.h"
#include "pkcs11-client/error.h"

namespace signet::activation {

// Makes the folder where it is missing, and in it a new key: readable by its owner, or also by `group` (a name; empty: none),
// to which the folder is opened as well. Durable at the return. exists: there is a key, which stays; not_found: there is no
// such group. Gives the key's DER SubjectPublicKeyInfo.
pkcs11::TokenResult<Bytes> make_installation(const std::filesystem::path& folder,
                                             const std::string& group);

// The public half of the key that is there; not_found where there is none.
pkcs11::TokenResult<Bytes> installation_of(const std::filesystem::path& folder);

}  // namespace signet::activation

#endif  // SIGNET_ACTIVATION_INSTALLATION_H_
