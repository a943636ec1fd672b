// The trust anchor of signed configurations: the public key whose presence demands that every configuration be signed
// with its private half.
//
// Its place is fixed when the library is built (CMake: SIGNET_CONFIG_ANCHOR, /etc/signet/config.pub by default) and it
// belongs to root, as does its folder. So nobody below root can drop the demand: not by editing or deleting the
// signature, not by naming another configuration, not through the environment. The variable SIGNET_CONFIG_ANCHOR names
// an anchor where none is installed and is ignored where one is: it can make a process stricter, never laxer.
//
// Version 0.1 called them seal.pub (in the same folder) and SIGNET_SEAL_ANCHOR: 0.2 still takes both where the new ones
// are missing, with a warning in the log.
#ifndef SIGNET_CONFIG_TRUST_ANCHOR_H_
#define SIGNET_CONFIG_TRUST_ANCHOR_H_

#include <filesystem>
#include <optional>
#include <string>

#include "config/signature.h"

namespace signet::config {

struct TrustAnchor {
  std::filesystem::path file;
  Ed25519PublicKey key{};
};

// The place fixed when the library was built.
std::filesystem::path installed_anchor_file();

// The place of version 0.1 beside it: "seal.pub" in the same folder.
std::filesystem::path former_anchor_file(const std::filesystem::path& installed);

// What the environment names; empty: nothing.
std::string named_anchor_file();

// Nothing where no anchor is installed and none is named. An anchor that is there but cannot be read or does not belong
// to root (a named one: to root or the effective user), and a named one that is not there, are errors: then no
// configuration is accepted.
Result<std::optional<TrustAnchor>, SignatureError> find_anchor(
    const std::filesystem::path& installed, const std::string& named);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_TRUST_ANCHOR_H_
