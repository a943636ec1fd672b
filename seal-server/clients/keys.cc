#include "seal-server/clients/keys.h"

#include <boost/json.hpp>

#include "common/clock.h"
#include "common/json_text.h"
#include "crypto/base64.h"
#include "crypto/certificate.h"
#include "seal-server/clients/users.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

void note_key(Group& group, const char* kind, const std::string& client, const std::string& spki) {
  group.add({.kind = kind,
             .client = client,
             .seal = {},
             .content = json_text({{"client", client}, {"key", spki}})});
}

AuthenticationKey key_or_problem(storage::SqlConnection& sql, const std::string& spki) {
  auto key = find_key(sql, spki);
  if (!key) throw problems::no_such("There is no such key.");
  return *std::move(key);
}

}  // namespace

void expect_new_key(storage::SqlConnection& sql, const std::string& spki) {
  if (find_key(sql, spki) || user_of_key(sql, spki))
    throw problems::conflict("This key is registered already.");
}

void register_key(Group& group, const AuthenticationKey& by, const std::string& spki,
                  const std::string& cryptogram) {
  expect_new_key(group.sql(), spki);
  group.sql().run(
      "INSERT INTO authentication_key (spki, client, certificate, state, not_after, registered_by)"
      " VALUES (:spki, :client, '', 'registered', '', :registered_by)",
      {spki, by.client, by.spki});
  group.sql().run("INSERT INTO cryptogram (spki, cryptogram) VALUES (:spki, :cryptogram)",
                  {spki, cryptogram});
  note_key(group, "key-registered", by.client, spki);
}

void give_certificate(Group& group, const std::string& spki, ByteView certificate) {
  const X509Ptr parsed = crypto::certificate_of(certificate);
  const auto not_after = parsed ? crypto::time_of(X509_get0_notAfter(parsed.get())) : std::nullopt;
  if (!not_after || spki_of_certificate(certificate) != spki)
    throw problems::bad_value("This is no certificate of the key.");
  group.sql().run(
      "UPDATE authentication_key SET certificate = :certificate, not_after = :not_after"
      " WHERE spki = :spki AND state = 'registered'",
      {crypto::to_base64(certificate), utc_text(*not_after), spki});
}

void expect_key_of(storage::SqlConnection& sql, const std::string& client,
                   const std::string& spki) {
  if (key_or_problem(sql, spki).client != client) throw problems::no_such("There is no such key.");
}

void activate_key(Group& group, const std::string& spki) {
  const AuthenticationKey key = key_or_problem(group.sql(), spki);
  group.sql().run("UPDATE authentication_key SET state = 'active' WHERE spki = :spki", {spki});
  note_key(group, "key-active", key.client, spki);
}

void supersede_key(Group& group, const AuthenticationKey& key, std::chrono::seconds grace) {
  group.sql().run(
      "UPDATE authentication_key SET state = 'superseded', superseded_at = :superseded_at,"
      " accepted_until = :accepted_until WHERE spki = :spki",
      {group.time(), group.later(grace), key.spki});
  if (grace == std::chrono::seconds::zero())
    group.sql().run("DELETE FROM cryptogram WHERE spki = :spki", {key.spki});
  note_key(group, "key-superseded", key.client, key.spki);
}

}  // namespace signet::sealserver
