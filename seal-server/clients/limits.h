// What a client may do, changed.
#ifndef SIGNET_SEAL_SERVER_CLIENTS_LIMITS_H_
#define SIGNET_SEAL_SERVER_CLIENTS_LIMITS_H_

#include <string>

#include "seal-server/clients/clients.h"

namespace signet::sealserver {

// All of them at once, within Sequencer::write(), with an event. Problem 404 where there is no such client, 409 where it has
// ended.
void set_client_limits(Group& group, const std::string& id, const SealLimits& limits);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CLIENTS_LIMITS_H_
