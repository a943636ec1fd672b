// The proof that an event is in the register, as a text that other programs check offline (C2SP tlog-proof).
#ifndef SIGNET_SEAL_SERVER_REGISTER_PROOF_H_
#define SIGNET_SEAL_SERVER_REGISTER_PROOF_H_

#include <cstdint>
#include <optional>
#include <string>

#include "storage/sql.h"

namespace signet::sealserver {

// Of the event in the tree of the newest checkpoint. Its "extra" is base64 of the JSON {"entry","content","random"}: what
// the leaf is the hash of, and what the entry commits to (without the last two where they were deleted). Within the caller's
// transaction. Throws std::runtime_error with a sentence.
std::string event_proof(storage::SqlConnection& sql, std::uint64_t sequence);

// The newest event of a transaction of the contract; nothing where there is none.
std::optional<std::uint64_t> newest_event_of(storage::SqlConnection& sql,
                                             const std::string& transaction);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_PROOF_H_
