// Retention: what old events tell is deleted; their entries, and so the tree, stay.
#ifndef SIGNET_SEAL_SERVER_REGISTER_THINNING_H_
#define SIGNET_SEAL_SERVER_REGISTER_THINNING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "seal-server/register/sequencer.h"
#include "storage/sql.h"

namespace signet::sealserver {

// Ids of transactions that ended before that moment (RFC 3339 in UTC), at most `most`, the oldest first.
std::vector<std::string> old_transactions(storage::SqlConnection& sql, const std::string& before,
                                          std::int64_t most);

// A line of JSON for each event of a transaction: {"sequence","entry","content","random"}. With it, somebody who keeps it can
// still show what an entry says.
std::string exported(storage::SqlConnection& sql, const std::string& transaction);

// Deletes the contents and random octets of the events of these transactions, their client and their transaction, and the
// transactions themselves; notes in the register how many events that were. Gives that number.
std::uint64_t thin(Group& group, const std::vector<std::string>& transactions,
                   const std::string& before);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_THINNING_H_
