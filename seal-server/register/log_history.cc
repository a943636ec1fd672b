#include "seal-server/register/log_history.h"

#include <stdexcept>

namespace signet::sealserver {

namespace {

LogIdentity identity_in(const std::string& origin, const std::string& key) {
  return {.origin = origin, .public_key = from_hex(key).value_or(Bytes())};
}

}  // namespace

LogHistory LogHistory::read(storage::SqlConnection& sql, LogIdentity now) {
  LogHistory history(std::move(now));
  for (const auto& row : sql.query("SELECT size, origin, public_key FROM former_log ORDER BY size"))
    history.former_.push_back({.size = static_cast<std::uint64_t>(row.number(0)),
                               .log = identity_in(row.text(1), row.text(2))});
  return history;
}

std::optional<crypto::TreeState> LogHistory::open(std::string_view note) const {
  const auto tree = open_checkpoint(now_, note);
  if (tree && (former_.empty() || tree->size > former_.back().size)) return tree;
  std::uint64_t before = 0;
  for (const Former& former : former_) {
    const auto earlier = open_checkpoint(former.log, note);
    if (earlier && earlier->size <= former.size && (before == 0 || earlier->size > before))
      return earlier;
    before = former.size;
  }
  return std::nullopt;
}

std::optional<LogIdentity> stored_log(storage::SqlConnection& sql) {
  const auto rows = sql.query("SELECT origin, public_key FROM log");
  if (rows.empty()) return std::nullopt;
  return identity_in(rows.front().text(0), rows.front().text(1));
}

void replace_log(storage::SqlConnection& sql, std::uint64_t size, const LogIdentity& next) {
  const auto now = stored_log(sql);
  if (!now) throw std::runtime_error("The database has no log.");
  sql.run("INSERT INTO former_log (size, origin, public_key) VALUES (:size, :origin, :public_key)",
          {static_cast<std::int64_t>(size), now->origin, to_hex(now->public_key)});
  sql.run("UPDATE log SET origin = :origin, public_key = :public_key",
          {next.origin, to_hex(next.public_key)});
}

}  // namespace signet::sealserver
