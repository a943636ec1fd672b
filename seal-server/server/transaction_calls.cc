// The calls about seals.
#include <boost/json.hpp>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "seal-server/seals/seals.h"
#include "seal-server/seals/search.h"
#include "seal-server/server/answers.h"
#include "seal-server/server/idempotency.h"
#include "seal-server/server/json_reader.h"
#include "seal-server/server/query_reader.h"
#include "seal-server/server/service.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMostAtOnce = 100;     // transactions, and results, of one request
constexpr std::size_t kMostReference = 256;  // characters
constexpr std::size_t kMostReason = 1000;    // characters
constexpr std::size_t kMostFormat = 64;      // characters
constexpr std::int64_t kPage = 50;

NewSeal new_seal_in(const boost::json::value& value) {
  const auto& object =
      read_members(value, {"kind", "reference", "digest", "format", "level", "sealingCertificate"});
  return {.kind = required(read_word(object, "kind", {"seal", "signature"}), "kind"),
          .reference = read_text(object, "reference", kMostReference),
          .digest = required(read_digest(object, "digest"), "digest"),
          .format = read_text(object, "format", kMostFormat),
          .level = read_text(object, "level", kMostFormat),
          .certificate =
              required(read_certificate_name(object, "sealingCertificate"), "sealingCertificate")};
}

SealResult result_in(const boost::json::object& object) {
  return {.state = required(read_word(object, "state", {"sealed", "failed"}), "state"),
          .signature_digest = read_digest(object, "signatureDigest"),
          .sealed_digest = read_digest(object, "sealedDigest"),
          .signed_at = read_time(object, "signedAt"),
          .timestamped_at = read_time(object, "timestampedAt"),
          .certificate = read_certificate_name(object, "sealingCertificate"),
          .reason = read_text(object, "reason", kMostReason)};
}

struct NamedResult {
  std::string id;
  SealResult result;
};

NamedResult named_result_in(const boost::json::value& value) {
  const auto& object =
      read_members(value, {"id", "state", "signatureDigest", "sealedDigest", "signedAt",
                           "timestampedAt", "sealingCertificate", "reason"});
  return {.id = required(read_text(object, "id", kMostFormat), "id"), .result = result_in(object)};
}

boost::json::object receipt_json(const Receipt& receipt) {
  return {{"sequence", receipt.sequence},
          {"random", crypto::to_base64(receipt.random)},
          {"entry", receipt.entry}};
}

// One that cannot be taken does not stop the others, nor the seals that are opened.
boost::json::object take_result(Group& group, const Client& client, const NamedResult& named) {
  boost::json::object answer{{"id", named.id}, {"outcome", "recorded"}};
  try {
    const auto receipt = end_seal(group, client, named.id, named.result);
    if (receipt) answer["receipt"] = receipt_json(*receipt);
  } catch (const Problem& problem) {
    answer["outcome"] = problem.status() == 409 ? "conflict" : "unknown-transaction";
  }
  return answer;
}

void put_base64(boost::json::object& object, const char* name, const std::string& digits) {
  if (!digits.empty()) object[name] = crypto::to_base64(*from_hex(digits));
}

void put_given(boost::json::object& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

boost::json::object seal_json(const Seal& seal) {
  boost::json::object object{{"id", seal.id},
                             {"kind", seal.opened.kind},
                             {"state", seal.result.state},
                             {"openedAt", seal.opened_at}};
  put_given(object, "endedAt", seal.ended_at);
  put_given(object, "reference", seal.opened.reference);
  put_base64(object, "digest", seal.opened.digest);
  put_given(object, "format", seal.opened.format);
  put_given(object, "level", seal.opened.level);
  // The one that was used, where the client has said so.
  put_given(object, "sealingCertificate",
            seal.result.certificate.empty() ? seal.opened.certificate : seal.result.certificate);
  put_base64(object, "signatureDigest", seal.result.signature_digest);
  put_base64(object, "sealedDigest", seal.result.sealed_digest);
  put_given(object, "signedAt", seal.result.signed_at);
  put_given(object, "timestampedAt", seal.result.timestamped_at);
  put_given(object, "reason", seal.result.reason);
  return object;
}

}  // namespace

https::server::Response Service::open_transactions(const Call& call) {
  const Repeatable once = repeatable(call.request, call.client.id);
  const boost::json::value body = read_body(call.request);
  const auto& object = read_members(body, {"transactions", "results"});
  std::vector<NewSeal> seals;
  for (const auto& item : read_list(object, "transactions", kMostAtOnce))
    seals.push_back(new_seal_in(item));
  if (seals.empty()) throw problems::bad_value("\"transactions\" has no items.");
  std::vector<NamedResult> results;
  for (const auto& item : read_list(object, "results", kMostAtOnce))
    results.push_back(named_result_in(item));
  return ready_answer(answer_once(sequencer_, once, [&](Group& group) {
    boost::json::array taken;
    for (const NamedResult& result : results)
      taken.push_back(take_result(group, call.client, result));
    boost::json::array opened;
    for (const Opened& seal : open_seals(group, call.client, seals))
      opened.push_back(
          boost::json::object{{"id", seal.id}, {"receipt", receipt_json(seal.receipt)}});
    return json_text({{"transactions", std::move(opened)}, {"results", std::move(taken)}});
  }));
}

https::server::Response Service::end_transaction(const Call& call, const std::string& id) {
  const boost::json::value body = read_body(call.request);
  const SealResult result =
      result_in(read_members(body, {"state", "signatureDigest", "sealedDigest", "signedAt",
                                    "timestampedAt", "sealingCertificate", "reason"}));
  const auto receipt =
      sequencer_.write([&](Group& group) { return end_seal(group, call.client, id, result); });
  boost::json::object answer{{"id", id}};
  if (receipt) answer["receipt"] = receipt_json(*receipt);
  return json_answer(answer);
}

https::server::Response Service::show_transaction(const Call& call, const std::string& id) {
  const auto seal =
      read([&](storage::SqlConnection& sql) { return find_seal(sql, call.client.id, id); });
  if (!seal) throw problems::no_such("The client has no transaction " + id + ".");
  return json_answer(seal_json(*seal));
}

https::server::Response Service::list_transactions(const Call& call) {
  const Query query(call.query, {"from", "to", "digest", "reference", "state", "cursor"});
  SealFilter filter;
  filter.client = call.client.id;
  if (const auto* from = query.find("from")) filter.from = time_in(*from, "from");
  if (const auto* to = query.find("to")) filter.to = time_in(*to, "to");
  if (const auto* digest = query.find("digest"))
    filter.digests.push_back(digest_in(*digest, "digest"));
  if (const auto* reference = query.find("reference")) filter.reference = *reference;
  if (const auto* state = query.find("state"))
    filter.state = word_in(*state, "state", {"opened", "sealed", "failed", "unknown"});
  std::optional<std::int64_t> after;
  if (const auto* cursor = query.find("cursor")) after = query.number("cursor", *cursor);
  const SealPage page =
      read([&](storage::SqlConnection& sql) { return search_seals(sql, filter, after, kPage); });
  boost::json::object answer;
  if (page.next) answer["cursor"] = std::to_string(*page.next);
  boost::json::array list;
  for (const Seal& seal : page.seals) list.push_back(seal_json(seal));
  answer["transactions"] = std::move(list);
  return json_answer(answer);
}

}  // namespace signet::sealserver
