#include "seal-server/seals/seals.h"

#include <boost/json.hpp>

#include "common/json_text.h"
#include "seal-server/seals/seal_row.h"
#include "seal-server/store/new_id.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kDay = 10;  // characters of a time: YYYY-MM-DD

void put_text(boost::json::object& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

std::string content_of(const std::string& client, const std::string& id, const NewSeal& seal) {
  boost::json::object content{{"client", client}, {"transaction", id}, {"kind", seal.kind}};
  put_text(content, "reference", seal.reference);
  put_text(content, "digest", seal.digest);
  put_text(content, "format", seal.format);
  put_text(content, "level", seal.level);
  put_text(content, "sealingCertificate", seal.certificate);
  return json_text(content);
}

std::string content_of(const std::string& client, const std::string& id, const SealResult& result) {
  boost::json::object content{{"client", client}, {"transaction", id}, {"state", result.state}};
  put_text(content, "signatureDigest", result.signature_digest);
  put_text(content, "sealedDigest", result.sealed_digest);
  put_text(content, "signedAt", result.signed_at);
  put_text(content, "timestampedAt", result.timestamped_at);
  put_text(content, "sealingCertificate", result.certificate);
  put_text(content, "reason", result.reason);
  return json_text(content);
}

void check_limits(Group& group, const Client& client, std::int64_t wanted) {
  const SealLimits& limits = client.limits;
  if (limits.until && *limits.until <= group.time())
    throw problems::exhausted("The client's grant ended at " + *limits.until + ".");
  if (limits.in_all && client.opened + wanted > *limits.in_all) {
    throw problems::exhausted("Of the client's grant of " + std::to_string(*limits.in_all) +
                              " seals, " + std::to_string(*limits.in_all - client.opened) +
                              " are left.");
  }
  if (!limits.per_day) return;
  const std::string today = group.time().substr(0, kDay);
  const std::int64_t opened =
      group.sql()
          .query("SELECT count(*) FROM seal WHERE client = :client AND opened_at >= :today",
                 {client.id, today})
          .front()
          .number(0);
  if (opened + wanted <= *limits.per_day) return;
  throw problems::exhausted("The client may open " + std::to_string(*limits.per_day) +
                            " seals a day; " + std::to_string(opened) + " were opened today.");
}

Opened open_seal(Group& group, const std::string& client, const NewSeal& seal) {
  Opened opened{.id = new_id(), .receipt = {}};
  opened.receipt = group.add({.kind = "opened",
                              .client = client,
                              .seal = opened.id,
                              .content = content_of(client, opened.id, seal)});
  group.sql().run(
      "INSERT INTO seal (id, client, number, opened_at, ended_at, kind, reference, digest, format,"
      " level, certificate, state, signature_digest, sealed_digest, signed_at, timestamped_at,"
      " used_certificate, reason)"
      " VALUES (:id, :client, :number, :opened_at, '', :kind, :reference, :digest, :format,"
      " :level, :certificate, 'opened', '', '', '', '', '', '')",
      {opened.id, client, static_cast<std::int64_t>(opened.receipt.sequence), group.time(),
       seal.kind, seal.reference, seal.digest, seal.format, seal.level, seal.certificate});
  return opened;
}

}  // namespace

std::vector<Opened> open_seals(Group& group, const Client& client,
                               const std::vector<NewSeal>& seals) {
  // As it is now, under the lock.
  const auto current = find_client(group.sql(), client.id);
  if (!current) throw problems::not_admitted("There is no such client.");
  const auto wanted = static_cast<std::int64_t>(seals.size());
  check_limits(group, *current, wanted);
  group.sql().run("UPDATE client SET opened = opened + :wanted WHERE id = :id",
                  {wanted, client.id});
  std::vector<Opened> opened;
  for (const NewSeal& seal : seals) opened.push_back(open_seal(group, client.id, seal));
  return opened;
}

std::optional<Receipt> end_seal(Group& group, const Client& client, const std::string& id,
                                const SealResult& result) {
  const auto seal = find_seal(group.sql(), client.id, id);
  if (!seal) throw problems::no_such("The client has no transaction " + id + ".");
  if (seal->result == result) return std::nullopt;
  if (!seal->ended_at.empty() && seal->result.state != "unknown")
    throw problems::conflict("The transaction has ended with another result.");
  group.sql().run(
      "UPDATE seal SET state = :state, ended_at = :ended_at, signature_digest = :signature_digest,"
      " sealed_digest = :sealed_digest, signed_at = :signed_at, timestamped_at = :timestamped_at,"
      " used_certificate = :used_certificate, reason = :reason WHERE id = :id",
      {result.state, group.time(), result.signature_digest, result.sealed_digest, result.signed_at,
       result.timestamped_at, result.certificate, result.reason, id});
  return group.add({.kind = result.state,
                    .client = client.id,
                    .seal = id,
                    .content = content_of(client.id, id, result)});
}

std::size_t give_up_seals(Group& group, const std::string& time, std::int64_t most) {
  const auto rows = group.sql().query(
      "SELECT id, client FROM seal WHERE state = 'opened' AND opened_at < :time"
      " ORDER BY opened_at LIMIT :most",
      {time, most});
  for (const storage::SqlRow& row : rows) {
    const SealResult unknown{.state = "unknown",
                             .signature_digest = {},
                             .sealed_digest = {},
                             .signed_at = {},
                             .timestamped_at = {},
                             .certificate = {},
                             .reason = {}};
    group.sql().run("UPDATE seal SET state = 'unknown', ended_at = :ended_at WHERE id = :id",
                    {group.time(), row.text(0)});
    group.add({.kind = "unknown",
               .client = row.text(1),
               .seal = row.text(0),
               .content = content_of(row.text(1), row.text(0), unknown)});
  }
  return rows.size();
}

std::optional<Seal> find_seal(storage::SqlConnection& sql, const std::string& client,
                              const std::string& id) {
  const auto rows =
      sql.query(std::string(kSealColumns) + " WHERE id = :id AND client = :client", {id, client});
  if (rows.empty()) return std::nullopt;
  return seal_in(rows.front());
}

}  // namespace signet::sealserver
