#include "seal-server/clients/revocations.h"

#include <boost/json.hpp>
#include <map>
#include <set>
#include <stdexcept>

#include "common/json_text.h"
#include "seal-server/clients/clients.h"

namespace signet::sealserver {

namespace {

struct KeptRevocations {
  std::set<std::string> keys;
  std::map<std::string, std::string> states;  // the last one, by client
};

std::string line_member(const boost::json::object& object, const char* name) {
  const auto* member = object.if_contains(name);
  if (member == nullptr || !member->is_string())
    throw std::runtime_error("The file of revocations has a line that is none of its own.");
  return std::string(member->get_string());
}

KeptRevocations kept_revocations(const OutsideFile& file) {
  KeptRevocations kept;
  for (const std::string& line : file.lines()) {
    if (line.empty()) continue;
    boost::json::error_code error;
    const boost::json::value value = boost::json::parse(line, error);
    if (error || !value.is_object())
      throw std::runtime_error("The file of revocations has a line that is none of its own.");
    const auto& object = value.get_object();
    if (object.contains("key"))
      kept.keys.insert(line_member(object, "key"));
    else
      kept.states[line_member(object, "client")] = line_member(object, "state");
  }
  return kept;
}

}  // namespace

std::string revocation_line(const std::string& time, const std::string& key) {
  return json_text({{"time", time}, {"key", key}, {"state", "revoked"}});
}

std::string state_line(const std::string& time, const std::string& client,
                       const std::string& state) {
  return json_text({{"time", time}, {"client", client}, {"state", state}});
}

std::size_t apply_revocations(Group& group, const OutsideFile& file) {
  const KeptRevocations kept = kept_revocations(file);
  std::size_t changes = 0;
  for (const std::string& spki : kept.keys) {
    const auto key = find_key(group.sql(), spki);
    if (!key || key->state == "revoked") continue;
    revoke_key(group, spki);
    ++changes;
  }
  for (const auto& [id, state] : kept.states) {
    const auto client = find_client(group.sql(), id);
    if (!client || client->state == state || client->state == "ended") continue;
    set_client_state(group, id, state);
    ++changes;
  }
  return changes;
}

}  // namespace signet::sealserver
