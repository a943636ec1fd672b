// An appliance's members as credentials and statements write them: [{"url": …, "pins": ["sha256//…=", …]}, …].
#ifndef SIGNET_SEAL_CLIENT_MEMBER_LIST_H_
#define SIGNET_SEAL_CLIENT_MEMBER_LIST_H_

#include <boost/json/array.hpp>
#include <optional>
#include <vector>

#include "seal-client/credentials.h"
#include "seal-client/members.h"

namespace signet::sealclient {

boost::json::array write_member_list(const std::vector<ApplianceMember>& members,
                                     boost::json::storage_ptr memory = {});

// Nothing where there is none, or more than kMostApplianceMembers, one has no https URL or no pin, or anything is wrong.
std::optional<std::vector<ApplianceMember>> read_member_list(Members& members);

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_MEMBER_LIST_H_
