// The calls of administrators: clients, their keys and certificates, what they may do.
#include <boost/json.hpp>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "seal-server/certificates/sealing.h"
#include "seal-server/clients/credentials.h"
#include "seal-server/clients/keys.h"
#include "seal-server/server/answers.h"
#include "seal-server/server/client_json.h"
#include "seal-server/server/idempotency.h"
#include "seal-server/server/json_reader.h"
#include "seal-server/server/query_reader.h"
#include "seal-server/server/service.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMostName = 256;           // characters
constexpr std::size_t kMostMembers = 8;          // addresses
constexpr std::size_t kMostCertificate = 65536;  // octets
constexpr std::size_t kMostStored = 65536;       // octets of a ciphertext or statement
constexpr std::int64_t kClientsPage = 50;

SealLimits limits_in(const boost::json::value& value) {
  const auto& object = read_members(value, {"sealsADay", "seals", "until", "requestsASecond"});
  SealLimits limits{.per_day = read_number(object, "sealsADay"),
                    .in_all = read_number(object, "seals"),
                    .until = std::nullopt,
                    .per_second = read_number(object, "requestsASecond")};
  std::string until = read_time(object, "until");
  if (!until.empty()) limits.until = std::move(until);
  return limits;
}

std::string members_in(const boost::json::object& object) {
  std::string members;
  for (const auto& item : read_list(object, "members", kMostMembers)) {
    const boost::json::object member{{"members", item}};
    members += required(read_text(member, "members", kMostName), "members") + "\n";
  }
  return members;
}

Bytes bytes_in(const boost::json::object& object, const char* name, std::size_t most) {
  return crypto::from_base64(required(read_base64(object, name, most), name)).value_or(Bytes());
}

Cryptogram cryptogram_in(const boost::json::object& object) {
  return {required(read_base64(object, "cryptogram", kMostStored), "cryptogram"),
          required(read_base64(object, "credentials", kMostStored), "credentials")};
}

boost::json::object summary_json(const Client& client) {
  return {{"id", client.id},
          {"name", client.name},
          {"organisation", client.organisation},
          {"state", client.state}};
}

}  // namespace

https::server::Response Service::add_client(const Call& call) {
  const Repeatable once = repeatable(call.request, call.official->spki);
  const boost::json::value body = read_body(call.request);
  const auto& object = read_members(body, {"name", "organisation", "limits", "members"});
  Client client;
  client.name = required(read_text(object, "name", kMostName), "name");
  client.organisation = required(read_text(object, "organisation", kMostName), "organisation");
  if (const auto* limits = object.if_contains("limits")) client.limits = limits_in(*limits);
  client.members = members_in(object);
  return ready_answer(answer_once(sequencer_, once, [&](Group& group) {
    return json_text({{"id", sealserver::add_client(group, client)}});
  }));
}

https::server::Response Service::list_clients(const Call& call) {
  const Query query(call.query, {"cursor"});
  const auto* cursor = query.find("cursor");
  const std::string after = cursor == nullptr ? std::string() : id_in(*cursor, "cursor");
  auto clients = read(
      [&](storage::SqlConnection& sql) { return clients_after(sql, after, kClientsPage + 1); });
  boost::json::object answer;
  if (clients.size() > std::size_t{kClientsPage}) {
    clients.resize(std::size_t{kClientsPage});
    answer["cursor"] = clients.back().id;
  }
  boost::json::array list;
  for (const Client& client : clients) list.push_back(summary_json(client));
  answer["clients"] = std::move(list);
  return json_answer(answer);
}

https::server::Response Service::show_any_client(const std::string& id) {
  boost::json::object answer;
  read([&](storage::SqlConnection& sql) {
    const auto client = find_client(sql, id);
    if (!client) throw problems::no_such("There is no client " + id + ".");
    answer = summary_json(*client);
    answer["authenticationCertificates"] = keys_json(keys_of(sql, id));
    answer["sealingCertificates"] = sealing_json(sealing_certificates_of(sql, id));
    answer["limits"] = limits_json(client->limits);
    answer["opened"] = client->opened;
    answer["members"] = members_json(*client);
  });
  return json_answer(answer);
}

https::server::Response Service::change_client(const Call& call, const std::string& id,
                                               const std::string& what) {
  const boost::json::value body = read_body(call.request);
  if (what == "state") {
    const std::string state = required(
        read_word(read_members(body, {"state"}), "state", {"active", "suspended", "ended"}),
        "state");
    sequencer_.write([&](Group& group) { set_client_state(group, id, state); });
  } else if (what == "limits") {
    const SealLimits limits = limits_in(body);
    sequencer_.write([&](Group& group) { set_client_limits(group, id, limits); });
  } else {
    const Bytes statement = bytes_in(read_members(body, {"statement"}), "statement", kMostStored);
    sequencer_.write([&](Group& group) { put_statement(group, id, statement); });
  }
  return json_answer({{"id", id}});
}

https::server::Response Service::add_client_key(const Call& call, const std::string& id) {
  const Repeatable once = repeatable(call.request, call.official->spki);
  const boost::json::value body = read_body(call.request);
  const auto& object = read_members(body, {"certificate", "card", "cryptogram", "credentials"});
  const Bytes certificate = bytes_in(object, "certificate", kMostCertificate);
  const KeyPlace place = read_flag(object, "card", false) ? KeyPlace::card : KeyPlace::machine;
  std::optional<Cryptogram> cryptogram;
  if (object.contains("cryptogram") || object.contains("credentials"))
    cryptogram = cryptogram_in(object);
  return ready_answer(answer_once(sequencer_, once, [&](Group& group) {
    const AuthenticationKey key = add_key(group, id, certificate, place);
    if (cryptogram) put_cryptogram(group, key.spki, *cryptogram);
    return json_text({{"key", key.spki}});
  }));
}

https::server::Response Service::put_key_cryptogram(const Call& call, const std::string& id,
                                                    const std::string& key) {
  const boost::json::value body = read_body(call.request);
  const Cryptogram cryptogram = cryptogram_in(read_members(body, {"cryptogram", "credentials"}));
  sequencer_.write([&](Group& group) {
    expect_key_of(group.sql(), id, key);
    put_cryptogram(group, key, cryptogram);
  });
  return json_answer({{"key", key}});
}

https::server::Response Service::revoke_client_key(const Call& call, const std::string& id,
                                                   const std::string& key) {
  const Repeatable once = repeatable(call.request, call.official->spki);
  const boost::json::value body = read_body(call.request);
  read_members(body, {});
  return ready_answer(answer_once(sequencer_, once, [&](Group& group) {
    expect_key_of(group.sql(), id, key);
    revoke_key(group, key);
    return json_text({{"key", key}, {"state", "revoked"}});
  }));
}

https::server::Response Service::add_client_sealing_certificate(const Call& call,
                                                                const std::string& id) {
  const Repeatable once = repeatable(call.request, call.official->spki);
  const boost::json::value body = read_body(call.request);
  const Bytes certificate =
      bytes_in(read_members(body, {"certificate"}), "certificate", kMostCertificate);
  return ready_answer(answer_once(sequencer_, once, [&](Group& group) {
    return json_text({{"certificate", add_sealing_certificate(group, id, certificate).name}});
  }));
}

}  // namespace signet::sealserver
