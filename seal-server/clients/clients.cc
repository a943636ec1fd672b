#include "seal-server/clients/clients.h"

#include <boost/json.hpp>

#include "common/clock.h"
#include "common/json_text.h"
#include "crypto/base64.h"
#include "crypto/certificate.h"
#include "crypto/context.h"
#include "crypto/openssl.h"
#include "seal-server/clients/keys.h"
#include "seal-server/clients/revocations.h"
#include "seal-server/store/new_id.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr const char* kClientColumns =
    "SELECT id, name, organisation, state, per_day, in_all, until, opened, per_second, members"
    " FROM client";
constexpr const char* kKeyColumns =
    "SELECT spki, client, certificate, state, not_after, card, registered_by, superseded_at,"
    " accepted_until FROM authentication_key";

storage::SqlValue value_or_null(const std::optional<std::int64_t>& number) {
  if (!number) return std::monostate();
  return *number;
}

storage::SqlValue value_or_null(const std::optional<std::string>& text) {
  if (!text) return std::monostate();
  return *text;
}

std::optional<std::int64_t> number_or_none(const storage::SqlRow& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return row.number(column);
}

Client client_in(const storage::SqlRow& row) {
  Client client{.id = row.text(0),
                .name = row.text(1),
                .organisation = row.text(2),
                .state = row.text(3),
                .limits = {.per_day = number_or_none(row, 4),
                           .in_all = number_or_none(row, 5),
                           .until = std::nullopt,
                           .per_second = number_or_none(row, 8)},
                .opened = row.number(7),
                .members = row.text(9)};
  if (!row.is_null(6)) client.limits.until = row.text(6);
  return client;
}

AuthenticationKey key_in(const storage::SqlRow& row) {
  return {.spki = row.text(0),
          .client = row.text(1),
          .certificate = row.text(2),
          .state = row.text(3),
          .not_after = row.text(4),
          .card = row.number(5) != 0,
          .registered_by = row.text(6),
          .superseded_at = row.text(7),
          .accepted_until = row.text(8)};
}

void note_event(Group& group, const char* kind, const std::string& client,
                const boost::json::object& content) {
  group.add({.kind = kind, .client = client, .seal = {}, .content = json_text(content)});
}

void revoke_one(Group& group, const AuthenticationKey& key) {
  group.sql().run("UPDATE authentication_key SET state = 'revoked' WHERE spki = :spki", {key.spki});
  group.sql().run("DELETE FROM cryptogram WHERE spki = :spki", {key.spki});
  group.sql().run(
      "UPDATE certificate_order SET state = 'refused', reason = 'The key is revoked.'"
      " WHERE spki = :spki AND purpose = 'authentication' AND state <> 'refused'",
      {key.spki});
  note_event(group, "key-revoked", key.client, {{"client", key.client}, {"key", key.spki}});
  group.keep_outside(revocation_line(group.time(), key.spki));
}

// Why a key is not admitted.
std::string complaint_about(const AuthenticationKey& key, const std::string& time) {
  if (key.state == "revoked") return "This key is revoked.";
  if (key.state == "registered" && key.certificate.empty())
    return "This key has no certificate yet.";
  if (key.state == "superseded" && key.accepted_until <= time) {
    return (key.card ? "This card was used for activation at " : "This key was superseded at ") +
           key.superseded_at + ".";
  }
  if (key.not_after <= time) return "The certificate has expired.";
  return {};
}

Client client_or_problem(storage::SqlConnection& sql, const std::string& id) {
  auto client = find_client(sql, id);
  if (!client) throw problems::no_such("There is no client " + id + ".");
  return *std::move(client);
}

}  // namespace

std::string spki_of_certificate(ByteView certificate) {
  const X509Ptr parsed = crypto::certificate_of(certificate);
  if (!parsed) throw problems::bad_value("This is no certificate.");
  return to_hex(crypto::sha256(crypto::public_key_of(parsed.get())));
}

std::string add_client(Group& group, const Client& client) {
  const std::string id = new_id();
  group.sql().run(
      "INSERT INTO client (id, name, organisation, state, per_day, in_all, until, opened,"
      " per_second, members)"
      " VALUES (:id, :name, :organisation, 'active', :per_day, :in_all, :until, 0, :per_second,"
      " :members)",
      {id, client.name, client.organisation, value_or_null(client.limits.per_day),
       value_or_null(client.limits.in_all), value_or_null(client.limits.until),
       value_or_null(client.limits.per_second), client.members});
  note_event(group, "client-added", id,
             {{"client", id}, {"name", client.name}, {"organisation", client.organisation}});
  return id;
}

AuthenticationKey add_key(Group& group, const std::string& client, ByteView certificate,
                          KeyPlace place) {
  const Client owner = client_or_problem(group.sql(), client);
  const X509Ptr parsed = crypto::certificate_of(certificate);
  const auto not_after = parsed ? crypto::time_of(X509_get0_notAfter(parsed.get())) : std::nullopt;
  if (!not_after) throw problems::bad_value("This is no certificate.");
  const AuthenticationKey key{.spki = spki_of_certificate(certificate),
                              .client = owner.id,
                              .certificate = crypto::to_base64(certificate),
                              .state = "active",
                              .not_after = utc_text(*not_after),
                              .card = place == KeyPlace::card};
  expect_new_key(group.sql(), key.spki);
  group.sql().run(
      "INSERT INTO authentication_key (spki, client, certificate, state, not_after, card)"
      " VALUES (:spki, :client, :certificate, :state, :not_after, :card)",
      {key.spki, key.client, key.certificate, key.state, key.not_after,
       std::int64_t{key.card ? 1 : 0}});
  note_event(group, "key-registered", key.client, {{"client", key.client}, {"key", key.spki}});
  return key;
}

