#include "softhsm-backend/journal.h"

#include <algorithm>

#include "crypto/openssl.h"
#include "softhsm-backend/state.h"

namespace signet::emulator {

namespace {

constexpr std::int64_t kMemoryMilliseconds = 20 * 60 * 1000;

}  // namespace

void write_journal(Database& database, const JournalEntry& entry) {
  database.run(
      "INSERT INTO journal (time, account, key_id, algorithm, hash, salt_length, digest, signature,"
      " reference, request_id, idempotency_key, role, dialect)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      entry.time, entry.account, entry.key_id, entry.algorithm, entry.hash, entry.salt_length,
      entry.digest, entry.signature, entry.reference, entry.request_id, entry.idempotency_key,
      entry.role, entry.dialect);
}

void read_journal(Database& database, const std::function<void(const JournalEntry&)>& visit) {
  auto rows = database.query(
      "SELECT time, account, key_id, algorithm, hash, salt_length, digest, signature, reference,"
      " request_id, idempotency_key, role, dialect FROM journal ORDER BY seq");
  while (rows.next()) {
    visit({.time = rows.number(0),
           .account = rows.text(1),
           .key_id = rows.text(2),
           .algorithm = rows.text(3),
           .hash = rows.text(4),
           .salt_length = rows.optional_number(5),
           .digest = rows.blob(6),
           .signature = rows.blob(7),
           .reference = rows.text(8),
           .request_id = rows.text(9),
           .idempotency_key = rows.text(10),
           .role = rows.text(11),
           .dialect = rows.text(12)});
  }
}

RequestMark mark_of(const Request& request, std::string_view account,
                    std::string_view idempotency_key) {
  std::string all = request.method;
  all.push_back('\0');
  all += request.target;
  all.push_back('\0');
  all += request.body;
  return {.account = std::string(account),
          .idempotency_key = std::string(idempotency_key),
          .hash = crypto::sha256(view_of(all))};
}

std::optional<Remembered> recall(Database& database, const RequestMark& mark) {
  auto rows = database.query(
      "SELECT request_hash, status, body FROM answers WHERE account = ? AND idempotency_key = ?",
      mark.account, mark.idempotency_key);
  if (!rows.next()) return std::nullopt;
  return Remembered{
      .answer = {.status = static_cast<unsigned>(rows.number(1)), .body = rows.text(2)},
      .same_request = equal(rows.blob(0), mark.hash)};
}

void remember(Database& database, const RequestMark& mark, const Answer& answer) {
  database.run(
      "INSERT INTO answers (account, idempotency_key, request_hash, status, body, time)"
      " VALUES (?, ?, ?, ?, ?, ?)",
      mark.account, mark.idempotency_key, mark.hash, std::int64_t{answer.status}, answer.body,
      now_milliseconds());
}

void forget_old_answers(Database& database) {
  database.run("DELETE FROM answers WHERE time < ?", now_milliseconds() - kMemoryMilliseconds);
}

}  // namespace signet::emulator
