// The journal of every signature, and the memory of answers by idempotency key.
#ifndef SIGNET_SOFTHSM_BACKEND_JOURNAL_H_
#define SIGNET_SOFTHSM_BACKEND_JOURNAL_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "softhsm-backend/message.h"
#include "softhsm-backend/state.h"

namespace signet::emulator {

struct JournalEntry {
  std::int64_t time = 0;  // milliseconds since 1970
  std::string account;
  std::string key_id;
  std::string algorithm;
  std::string hash;
  std::optional<std::int64_t> salt_length;
  Bytes digest;
  Bytes signature;
  std::string reference;
  std::string request_id;
  std::string idempotency_key;
  std::string role;                // of the member that made it
  std::string dialect = "native";  // in which it was asked for
};

void write_journal(Database& database, const JournalEntry& entry);

// In the order of writing.
void read_journal(Database& database, const std::function<void(const JournalEntry&)>& visit);

// Names one request of one account: two are the same if method, path and body are.
struct RequestMark {
  std::string account;
  std::string idempotency_key;
  Bytes hash;  // SHA-256
};

RequestMark mark_of(const Request& request, std::string_view account,
                    std::string_view idempotency_key);

struct Remembered {
  Answer answer;
  bool same_request = false;  // false: the key was used with another request
};

std::optional<Remembered> recall(Database& database, const RequestMark& mark);

// To be called in the transaction that carries out the request.
void remember(Database& database, const RequestMark& mark, const Answer& answer);

// Drops answers older than 20 minutes; the contract promises 10.
void forget_old_answers(Database& database);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_JOURNAL_H_