void set_client_state(Group& group, const std::string& id, const std::string& state) {
  const Client client = client_or_problem(group.sql(), id);
  if (state != "active" && state != "suspended" && state != "ended")
    throw problems::bad_value("A client is active, suspended or ended.");
  if (client.state == state) return;
  if (client.state == "ended") throw problems::conflict("The client has ended.");
  group.sql().run("UPDATE client SET state = :state WHERE id = :id", {state, id});
  note_event(group, "client-state", id, {{"client", id}, {"state", state}});
  group.keep_outside(state_line(group.time(), id, state));
}

void set_client_limits(Group& group, const std::string& id, const SealLimits& limits) {
  if (client_or_problem(group.sql(), id).state == "ended")
    throw problems::conflict("The client has ended.");
  group.sql().run(
      "UPDATE client SET per_day = :per_day, in_all = :in_all, until = :until,"
      " per_second = :per_second WHERE id = :id",
      {value_or_null(limits.per_day), value_or_null(limits.in_all), value_or_null(limits.until),
       value_or_null(limits.per_second), id});
  boost::json::object content{{"client", id}};
  if (limits.per_day) content["sealsADay"] = *limits.per_day;
  if (limits.in_all) content["seals"] = *limits.in_all;
  if (limits.until) content["until"] = *limits.until;
  if (limits.per_second) content["requestsASecond"] = *limits.per_second;
  note_event(group, "client-limits", id, content);
}

void revoke_key(Group& group, const std::string& spki) {
  const auto key = find_key(group.sql(), spki);
  if (!key) throw problems::no_such("There is no such key.");
  if (key->state != "revoked") revoke_one(group, *key);
  // Whoever had the key may have registered others. Each key was registered by an earlier one, so this ends.
  for (const auto& row : group.sql().query(
           "SELECT spki FROM authentication_key WHERE registered_by = :spki AND state <> 'revoked'",
           {spki}))
    revoke_key(group, row.text(0));
}

std::optional<Client> find_client(storage::SqlConnection& sql, const std::string& id) {
  const auto rows = sql.query(std::string(kClientColumns) + " WHERE id = :id", {id});
  if (rows.empty()) return std::nullopt;
  return client_in(rows.front());
}

std::vector<Client> clients_after(storage::SqlConnection& sql, const std::string& id,
                                  std::int64_t most) {
  std::vector<Client> clients;
  for (const auto& row : sql.query(
           std::string(kClientColumns) + " WHERE id > :id ORDER BY id LIMIT :most", {id, most}))
    clients.push_back(client_in(row));
  return clients;
}

std::optional<AuthenticationKey> find_key(storage::SqlConnection& sql, std::string_view spki) {
  const auto rows =
      sql.query(std::string(kKeyColumns) + " WHERE spki = :spki", {std::string(spki)});
  if (rows.empty()) return std::nullopt;
  return key_in(rows.front());
}

std::vector<AuthenticationKey> keys_of(storage::SqlConnection& sql, const std::string& client) {
  std::vector<AuthenticationKey> keys;
  for (const auto& row : sql.query(
           std::string(kKeyColumns) + " WHERE client = :client ORDER BY not_after, spki", {client}))
    keys.push_back(key_in(row));
  return keys;
}

Admission admit(storage::SqlConnection& sql, std::string_view spki, const std::string& time) {
  auto key = find_key(sql, spki);
  if (!key) throw problems::not_admitted("This key is not registered.");
  const std::string complaint = complaint_about(*key, time);
  if (!complaint.empty()) throw problems::not_admitted(complaint);
  auto client = find_client(sql, key->client);
  if (!client) throw problems::not_admitted("This key has no client.");
  if (client->state == "suspended") throw problems::not_admitted("The client is suspended.");
  if (client->state != "active") throw problems::not_admitted("The client has ended.");
  return {*std::move(client), *std::move(key)};
}

void put_cryptogram(Group& group, const std::string& spki, const Cryptogram& cryptogram) {
  const auto key = find_key(group.sql(), spki);
  if (!key) throw problems::no_such("There is no such key.");
  if (key->state == "revoked") throw problems::conflict("The key is revoked.");
  group.sql().run("DELETE FROM cryptogram WHERE spki = :spki", {spki});
  group.sql().run("INSERT INTO cryptogram (spki, cryptogram) VALUES (:spki, :cryptogram)",
                  {spki, cryptogram.cryptogram});
  group.sql().run("DELETE FROM credentials WHERE client = :client", {key->client});
  group.sql().run("INSERT INTO credentials (client, credentials) VALUES (:client, :credentials)",
                  {key->client, cryptogram.credentials});
  // Others that were to become the credentials are not of this content key, perhaps.
  group.sql().run("DELETE FROM next_credentials WHERE client = :client", {key->client});
  note_event(group, "cryptogram-stored", key->client, {{"client", key->client}, {"key", spki}});
}

std::optional<Cryptogram> find_cryptogram(storage::SqlConnection& sql, const std::string& spki) {
  const auto rows = sql.query(
      "SELECT cryptogram.cryptogram, credentials.credentials FROM cryptogram"
      " JOIN authentication_key ON authentication_key.spki = cryptogram.spki"
      " JOIN credentials ON credentials.client = authentication_key.client"
      " WHERE cryptogram.spki = :spki",
      {spki});
  if (rows.empty()) return std::nullopt;
  return Cryptogram{rows.front().text(0), rows.front().text(1)};
}

}  // namespace signet::sealserver
