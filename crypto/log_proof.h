// Proofs that an entry is in a log, as texts that stand by themselves (C2SP tlog-proof), as their reader sees them.
#ifndef SIGNET_CRYPTO_LOG_PROOF_H_
#define SIGNET_CRYPTO_LOG_PROOF_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "crypto/log_checkpoint.h"
#include "crypto/merkle.h"

namespace signet::crypto {

struct LogProof {
  Bytes extra;  // what else the log's owner says; empty: nothing
  std::uint64_t index = 0;
  std::vector<TreeHash> hashes;  // from the leaf up
  std::string checkpoint;        // a signed note
};

// Nothing where the text is no such proof; whether it holds is another question.
std::optional<LogProof> read_log_proof(std::string_view text);

// The tree in which the proof shows this entry; nothing where it does not, or where the checkpoint is not signed by this log.
std::optional<TreeState> proved_tree(const LogProof& proof, const LogIdentity& log, ByteView entry);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_LOG_PROOF_H_
