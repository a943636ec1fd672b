// Whether the register is what it was: everything that can be recomputed is.
#ifndef SIGNET_SEAL_SERVER_REGISTER_AUDIT_H_
#define SIGNET_SEAL_SERVER_REGISTER_AUDIT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "crypto/merkle_verify.h"
#include "seal-server/register/checkpoint.h"
#include "storage/sql.h"

namespace signet::sealserver {

struct Audit {
  std::uint64_t events = 0;
  std::uint64_t thinned = 0;  // of them: content and random octets were deleted
  std::uint64_t checkpoints = 0;
  std::uint64_t time_stamps = 0;
  std::string fault;  // the first one, a sentence that names what is wrong; empty: none
};

// Reads the whole register, within one state of the database: each event's entry, its content and its leaf, each node that
// is kept, each checkpoint, and each time-stamp. `kept`: a checkpoint from elsewhere that the register must continue.
Audit audit_register(storage::SqlConnection& sql, const LogIdentity& log,
                     const std::optional<crypto::TreeState>& kept);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_AUDIT_H_
