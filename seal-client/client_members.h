// A client's keys and certificates in the JSON of the contract.
#ifndef SIGNET_SEAL_CLIENT_CLIENT_MEMBERS_H_
#define SIGNET_SEAL_CLIENT_CLIENT_MEMBERS_H_

#include <vector>

#include "seal-client/contract.h"
#include "seal-client/members.h"

namespace signet::sealclient {

// The lists authenticationCertificates and sealingCertificates.
std::vector<AuthenticationKey> authentication_keys_in(Members& members);
std::vector<SealingCertificate> sealing_certificates_in(Members& members);

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_CLIENT_MEMBERS_H_
