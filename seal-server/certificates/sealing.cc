#include "seal-server/certificates/sealing.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "common/clock.h"
#include "common/json_text.h"
#include "crypto/base64.h"
#include "crypto/certificate.h"
#include "crypto/openssl.h"
#include "seal-server/certificates/orders.h"
#include "seal-server/certificates/request.h"
#include "seal-server/clients/clients.h"
#include "seal-server/store/new_id.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kLabelDigits = 12;  // of a lease's id, in the label of its key

constexpr const char* kSealingColumns =
    "SELECT name, client, certificate, spki, state, not_after FROM sealing_certificate";

SealingCertificate sealing_certificate_in(const storage::SqlRow& row) {
  return {.name = row.text(0),
          .client = row.text(1),
          .certificate = row.text(2),
          .key = row.text(3),
          .state = row.text(4),
          .not_after = row.text(5)};
}

struct HeldLease : SealingLease {
  std::string holder;  // a key's spki
};

std::optional<HeldLease> held_lease(storage::SqlConnection& sql, const std::string& client) {
  const auto rows = sql.query(
      "SELECT id, key_label, idempotency_key, until, certificate_order, spki FROM sealing_lease"
      " WHERE client = :client",
      {client});
  if (rows.empty()) return std::nullopt;
  const storage::SqlRow& row = rows.front();
  return HeldLease{{.id = row.text(0),
                    .key_label = row.text(1),
                    .idempotency_key = row.text(2),
                    .until = row.text(3),
                    .order = row.text(4)},
                   row.text(5)};
}

void note_sealing(Group& group, const char* kind, const std::string& client,
                  boost::json::object more) {
  boost::json::object content{{"client", client}};
  for (auto& member : more) content[member.key()] = std::move(member.value());
  group.add({.kind = kind, .client = client, .seal = {}, .content = json_text(content)});
}

// The authority wants nothing of the key that was made under it.
bool was_refused(Group& group, const std::string& client, const HeldLease& lease) {
  if (lease.order.empty()) return false;
  const auto order = find_order(group.sql(), client, kSealing, lease.order);
  return !order || order->state == "refused";
}

void end_sealing_lease(Group& group, const std::string& client) {
  group.sql().run("DELETE FROM sealing_lease WHERE client = :client", {client});
}

HeldLease new_sealing_lease(const std::string& holder, const std::string& until) {
  HeldLease lease{
      {.id = new_id(), .key_label = {}, .idempotency_key = new_id(), .until = until, .order = {}},
      holder};
  lease.key_label = "seal-" + lease.id.substr(0, kLabelDigits);
  return lease;
}

void keep_sealing_lease(Group& group, const std::string& client, const HeldLease& lease) {
  end_sealing_lease(group, client);
  group.sql().run(
      "INSERT INTO sealing_lease (client, id, key_label, idempotency_key, until,"
      " certificate_order, spki)"
      " VALUES (:client, :id, :key_label, :idempotency_key, :until, :certificate_order, :spki)",
      {client, lease.id, lease.key_label, lease.idempotency_key, lease.until, lease.order,
       lease.holder});
}

Bytes der_in(const std::string& base64) {
  return crypto::from_base64(base64).value_or(Bytes());
}

// The client's own, active, and not past its end.
SealingCertificate present_certificate(Group& group, const std::string& client, ByteView signer) {
  const std::string name = to_hex(crypto::sha256(signer));
  for (SealingCertificate& each : sealing_certificates_of(group.sql(), client)) {
    if (each.name != name || each.state != "active") continue;
    if (each.not_after <= group.time())
      throw problems::bad_value("The certificate that has sealed the request has expired.");
    return std::move(each);
  }
  throw problems::bad_value(
      "The request is not sealed by the client's present sealing certificate.");
}

void expect_successor(const SealingCertificate& present, const CertificateRequest& request) {
  expect_sealing_key(request);
  if (request.key == present.key)
    throw problems::bad_value("The request is for the key of the present certificate.");
  const X509Ptr certificate = crypto::certificate_of(der_in(present.certificate));
  if (!certificate ||
      crypto::der_of(X509_get_subject_name(certificate.get()), i2d_X509_NAME) != request.subject)
    throw problems::bad_value("The request names another subject than the present certificate.");
}

}  // namespace

