#include "seal-server/clients/limits.h"

#include <boost/json.hpp>

#include "common/json_text.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

storage::SqlValue limit_value(const std::optional<std::int64_t>& number) {
  if (!number) return std::monostate();
  return *number;
}

}  // namespace

void set_client_limits(Group& group, const std::string& id, const SealLimits& limits) {
  const auto client = find_client(group.sql(), id);
  if (!client) throw problems::no_such("There is no client " + id + ".");
  if (client->state == "ended") throw problems::conflict("The client has ended.");
  storage::SqlValue until = std::monostate();
  if (limits.until) until = *limits.until;
  group.sql().run(
      "UPDATE client SET per_day = :per_day, in_all = :in_all, until = :until WHERE id = :id",
      {limit_value(limits.per_day), limit_value(limits.in_all), until, id});
  boost::json::object content{{"client", id}};
  if (limits.per_day) content["sealsADay"] = *limits.per_day;
  if (limits.in_all) content["seals"] = *limits.in_all;
  if (limits.until) content["until"] = *limits.until;
  group.add({.kind = "client-limits", .client = id, .seal = {}, .content = json_text(content)});
}

}  // namespace signet::sealserver
