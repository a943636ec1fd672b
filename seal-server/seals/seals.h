// The transactions of the contract: each seal from its announcement to its result, and the limits on them.
//
// Functions that write belong into Sequencer::write(); each change of a seal is an event in the register. What cannot be
// done throws Problem.
#ifndef SIGNET_SEAL_SERVER_SEALS_SEALS_H_
#define SIGNET_SEAL_SERVER_SEALS_SEALS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "seal-server/clients/clients.h"

namespace signet::sealserver {

// Empty texts: not given. Digests and the certificate's name are hexadecimal SHA-256, times RFC 3339 in UTC.
struct NewSeal {
  std::string kind;       // seal, or signature
  std::string reference;  // the client's own
  std::string digest;
  std::string format;
  std::string level;
  std::string certificate;
};

struct SealResult {
  std::string state;  // sealed or failed
  std::string signature_digest;
  std::string sealed_digest;
  std::string signed_at;
  std::string timestamped_at;
  std::string certificate;
  std::string reason;

  bool operator==(const SealResult&) const = default;
};

struct Seal {
  std::string id;
  std::string client;
  std::int64_t number = 0;  // the sequence of its first event: later ones have larger ones
  std::string opened_at;
  std::string ended_at;  // empty: not yet
  NewSeal opened;
  SealResult result;  // its state also: opened, unknown
};

struct Opened {
  std::string id;
  Receipt receipt;
};

// In their order. Problem 429 where a limit of the client does not allow all of them; then none is opened.
std::vector<Opened> open_seals(Group& group, const Client& client,
                               const std::vector<NewSeal>& seals);

// The same result again is a success without a new event (nothing is returned); another one is Problem 409.
std::optional<Receipt> end_seal(Group& group, const Client& client, const std::string& id,
                                const SealResult& result);

// Those that were opened before `time` and have not ended become "unknown", at most `most` of them. Gives their number.
std::size_t give_up_seals(Group& group, const std::string& time, std::int64_t most);

std::optional<Seal> find_seal(storage::SqlConnection& sql, const std::string& client,
                              const std::string& id);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SEALS_SEALS_H_
