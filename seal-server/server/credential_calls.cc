// The calls by which a client fetches and changes its appliance credentials.
#include <boost/json.hpp>

#include "common/json_text.h"
#include "seal-server/clients/credentials.h"
#include "seal-server/server/answers.h"
#include "seal-server/server/idempotency.h"
#include "seal-server/server/json_reader.h"
#include "seal-server/server/service.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMostCredentials = 64 * 1024;  // octets
constexpr std::size_t kMostLeaseId = 64;             // characters

boost::json::array next_json(const Credentials& credentials) {
  boost::json::array next;
  for (const std::string& each : credentials.next) next.emplace_back(each);
  return next;
}

std::string lease_answer(const CredentialsLease& lease) {
  return json_text({{"lease", lease.id},
                    {"until", lease.until},
                    {"credentials", lease.credentials.current},
                    {"next", next_json(lease.credentials)}});
}

}  // namespace

// What is being changed is not given out: a login with the one password while the appliance takes the other would count as
// a wrong one.
https::server::Response Service::show_cryptogram(const Call& call) {
  boost::json::object answer;
  read([&](storage::SqlConnection& sql) {
    const auto found = find_cryptogram(sql, call.key.spki);
    if (!found) throw problems::no_such("There is no cryptogram for this key.");
    const auto until = leased_until(sql, call.client.id, call.time);
    if (until) {
      throw problems::wait(
          "The client's credentials are being changed; the lease on that ends at " + *until + ".");
    }
    answer["cryptogram"] = found->cryptogram;
    answer["credentials"] = found->credentials;
    answer["next"] = next_json(credentials_of(sql, call.client.id));
    const std::string statement = statement_of(sql, call.client.id);
    if (!statement.empty()) answer["statement"] = statement;
  });
  return json_answer(answer);
}

https::server::Response Service::change_credentials(const Call& call) {
  const Repeatable once = repeatable(call.request, call.client.id);
  const boost::json::value body = read_body(call.request);
  const auto& object = read_members(body, {"lease", "next"});
  const CredentialsChange change{.lease = read_text(object, "lease", kMostLeaseId),
                                 .next = read_base64(object, "next", kMostCredentials)};
  return ready_answer(answer_once(sequencer_, once, [&](Group& group) {
    return lease_answer(
        sealserver::change_credentials(group, call.client.id, call.key.spki, change));
  }));
}

https::server::Response Service::commit_credentials(const Call& call) {
  const Repeatable once = repeatable(call.request, call.client.id);
  const boost::json::value body = read_body(call.request);
  const auto& object = read_members(body, {"lease", "credentials"});
  const std::string lease = required(read_text(object, "lease", kMostLeaseId), "lease");
  const std::string credentials =
      required(read_base64(object, "credentials", kMostCredentials), "credentials");
  return ready_answer(answer_once(sequencer_, once, [&](Group& group) {
    sealserver::commit_credentials(group, call.client.id, call.key.spki, lease, credentials);
    return json_text({{"credentials", credentials}});
  }));
}

}  // namespace signet::sealserver
