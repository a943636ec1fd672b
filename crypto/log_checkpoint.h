// Checkpoints as their reader sees them: what a log says of its tree, signed (C2SP tlog-checkpoint; a signed note).
#ifndef SIGNET_CRYPTO_LOG_CHECKPOINT_H_
#define SIGNET_CRYPTO_LOG_CHECKPOINT_H_

#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "crypto/merkle_verify.h"

namespace signet::crypto {

inline constexpr std::size_t kMostCheckpoint = std::size_t{64} * 1024;  // bytes of a signed note

// Who signs the checkpoints of a log.
struct LogIdentity {
  std::string origin;
  Bytes public_key;  // Ed25519

  bool operator==(const LogIdentity&) const = default;
};

// The first octets of each signature of a note, which say whose it is.
Bytes note_key_id(const LogIdentity& log);

// As auditors get it: "NAME+KEYID+BASE64" (the verifier key of a signed note).
std::string verifier_key(const LogIdentity& log);

// Nothing where the text is no verifier key of an Ed25519 key, or its id is not that of its key.
std::optional<LogIdentity> log_of_verifier_key(std::string_view text);

// Whether the signature of `message` is by that public key.
bool verify_log_signature(ByteView public_key, ByteView message, ByteView signature);

// The body of a checkpoint: origin, size and root, a line each.
std::string checkpoint_body(const std::string& origin, const TreeState& tree);

// What a checkpoint says, where this log has signed it. Lines of other signers are passed over.
std::optional<TreeState> open_checkpoint(const LogIdentity& log, std::string_view note);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_LOG_CHECKPOINT_H_
