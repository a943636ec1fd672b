// The ways to the certification authorities, as the settings name them.
#ifndef SIGNET_SEAL_SERVER_PROGRAM_AUTHORITIES_H_
#define SIGNET_SEAL_SERVER_PROGRAM_AUTHORITIES_H_

#include "seal-server/certificates/clerk.h"
#include "seal-server/program/settings.h"

namespace signet::sealserver {

Clerk::Authorities authorities_of(const ServerFolder& folder);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PROGRAM_AUTHORITIES_H_