SealingCertificate add_sealing_certificate(Group& group, const std::string& client,
                                           ByteView certificate) {
  if (!find_client(group.sql(), client))
    throw problems::no_such("There is no client " + client + ".");
  const X509Ptr parsed = crypto::certificate_of(certificate);
  const auto not_after = parsed ? crypto::time_of(X509_get0_notAfter(parsed.get())) : std::nullopt;
  if (!not_after) throw problems::bad_value("This is no certificate.");
  const SealingCertificate added{.name = to_hex(crypto::sha256(certificate)),
                                 .client = client,
                                 .certificate = crypto::to_base64(certificate),
                                 .key = spki_of_certificate(certificate),
                                 .state = "active",
                                 .not_after = utc_text(*not_after)};
  const auto rows = group.sql().query(
      "SELECT client, state FROM sealing_certificate WHERE name = :name", {added.name});
  if (!rows.empty()) {
    if (rows.front().text(0) == client && rows.front().text(1) == "active") return added;
    throw problems::conflict("This certificate is registered already.");
  }
  group.sql().run("UPDATE sealing_certificate SET state = 'retired' WHERE client = :client",
                  {client});
  group.sql().run(
      "INSERT INTO sealing_certificate (name, client, certificate, spki, state, not_after)"
      " VALUES (:name, :client, :certificate, :spki, :state, :not_after)",
      {added.name, added.client, added.certificate, added.key, added.state, added.not_after});
  note_sealing(group, "sealing-certificate-active", client, {{"certificate", added.name}});
  return added;
}

std::vector<SealingCertificate> sealing_certificates_of(storage::SqlConnection& sql,
                                                        const std::string& client) {
  std::vector<SealingCertificate> certificates;
  for (const auto& row :
       sql.query(std::string(kSealingColumns) + " WHERE client = :client ORDER BY not_after, name",
                 {client}))
    certificates.push_back(sealing_certificate_in(row));
  return certificates;
}

std::optional<SealingCertificate> find_sealing_certificate(storage::SqlConnection& sql,
                                                           const std::string& name) {
  const auto rows = sql.query(std::string(kSealingColumns) + " WHERE name = :name", {name});
  if (rows.empty()) return std::nullopt;
  return sealing_certificate_in(rows.front());
}

SealingLease lease_sealing_key(Group& group, const std::string& client, const std::string& spki) {
  auto held = held_lease(group.sql(), client);
  if (held && was_refused(group, client, *held)) held.reset();
  const bool is_live = held && held->until > group.time();
  if (is_live && held->holder != spki) {
    throw problems::wait(
        "Another machine of the client has the lease on its next sealing key until " + held->until +
        ".");
  }
  if (is_live) return *held;
  const std::string until = group.later(kSealingLease);
  HeldLease lease = held ? *std::move(held) : new_sealing_lease(spki, until);
  lease.holder = spki;
  lease.until = until;
  keep_sealing_lease(group, client, lease);
  note_sealing(group, "sealing-key-leased", client, {{"lease", lease.id}, {"key", spki}});
  return lease;
}

std::string order_sealing_certificate(Group& group, const std::string& client,
                                      const std::string& spki, const std::string& lease,
                                      ByteView sealed_request) {
  const SealedRequest sealed = read_sealed_request(sealed_request);
  auto held = held_lease(group.sql(), client);
  if (!held || held->id != lease) throw problems::no_such("The client has no such lease.");
  if (held->holder != spki)
    throw problems::conflict("Another machine of the client has taken up this lease.");
  if (!held->order.empty()) {
    const auto former = find_order(group.sql(), client, kSealing, held->order);
    if (former && former->key == sealed.request.key) return former->id;
    throw problems::conflict("Under this lease a request for another key was handed in.");
  }
  expect_successor(present_certificate(group, client, sealed.signer), sealed.request);
  held->order = add_order(group, {.id = {},
                                  .client = client,
                                  .purpose = std::string(kSealing),
                                  .key = sealed.request.key,
                                  .made_by = spki,
                                  .state = {},
                                  .request = copy_of(sealed_request),
                                  .certificates = {},
                                  .reason = {},
                                  .supersedes = true});
  keep_sealing_lease(group, client, *held);
  return held->order;
}

void activate_sealing_certificate(Group& group, const std::string& client, const std::string& id) {
  const auto order = find_order(group.sql(), client, kSealing, id);
  if (!order) throw problems::no_such("The client has no order " + id + ".");
  if (order->state != "issued") throw problems::conflict("There is no certificate yet.");
  const auto held = held_lease(group.sql(), client);
  const bool is_current = held && held->order == id;
  const std::string name = to_hex(crypto::sha256(der_in(order->certificates.front())));
  const auto known = sealing_certificates_of(group.sql(), client);
  const auto found = std::ranges::find(known, name, &SealingCertificate::name);
  if (found != known.end()) return;  // done before; it may be retired by now
  add_sealing_certificate(group, client, der_in(order->certificates.front()));
  if (is_current) end_sealing_lease(group, client);
}

}  // namespace signet::sealserver
