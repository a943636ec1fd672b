#include "seal-server/clients/credentials.h"

#include <algorithm>
#include <boost/json.hpp>

#include "common/json_text.h"
#include "seal-server/store/new_id.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

struct KeptLease {
  std::string id;
  std::string spki;
  std::string until;
};

std::optional<KeptLease> kept_lease(storage::SqlConnection& sql, const std::string& client) {
  const auto rows =
      sql.query("SELECT id, spki, until FROM credentials_lease WHERE client = :client", {client});
  if (rows.empty()) return std::nullopt;
  return KeptLease{rows.front().text(0), rows.front().text(1), rows.front().text(2)};
}

void note_change(Group& group, const char* kind, const std::string& client, const std::string& spki,
                 const std::string& lease) {
  group.add({.kind = kind,
             .client = client,
             .seal = {},
             .content = json_text({{"client", client}, {"key", spki}, {"lease", lease}})});
}

KeptLease new_lease(Group& group, const std::string& client, const std::string& spki) {
  const auto live = leased_until(group.sql(), client, group.time());
  if (live) {
    throw problems::wait("The client's credentials are being changed; the lease on that ends at " +
                         *live + ".");
  }
  KeptLease lease{.id = new_id(), .spki = spki, .until = group.later(kCredentialsLease)};
  group.sql().run("DELETE FROM credentials_lease WHERE client = :client", {client});
  group.sql().run(
      "INSERT INTO credentials_lease (client, id, spki, until)"
      " VALUES (:client, :id, :spki, :until)",
      {client, lease.id, lease.spki, lease.until});
  note_change(group, "credentials-leased", client, spki, lease.id);
  return lease;
}

KeptLease own_lease(storage::SqlConnection& sql, const std::string& client, const std::string& spki,
                    const std::string& id) {
  auto lease = kept_lease(sql, client);
  if (!lease || lease->id != id || lease->spki != spki)
    throw problems::conflict("This lease is not this key's, or another one was given since.");
  return *std::move(lease);
}

void add_next(Group& group, const std::string& client, const std::string& next) {
  const Credentials kept = credentials_of(group.sql(), client);
  if (kept.current == next || std::ranges::find(kept.next, next) != kept.next.end()) return;
  if (kept.next.size() >= kMostNext) {
    throw problems::conflict("There are " + std::to_string(kMostNext) +
                             " next credentials already: one must be committed first.");
  }
  const auto number =
      group.sql()
          .query("SELECT coalesce(max(number), 0) + 1 FROM next_credentials WHERE client = :client",
                 {client})
          .front()
          .number(0);
  group.sql().run(
      "INSERT INTO next_credentials (client, number, credentials)"
      " VALUES (:client, :number, :credentials)",
      {client, number, next});
}

}  // namespace

CredentialsLease change_credentials(Group& group, const std::string& client,
                                    const std::string& spki, const CredentialsChange& change) {
  credentials_of(group.sql(), client);
  const KeptLease lease = change.lease.empty() ? new_lease(group, client, spki)
                                               : own_lease(group.sql(), client, spki, change.lease);
  if (lease.until <= group.time())
    throw problems::conflict("The lease has ended at " + lease.until + ".");
  if (!change.next.empty()) {
    add_next(group, client, change.next);
    note_change(group, "credentials-next", client, spki, lease.id);
  }
  return {lease.id, lease.until, credentials_of(group.sql(), client)};
}

void commit_credentials(Group& group, const std::string& client, const std::string& spki,
                        const std::string& lease, const std::string& credentials) {
  own_lease(group.sql(), client, spki, lease);
  const Credentials kept = credentials_of(group.sql(), client);
  if (kept.current != credentials && std::ranges::find(kept.next, credentials) == kept.next.end())
    throw problems::conflict("These credentials are neither the current nor next ones.");
  group.sql().run("UPDATE credentials SET credentials = :credentials WHERE client = :client",
                  {credentials, client});
  group.sql().run("DELETE FROM next_credentials WHERE client = :client", {client});
  group.sql().run("DELETE FROM credentials_lease WHERE client = :client", {client});
  note_change(group, "credentials-committed", client, spki, lease);
}

Credentials credentials_of(storage::SqlConnection& sql, const std::string& client) {
  const auto rows =
      sql.query("SELECT credentials FROM credentials WHERE client = :client", {client});
  if (rows.empty()) throw problems::no_such("The client has no credentials.");
  Credentials credentials{.current = rows.front().text(0), .next = {}};
  for (const auto& row :
       sql.query("SELECT credentials FROM next_credentials WHERE client = :client ORDER BY number",
                 {client}))
    credentials.next.push_back(row.text(0));
  return credentials;
}

std::optional<std::string> leased_until(storage::SqlConnection& sql, const std::string& client,
                                        const std::string& time) {
  const auto lease = kept_lease(sql, client);
  if (!lease || lease->until <= time) return std::nullopt;
  return lease->until;
}

}  // namespace signet::sealserver
