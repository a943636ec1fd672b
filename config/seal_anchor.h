// The trust anchor of sealed configurations: the public key whose presence demands that every
// configuration be sealed with its private half.
//
// Its place is fixed when the library is built (CMake: SIGNET_SEAL_ANCHOR, /etc/signet/seal.pub by
// default) and it belongs to root, as does its folder. So nobody below root can drop the demand:
// not by editing or deleting the seal, not by naming another configuration, not through the
// environment. The variable SIGNET_SEAL_ANCHOR names an anchor where none is installed and is
// ignored where one is: it can make a process stricter, never laxer.
#ifndef SIGNET_CONFIG_SEAL_ANCHOR_H_
#define SIGNET_CONFIG_SEAL_ANCHOR_H_

#include <filesystem>
#include <optional>
#include <string>

#include "config/seal.h"

namespace signet::config {

struct SealAnchor {
  std::filesystem::path file;
  Ed25519PublicKey key{};
};

// The place fixed when the library was built.
std::filesystem::path installed_anchor_file();

// Nothing where no anchor is installed and none is named. An anchor that is there but cannot be
// read or does not belong to root (a named one: to root or the effective user), and a named one
// that is not there, are errors: then no configuration is accepted.
Result<std::optional<SealAnchor>, SealError> find_anchor(const std::filesystem::path& installed,
                                                         const std::string& named);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_SEAL_ANCHOR_H_
