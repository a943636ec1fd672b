#include "bench/register_fill.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include "common/clock.h"
#include "crypto/openssl.h"
#include "seal-server/register/sequencer.h"
#include "seal-server/seals/seals.h"
#include "storage/sql.h"

namespace signet::bench {

namespace {

using sealserver::Group;
using std::chrono::system_clock;

constexpr std::uint64_t kGroup = 20'000;    // seals of one commit, which has one time
constexpr std::uint64_t kOpenAtOnce = 100;  // seals of one request
constexpr const char* kOrigin = "seals.example/log";
const system_clock::time_point kBegin{std::chrono::seconds(1'735'689'600)};  // 2025-01-01
constexpr std::chrono::milliseconds kBetween{3000};  // ten million of them: a year

system_clock::time_point opened_at(std::uint64_t number) {
  return kBegin + kBetween * number;
}

std::string digest_of_text(const std::string& text) {
  return to_hex(crypto::sha256(view_of(text)));
}

sealserver::NewSeal new_seal(std::uint64_t number) {
  return {.kind = "seal",
          .reference = filled_reference(number),
          .digest = digest_of_text(std::to_string(number)),
          .format = "PAdES",
          .level = "B-T",
          .certificate = std::string(64, 'c')};
}

sealserver::SealResult result_of(std::uint64_t number) {
  return {.state = "sealed",
          .signature_digest = {},
          .sealed_digest = digest_of_text("sealed " + std::to_string(number)),
          .signed_at = {},
          .timestamped_at = {},
          .certificate = {},
          .reason = {}};
}

// The indexes of the large tables, and the triggers that keep one of them: it is faster to make them once.
class Indexes {
 public:
  explicit Indexes(const std::string& database) : sql_(storage::SqlConnection::open(database)) {
    if (is_sqlite()) {
      sql_->run("PRAGMA cache_size = -262144");  // KiB
      drop(
          "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
          " AND type IN ('index', 'trigger') AND tbl_name IN ('event', 'seal')");
    } else {
      drop(
          "SELECT 'index', CAST(indexname AS text), indexdef FROM pg_indexes WHERE schemaname = "
          "'public'"
          " AND tablename IN ('event', 'seal') AND indexname NOT LIKE '%_pkey'");
    }
  }

  void make_again() {
    if (is_sqlite()) {
      sql_->run(
          "INSERT INTO seal_part (rowid, reference) SELECT number, reference FROM seal"
          " WHERE number > (SELECT COALESCE(max(rowid), -1) FROM seal_part)");
    }
    for (const std::string& statement : statements_) sql_->run(statement);
    if (!is_sqlite()) sql_->run("ANALYZE");
  }

 private:
  bool is_sqlite() const { return sql_->product() == storage::SqlConnection::Product::sqlite; }

  void drop(const char* question) {
    for (const auto& row : sql_->query(question)) {
      statements_.push_back(row.text(2));
      sql_->run("DROP " + row.text(0) + " " + row.text(1));
    }
  }

  const std::unique_ptr<storage::SqlConnection> sql_;
  std::vector<std::string> statements_;
};

void write_seals(Group& group, const sealserver::Client& client, std::uint64_t first,
                 std::uint64_t end) {
  std::vector<sealserver::NewSeal> seals;
  for (std::uint64_t number = first; number < end; ++number) seals.push_back(new_seal(number));
  const auto opened = sealserver::open_seals(group, client, seals);
  for (std::uint64_t number = first; number < end; ++number)
    sealserver::end_seal(group, client, opened[number - first].id, result_of(number));
}

}  // namespace

std::string filled_reference(std::uint64_t number) {
  return fmt::format("REF-{:08}", number);
}

std::string filled_time(std::uint64_t number) {
  return utc_text(opened_at(number));
}

void fill_register(const RegisterFill& fill) {
  Indexes indexes(fill.database);
  {
    system_clock::time_point now = kBegin;
    sealserver::Sequencer sequencer(sealserver::LogKey::read(kOrigin, fill.folder / "log.key"),
                                    {.database = fill.database,
                                     .checkpoint_file = fill.folder / "checkpoint",
                                     .now = [&now] { return now; }});
    sealserver::Client client;
    client.id = fill.client;
    for (std::uint64_t first = fill.first; first < fill.seals;) {
      const std::uint64_t end = std::min(first + kGroup, fill.seals);
      now = opened_at(first);
      sequencer.write([&](Group& group) {
        for (std::uint64_t at = first; at < end; at += kOpenAtOnce)
          write_seals(group, client, at, std::min(at + kOpenAtOnce, end));
      });
      first = end;
    }
  }
  indexes.make_again();
}

}  // namespace signet::bench
