// Checkpoints: what a log says of its tree, signed (C2SP tlog-checkpoint; a signed note).
#ifndef SIGNET_SEAL_SERVER_REGISTER_CHECKPOINT_H_
#define SIGNET_SEAL_SERVER_REGISTER_CHECKPOINT_H_

#include <optional>
#include <string>
#include <string_view>

#include "crypto/merkle_verify.h"
#include "seal-server/register/log_key.h"

namespace signet::sealserver {

// Who signs the checkpoints of a log.
struct LogIdentity {
  std::string origin;
  Bytes public_key;  // Ed25519

  bool operator==(const LogIdentity&) const = default;
};

LogIdentity identity_of(const LogKey& key);

// As auditors get it: "NAME+KEYID+BASE64" (the verifier key of a signed note).
std::string verifier_key(const LogIdentity& log);

// A checkpoint, signed: origin, size, root, an empty line, the signature's line.
std::string signed_checkpoint(const LogKey& key, const crypto::TreeState& tree);

// What a checkpoint says, where this log has signed it. Lines of other signers are passed over.
std::optional<crypto::TreeState> open_checkpoint(const LogIdentity& log, std::string_view note);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_CHECKPOINT_H_
