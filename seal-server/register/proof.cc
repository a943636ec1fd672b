#include "seal-server/register/proof.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "seal-server/register/time_stamps.h"
#include "seal-server/register/tree_store.h"

namespace signet::sealserver {

namespace {

std::string extra_of(const storage::SqlRow& row, const std::optional<StoredTimeStamp>& stamp) {
  boost::json::object extra{{"entry", row.text(0)}};
  if (!row.is_null(1)) {
    extra["content"] = row.text(1);
    extra["random"] = row.text(2);
  }
  if (stamp) extra["timestamp"] = stamp->token;
  return crypto::to_base64(view_of(json_text(extra)));
}

std::optional<std::uint64_t> sequence_in(const std::vector<storage::SqlRow>& rows) {
  if (rows.empty()) return std::nullopt;
  return static_cast<std::uint64_t>(rows.front().number(0));
}

}  // namespace

std::string event_proof(storage::SqlConnection& sql, std::uint64_t sequence) {
  const auto rows = sql.query("SELECT entry, content, random FROM event WHERE sequence = :sequence",
                              {static_cast<std::int64_t>(sequence)});
  const auto stamp = time_stamp_of(sql, sequence);
  const auto checkpoint = stamp ? checkpoint_of(sql, stamp->size) : newest_checkpoint(sql);
  if (rows.empty() || !checkpoint) throw std::runtime_error("The register has no such event.");
  const auto proof = crypto::inclusion_proof(sequence, checkpoint->size, stored_nodes(sql));
  if (!proof) throw std::runtime_error(proof.assume_error());
  std::string text = fmt::format("c2sp.org/tlog-proof@v1\nextra {}\nindex {}\n",
                                 extra_of(rows.front(), stamp), sequence);
  for (const crypto::TreeHash& hash : proof.assume_value()) text += crypto::to_base64(hash) + "\n";
  return text + "\n" + checkpoint->note;
}

std::optional<std::uint64_t> newest_event_of(storage::SqlConnection& sql,
                                             const std::string& transaction) {
  return sequence_in(
      sql.query("SELECT sequence FROM event WHERE seal = :seal ORDER BY sequence DESC LIMIT 1",
                {transaction}));
}

std::optional<std::uint64_t> first_event_of(storage::SqlConnection& sql,
                                            const std::string& transaction) {
  return sequence_in(sql.query(
      "SELECT sequence FROM event WHERE seal = :seal ORDER BY sequence LIMIT 1", {transaction}));
}

}  // namespace signet::sealserver
