// The calls by which a client gets its next certificates.
#include <boost/json.hpp>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "seal-server/certificates/authentication.h"
#include "seal-server/certificates/orders.h"
#include "seal-server/certificates/sealing.h"
#include "seal-server/server/answers.h"
#include "seal-server/server/idempotency.h"
#include "seal-server/server/json_reader.h"
#include "seal-server/server/service.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMostCryptogram = 64 * 1024;     // octets
constexpr std::size_t kMostRequestOctets = 64 * 1024;  // octets
constexpr std::size_t kMostId = 64;                    // characters

Bytes octets_of(const std::string& base64) {
  return crypto::from_base64(base64).value_or(Bytes());
}

Bytes request_in(const boost::json::object& object) {
  return octets_of(required(read_base64(object, "request", kMostRequestOctets), "request"));
}

boost::json::object order_json(const CertificateOrder& order) {
  boost::json::object object{{"id", order.id}, {"state", order.state}};
  if (order.state == "refused") object["reason"] = order.reason;
  if (order.state != "issued") return object;
  boost::json::array certificates;
  for (const std::string& each : order.certificates) certificates.emplace_back(each);
  object["certificates"] = std::move(certificates);
  return object;
}

}  // namespace

https::server::Response Service::order_authentication(const Call& call) {
  const Repeatable once = repeatable(call.request, call.client.id);
  const boost::json::value body = read_body(call.request);
  const auto& object = read_members(body, {"request", "cryptogram", "supersedes"});
  const NewAuthenticationKey wanted{
      .request = read_request(request_in(object)),
      .cryptogram = required(read_base64(object, "cryptogram", kMostCryptogram), "cryptogram"),
      .supersedes = read_flag(object, "supersedes", true)};
  auto answer = accepted_answer(answer_once(sequencer_, once, [&](Group& group) {
    return json_text({{"id", order_authentication_certificate(group, call.key, wanted)}});
  }));
  options_.ordered();
  return answer;
}

https::server::Response Service::confirm_authentication(const Call& call, const std::string& id) {
  const Repeatable once = repeatable(call.request, call.client.id);
  read_members(read_body(call.request), {});
  return ready_answer(answer_once(sequencer_, once, [&](Group& group) {
    confirm_authentication_key(group, call.key, id);
    return json_text({{"key", call.key.spki}, {"state", "active"}});
  }));
}

https::server::Response Service::show_order(const Call& call, std::string_view purpose,
                                            const std::string& id) {
  const auto order = read(
      [&](storage::SqlConnection& sql) { return find_order(sql, call.client.id, purpose, id); });
  if (!order) throw problems::no_such("The client has no order " + id + ".");
  return json_answer(order_json(*order));
}

https::server::Response Service::lease_sealing(const Call& call) {
  const Repeatable once = repeatable(call.request, call.client.id);
  read_members(read_body(call.request), {});
  return ready_answer(answer_once(sequencer_, once, [&](Group& group) {
    const SealingLease lease = lease_sealing_key(group, call.client.id, call.key.spki);
    boost::json::object answer{{"id", lease.id},
                               {"keyLabel", lease.key_label},
                               {"idempotencyKey", lease.idempotency_key},
                               {"until", lease.until}};
    if (!lease.order.empty()) answer["certificate"] = lease.order;
    return json_text(answer);
  }));
}

https::server::Response Service::order_sealing(const Call& call) {
  const Repeatable once = repeatable(call.request, call.client.id);
  const boost::json::value body = read_body(call.request);
  const auto& object = read_members(body, {"lease", "request"});
  const std::string lease = required(read_text(object, "lease", kMostId), "lease");
  const Bytes request = request_in(object);
  auto answer = accepted_answer(answer_once(sequencer_, once, [&](Group& group) {
    return json_text(
        {{"id", order_sealing_certificate(group, call.client.id, call.key.spki, lease, request)}});
  }));
  options_.ordered();
  return answer;
}

https::server::Response Service::activate_sealing(const Call& call, const std::string& id) {
  const boost::json::value body = read_body(call.request);
  const std::string state =
      required(read_word(read_members(body, {"state"}), "state", {"active"}), "state");
  sequencer_.write([&](Group& group) { activate_sealing_certificate(group, call.client.id, id); });
  return json_answer({{"id", id}, {"state", state}});
}

}  // namespace signet::sealserver
