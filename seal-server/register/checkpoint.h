// Checkpoints: what this log says of its tree, signed (C2SP tlog-checkpoint; a signed note).
#ifndef SIGNET_SEAL_SERVER_REGISTER_CHECKPOINT_H_
#define SIGNET_SEAL_SERVER_REGISTER_CHECKPOINT_H_

#include <string>

#include "crypto/log_checkpoint.h"
#include "seal-server/register/log_key.h"

namespace signet::sealserver {

using crypto::LogIdentity;
using crypto::open_checkpoint;
using crypto::verifier_key;

LogIdentity identity_of(const LogKey& key);

// A checkpoint, signed: origin, size, root, an empty line, the signature's line.
std::string signed_checkpoint(const LogKey& key, const crypto::TreeState& tree);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_CHECKPOINT_H_
