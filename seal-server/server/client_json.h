// A client as the contract shows it, to itself and to administrators.
#ifndef SIGNET_SEAL_SERVER_SERVER_CLIENT_JSON_H_
#define SIGNET_SEAL_SERVER_SERVER_CLIENT_JSON_H_

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <vector>

#include "seal-server/certificates/sealing.h"
#include "seal-server/clients/clients.h"

namespace signet::sealserver {

boost::json::array keys_json(const std::vector<AuthenticationKey>& keys);
boost::json::array sealing_json(const std::vector<SealingCertificate>& certificates);
boost::json::object limits_json(const SealLimits& limits);
boost::json::array members_json(const Client& client);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SERVER_CLIENT_JSON_H_
