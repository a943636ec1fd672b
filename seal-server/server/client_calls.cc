// The calls by which a client learns about itself and the log.
#include <boost/json.hpp>

#include "crypto/merkle_tile.h"
#include "seal-server/register/tree_store.h"
#include "seal-server/server/answers.h"
#include "seal-server/server/client_json.h"
#include "seal-server/server/service.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

// What is left of the limits.
boost::json::object limits_left(const Client& client) {
  boost::json::object limits = limits_json(client.limits);
  limits.erase("seals");
  if (client.limits.in_all) limits["sealsLeft"] = *client.limits.in_all - client.opened;
  return limits;
}

constexpr unsigned kOctetBits = 8;

// An entry of a bundle (C2SP tlog-tiles): its length in two octets, and itself.
std::string bundled(const std::string& entry) {
  std::string octets;
  octets.push_back(static_cast<char>(entry.size() >> kOctetBits));
  octets.push_back(static_cast<char>(entry.size()));
  return octets + entry;
}

}  // namespace

https::server::Response Service::show_client(const Call& call) {
  boost::json::array keys;
  boost::json::array sealing;
  read([&](storage::SqlConnection& sql) {
    keys = keys_json(keys_of(sql, call.client.id));
    sealing = sealing_json(sealing_certificates_of(sql, call.client.id));
  });
  return json_answer({{"id", call.client.id},
                      {"name", call.client.name},
                      {"organisation", call.client.organisation},
                      {"state", call.client.state},
                      {"authenticationCertificates", std::move(keys)},
                      {"sealingCertificates", std::move(sealing)},
                      {"members", members_json(call.client)},
                      {"limits", limits_left(call.client)},
                      {"time", call.time}});
}

https::server::Response Service::show_checkpoint() {
  const auto newest = read([](storage::SqlConnection& sql) { return newest_checkpoint(sql); });
  if (!newest) throw problems::no_such("The log is empty.");
  return text_answer(newest->note);
}

https::server::Response Service::show_tile(const Call& call, const std::string& path) {
  const auto tile = crypto::tile_of_path(path);
  if (!tile) throw problems::no_such("There is nothing at this path.");
  if (tile->entries && !call.official)
    throw problems::not_admitted("The entries of the log are for auditors.");
  std::string octets;
  std::size_t parts = 0;
  read([&](storage::SqlConnection& sql) {
    const auto newest = newest_checkpoint(sql);
    if (!newest || !crypto::tree_has_tile(newest->size, *tile)) return;
    if (tile->entries) {
      const auto entries = stored_entries(sql, *tile);
      for (const std::string& entry : entries) octets += bundled(entry);
      parts = entries.size();
    } else {
      const auto hashes = stored_tile(sql, *tile);
      for (const crypto::TreeHash& hash : hashes) octets += text_of(hash);
      parts = hashes.size();
    }
  });
  if (parts != tile->width) throw problems::no_such("The log has no such tile yet.");
  return octets_answer(std::move(octets));
}

}  // namespace signet::sealserver
