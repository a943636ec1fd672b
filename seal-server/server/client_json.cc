#include "seal-server/server/client_json.h"

#include "crypto/base64.h"
#include "crypto/openssl.h"

namespace signet::sealserver {

boost::json::array keys_json(const std::vector<AuthenticationKey>& keys) {
  boost::json::array list;
  for (const AuthenticationKey& key : keys) {
    boost::json::object object{{"key", key.spki}, {"state", key.state}};
    if (!key.certificate.empty()) {
      const Bytes der = crypto::from_base64(key.certificate).value_or(Bytes());
      object["certificate"] = to_hex(crypto::sha256(der));
      object["notAfter"] = key.not_after;
    }
    if (key.card) object["card"] = true;
    if (!key.registered_by.empty()) object["registeredBy"] = key.registered_by;
    if (!key.superseded_at.empty()) {
      object["supersededAt"] = key.superseded_at;
      object["acceptedUntil"] = key.accepted_until;
    }
    list.push_back(std::move(object));
  }
  return list;
}

boost::json::array sealing_json(const std::vector<SealingCertificate>& certificates) {
  boost::json::array list;
  for (const SealingCertificate& each : certificates) {
    list.push_back(boost::json::object{{"certificate", each.name},
                                       {"key", each.key},
                                       {"state", each.state},
                                       {"notAfter", each.not_after}});
  }
  return list;
}

boost::json::object limits_json(const SealLimits& limits) {
  boost::json::object object;
  if (limits.per_day) object["sealsADay"] = *limits.per_day;
  if (limits.in_all) object["seals"] = *limits.in_all;
  if (limits.until) object["until"] = *limits.until;
  if (limits.per_second) object["requestsASecond"] = *limits.per_second;
  return object;
}

boost::json::array members_json(const Client& client) {
  boost::json::array list;
  for (std::size_t at = 0; at < client.members.size();) {
    const std::size_t end = client.members.find('\n', at);
    list.emplace_back(client.members.substr(at, end - at));
    at = end == std::string::npos ? client.members.size() : end + 1;
  }
  return list;
}

}  // namespace signet::sealserver
