// The calls by which a client learns about itself and the log.
#include <boost/json.hpp>

#include "crypto/base64.h"
#include "crypto/merkle_tile.h"
#include "crypto/openssl.h"
#include "seal-server/register/tree_store.h"
#include "seal-server/server/answers.h"
#include "seal-server/server/service.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

boost::json::object key_json(const AuthenticationKey& key) {
  const Bytes der = crypto::from_base64(key.certificate).value_or(Bytes());
  return {{"certificate", to_hex(crypto::sha256(der))},
          {"key", key.spki},
          {"state", key.state},
          {"notAfter", key.not_after}};
}

boost::json::object limits_json(const Client& client) {
  boost::json::object limits;
  if (client.limits.per_day) limits["sealsADay"] = *client.limits.per_day;
  if (client.limits.in_all) limits["sealsLeft"] = *client.limits.in_all - client.opened;
  if (client.limits.until) limits["until"] = *client.limits.until;
  return limits;
}

void expect_no_query(const std::string& query) {
  if (!query.empty()) throw problems::malformed("This path takes no query.");
}

}  // namespace

https::server::Response Service::show_client(const Call& call) {
  expect_no_query(call.query);
  boost::json::array keys;
  for (const AuthenticationKey& key :
       read([&](storage::SqlConnection& sql) { return keys_of(sql, call.client.id); }))
    keys.push_back(key_json(key));
  return json_answer({{"id", call.client.id},
                      {"name", call.client.name},
                      {"organisation", call.client.organisation},
                      {"state", call.client.state},
                      {"authenticationCertificates", std::move(keys)},
                      {"limits", limits_json(call.client)},
                      {"time", call.time}});
}

https::server::Response Service::show_cryptogram(const Call& call) {
  expect_no_query(call.query);
  const auto found =
      read([&](storage::SqlConnection& sql) { return find_cryptogram(sql, call.spki); });
  if (!found) throw problems::no_such("There is no cryptogram for this key.");
  return json_answer({{"cryptogram", found->cryptogram}, {"credentials", found->credentials}});
}

https::server::Response Service::show_checkpoint() {
  const auto newest = read([](storage::SqlConnection& sql) { return newest_checkpoint(sql); });
  if (!newest) throw problems::no_such("The log is empty.");
  return text_answer(newest->note);
}

https::server::Response Service::show_tile(const std::string& path) {
  const auto tile = crypto::tile_of_path(path);
  if (!tile) throw problems::no_such("There is nothing at this path.");
  if (tile->entries) throw problems::not_admitted("The entries of the log are for auditors.");
  const auto hashes = read([&](storage::SqlConnection& sql) {
    const auto newest = newest_checkpoint(sql);
    const bool there = newest && crypto::tree_has_tile(newest->size, *tile);
    return there ? stored_tile(sql, *tile) : std::vector<crypto::TreeHash>();
  });
  if (hashes.size() != tile->width) throw problems::no_such("The log has no such tile yet.");
  std::string octets;
  for (const crypto::TreeHash& hash : hashes) octets += text_of(hash);
  return octets_answer(std::move(octets));
}

}  // namespace signet::sealserver
