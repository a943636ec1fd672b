// The proof that an event is in the register, as a text that other programs check offline (C2SP tlog-proof).
#ifndef SIGNET_SEAL_SERVER_REGISTER_PROOF_H_
#define SIGNET_SEAL_SERVER_REGISTER_PROOF_H_

#include <cstdint>
#include <optional>
#include <string>

#include "storage/sql.h"

namespace signet::sealserver {

// Of the event in the tree of the first checkpoint with a time-stamp, or of the newest one. Its "extra" is base64 of the JSON
// {"entry","content","random","timestamp"}: what the leaf is the hash of, what the entry commits to (both are missing where
// they were deleted), and the time-stamp over the checkpoint in base64 (where it has one). Within the caller's transaction. Throws std::runtime_error with a sentence.
std::string event_proof(storage::SqlConnection& sql, std::uint64_t sequence);

// The newest event of a transaction of the contract, and the one that it was opened with; nothing where there is none.
std::optional<std::uint64_t> newest_event_of(storage::SqlConnection& sql,
                                             const std::string& transaction);
std::optional<std::uint64_t> first_event_of(storage::SqlConnection& sql,
                                            const std::string& transaction);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_PROOF_H_
