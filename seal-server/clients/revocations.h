// Revoked keys and clients' states, as they are also kept outside the database: a backup that is restored has those of its own
// time.
//
// revoke_key() and set_client_state() keep them; here they are applied.
#ifndef SIGNET_SEAL_SERVER_CLIENTS_REVOCATIONS_H_
#define SIGNET_SEAL_SERVER_CLIENTS_REVOCATIONS_H_

#include <string>

#include "seal-server/register/outside_file.h"
#include "seal-server/register/sequencer.h"

namespace signet::sealserver {

// The lines of the file.
std::string revocation_line(const std::string& time, const std::string& key);
std::string state_line(const std::string& time, const std::string& client,
                       const std::string& state);

// Revokes the file's keys, and gives its clients their last state there, as far as the database has them and allows it.
// Gives the number of changes. Throws std::runtime_error where a line is none of this file's.
std::size_t apply_revocations(Group& group, const OutsideFile& file);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CLIENTS_REVOCATIONS_H_
