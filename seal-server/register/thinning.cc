#include "seal-server/register/thinning.h"

#include <boost/json.hpp>

#include "common/json_text.h"

namespace signet::sealserver {

std::vector<std::string> old_transactions(storage::SqlConnection& sql, const std::string& before,
                                          std::int64_t most) {
  std::vector<std::string> ids;
  for (const auto& row : sql.query("SELECT id FROM seal WHERE ended_at <> '' AND ended_at < :before"
                                   " ORDER BY number LIMIT :most",
                                   {before, most}))
    ids.push_back(row.text(0));
  return ids;
}

std::string exported(storage::SqlConnection& sql, const std::string& transaction) {
  std::string lines;
  for (const auto& row : sql.query("SELECT sequence, entry, content, random FROM event"
                                   " WHERE seal = :seal ORDER BY sequence",
                                   {transaction})) {
    lines += json_text(boost::json::object{{"sequence", row.number(0)},
                                           {"entry", row.text(1)},
                                           {"content", row.text(2)},
                                           {"random", row.text(3)}}) +
             "\n";
  }
  return lines;
}

std::uint64_t thin(Group& group, const std::vector<std::string>& transactions,
                   const std::string& before) {
  std::int64_t events = 0;
  for (const std::string& id : transactions) {
    events += group.sql().run(
        "UPDATE event SET content = NULL, random = NULL, client = NULL, seal = NULL"
        " WHERE seal = :seal",
        {id});
    group.sql().run("DELETE FROM seal WHERE id = :id", {id});
  }
  if (!transactions.empty()) {
    const boost::json::object content{{"before", before}, {"events", events}};
    group.add({.kind = "thinned", .client = {}, .seal = {}, .content = json_text(content)});
  }
  return static_cast<std::uint64_t>(events);
}

}  // namespace signet::sealserver
