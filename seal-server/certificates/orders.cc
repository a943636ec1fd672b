#include "seal-server/certificates/orders.h"

#include <boost/json.hpp>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "crypto/openssl.h"
#include "seal-server/clients/clients.h"
#include "seal-server/clients/keys.h"
#include "seal-server/store/new_id.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr const char* kOrderColumns =
    "SELECT id, client, purpose, spki, made_by, state, request, certificates, reason, supersedes"
    " FROM certificate_order";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return lines;
}

CertificateOrder order_in(const storage::SqlRow& row) {
  return {.id = row.text(0),
          .client = row.text(1),
          .purpose = row.text(2),
          .key = row.text(3),
          .made_by = row.text(4),
          .state = row.text(5),
          .request = crypto::from_base64(row.text(6)).value_or(Bytes()),
          .certificates = lines_of(row.text(7)),
          .reason = row.text(8),
          .supersedes = row.number(9) != 0};
}

bool waits(Group& group, const std::string& id) {
  const auto rows = group.sql().query("SELECT state FROM certificate_order WHERE id = :id", {id});
  return !rows.empty() && rows.front().text(0) == "pending";
}

void note_order(Group& group, const char* kind, const CertificateOrder& order,
                boost::json::object more) {
  boost::json::object content{{"client", order.client},
                              {"order", order.id},
                              {"purpose", order.purpose},
                              {"key", order.key}};
  for (auto& member : more) content[member.key()] = std::move(member.value());
  group.add({.kind = kind, .client = order.client, .seal = {}, .content = json_text(content)});
}

}  // namespace

std::string add_order(Group& group, const CertificateOrder& order) {
  CertificateOrder added = order;
  added.id = new_id();
  group.sql().run(
      "INSERT INTO certificate_order (id, client, purpose, spki, made_by, state, request,"
      " certificates, reason, supersedes, made_at, due)"
      " VALUES (:id, :client, :purpose, :spki, :made_by, 'pending', :request, '', '', :supersedes,"
      " :made_at, :due)",
      {added.id, added.client, added.purpose, added.key, added.made_by,
       crypto::to_base64(added.request), std::int64_t{added.supersedes ? 1 : 0}, group.time(),
       group.time()});
  note_order(group, "certificate-ordered", added,
             {{"request", to_hex(crypto::sha256(added.request))}, {"by", added.made_by}});
  return added.id;
}

std::optional<CertificateOrder> find_order(storage::SqlConnection& sql, const std::string& client,
                                           std::string_view purpose, const std::string& id) {
  const auto rows = sql.query(
      std::string(kOrderColumns) + " WHERE id = :id AND client = :client AND purpose = :purpose",
      {id, client, std::string(purpose)});
  if (rows.empty()) return std::nullopt;
  return order_in(rows.front());
}

std::vector<CertificateOrder> take_due_orders(Group& group, std::string_view purpose,
                                              std::chrono::seconds patience, std::int64_t most) {
  std::vector<CertificateOrder> orders;
  for (const auto& row : group.sql().query(std::string(kOrderColumns) +
                                               " WHERE state = 'pending' AND purpose = :purpose AND"
                                               " due <= :now ORDER BY due LIMIT :most",
                                           {std::string(purpose), group.time(), most}))
    orders.push_back(order_in(row));
  for (const CertificateOrder& order : orders) postpone_order(group, order.id, patience);
  return orders;
}

void postpone_order(Group& group, const std::string& id, std::chrono::seconds span) {
  group.sql().run("UPDATE certificate_order SET due = :due WHERE id = :id AND state = 'pending'",
                  {group.later(span), id});
}

void refuse_order(Group& group, const CertificateOrder& order, const std::string& reason) {
  if (!waits(group, order.id)) return;
  group.sql().run("UPDATE certificate_order SET state = 'refused', reason = :reason WHERE id = :id",
                  {reason, order.id});
  note_order(group, "certificate-refused", order, {{"reason", reason}});
  // Nobody will ever have a certificate for it.
  if (order.purpose == kAuthentication) revoke_key(group, order.key);
}

void issue_order(Group& group, const CertificateOrder& order,
                 const std::vector<Bytes>& certificates) {
  if (!waits(group, order.id)) return;
  std::string lines;
  for (const Bytes& certificate : certificates) lines += crypto::to_base64(certificate) + "\n";
  group.sql().run(
      "UPDATE certificate_order SET state = 'issued', certificates = :certificates WHERE id = :id",
      {lines, order.id});
  note_order(group, "certificate-issued", order,
             {{"certificate", to_hex(crypto::sha256(certificates.front()))}});
  if (order.purpose == kAuthentication) give_certificate(group, order.key, certificates.front());
}

}  // namespace signet::sealserver
