#include "seal-server/clients/officials.h"

#include <boost/json.hpp>

#include "common/clock.h"
#include "common/json_text.h"
#include "crypto/certificate.h"
#include "seal-server/clients/clients.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

void note_official(Group& group, const char* kind, const Official& official) {
  group.add({.kind = kind,
             .client = {},
             .seal = {},
             .content = json_text(
                 {{"key", official.spki}, {"name", official.name}, {"role", official.role}})});
}

}  // namespace

std::string add_official(Group& group, const std::string& name, const std::string& role,
                         ByteView certificate) {
  if (role != "administrator" && role != "auditor")
    throw problems::bad_value("One is an administrator or an auditor.");
  const X509Ptr parsed = crypto::certificate_of(certificate);
  const auto not_after = parsed ? crypto::time_of(X509_get0_notAfter(parsed.get())) : std::nullopt;
  if (!not_after) throw problems::bad_value("This is no certificate.");
  const Official official{.spki = spki_of_certificate(certificate),
                          .name = name,
                          .role = role,
                          .not_after = utc_text(*not_after)};
  if (find_key(group.sql(), official.spki) || find_official(group.sql(), official.spki))
    throw problems::conflict("This key is registered already.");
  group.sql().run(
      "INSERT INTO official (spki, name, role, not_after) VALUES (:spki, :name, :role, :not_after)",
      {official.spki, official.name, official.role, official.not_after});
  note_official(group, "official-added", official);
  return official.spki;
}

void remove_official(Group& group, const std::string& spki) {
  const auto official = find_official(group.sql(), spki);
  if (!official) throw problems::no_such("There is no such key.");
  group.sql().run("DELETE FROM official WHERE spki = :spki", {spki});
  note_official(group, "official-removed", *official);
}

std::optional<Official> find_official(storage::SqlConnection& sql, const std::string& spki) {
  const auto rows =
      sql.query("SELECT spki, name, role, not_after FROM official WHERE spki = :spki", {spki});
  if (rows.empty()) return std::nullopt;
  const storage::SqlRow& row = rows.front();
  return Official{row.text(0), row.text(1), row.text(2), row.text(3)};
}

}  // namespace signet::sealserver
