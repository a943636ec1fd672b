#include "seal-server/register/time_stamps.h"

#include <boost/json.hpp>

#include "common/clock.h"
#include "common/json_text.h"
#include "crypto/base64.h"
#include "crypto/openssl.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kDayOfTime = std::string_view("2026-11-29").size();

}  // namespace

std::optional<StoredCheckpoint> due_time_stamp(storage::SqlConnection& sql,
                                               const std::string& time) {
  auto newest = newest_checkpoint(sql);
  const auto rows = sql.query("SELECT size, made_at FROM time_stamp ORDER BY size DESC LIMIT 1");
  if (!newest || rows.empty()) return newest;
  if (rows.front().text(1).substr(0, kDayOfTime) >= time.substr(0, kDayOfTime)) return std::nullopt;
  // Its own event is no reason for another one.
  const auto stamped = static_cast<std::uint64_t>(rows.front().number(0));
  return newest->size > stamped + 1 ? newest : std::nullopt;
}

void keep_time_stamp(Group& group, const StoredCheckpoint& checkpoint, ByteView token) {
  const auto size = static_cast<std::int64_t>(checkpoint.size);
  group.sql().run("INSERT INTO time_stamp (size, made_at, token) VALUES (:size, :made_at, :token)",
                  {size, group.time(), crypto::to_base64(token)});
  const boost::json::object content{
      {"size", size},
      {"checkpoint", to_hex(crypto::sha256(view_of(checkpoint.note)))},
      {"token", to_hex(crypto::sha256(token))}};
  group.add(
      {.kind = std::string(kTimeStamped), .client = {}, .seal = {}, .content = json_text(content)});
}

std::optional<std::uint64_t> stamp_newest(
    storage::SqlConnection& sql, Sequencer& sequencer, std::chrono::system_clock::time_point now,
    const std::function<Bytes(const StoredCheckpoint&)>& ask) {
  const auto due = sql.snapshot([&] { return due_time_stamp(sql, utc_text(now)); });
  if (!due) return std::nullopt;
  const Bytes token = ask(*due);
  // Another server of the same database may have been faster.
  const bool kept = sequencer.write([&](Group& group) {
    const bool still_due = due_time_stamp(group.sql(), group.time()).has_value();
    if (still_due) keep_time_stamp(group, *due, token);
    return still_due;
  });
  return kept ? std::optional(due->size) : std::nullopt;
}

std::optional<StoredTimeStamp> time_stamp_of(storage::SqlConnection& sql, std::uint64_t sequence) {
  const auto rows =
      sql.query("SELECT size, token FROM time_stamp WHERE size > :sequence ORDER BY size LIMIT 1",
                {static_cast<std::int64_t>(sequence)});
  if (rows.empty()) return std::nullopt;
  return StoredTimeStamp{static_cast<std::uint64_t>(rows.front().number(0)), rows.front().text(1)};
}

}  // namespace signet::sealserver
