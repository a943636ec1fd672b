// What the seal server's contract says, as its client sees it.
#ifndef SIGNET_SEAL_CLIENT_CONTRACT_H_
#define SIGNET_SEAL_CLIENT_CONTRACT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"

namespace signet::sealclient {

// Of one request; the server takes no more.
inline constexpr std::size_t kMostSeals = 100;
inline constexpr std::size_t kMostResults = 100;

// A seal that is about to be made. Empty: not given.
struct NewSeal {
  bool document = true;   // false: something else that is given to be signed
  std::string reference;  // at most 256 characters, none of them a control character
  Bytes digest;           // SHA-256 of the document, or of what is signed
  std::string format;
  std::string level;
  Bytes certificate;  // SHA-256 of the sealing certificate's DER
};

// How a seal has ended. Empty: not given.
struct SealResult {
  bool sealed = false;     // false: it failed
  Bytes signature_digest;  // SHA-256 of what the key's owner returned
  Bytes sealed_digest;     // SHA-256 of the sealed document
  std::string signed_at;   // RFC 3339 in UTC
  std::string timestamped_at;
  Bytes certificate;   // of the certificate that was used, where it is another one
  std::string reason;  // at most 1000 characters

  bool operator==(const SealResult&) const = default;
};

struct NamedResult {
  std::string id;  // of the transaction
  SealResult result;

  bool operator==(const NamedResult&) const = default;
};

// What the register says of an event, for its later proof.
struct Receipt {
  std::uint64_t sequence = 0;
  Bytes random;
  std::string entry;
};

struct OpenedSeal {
  std::string id;
  Receipt receipt;
};

enum class Outcome {
  recorded,             // now or before
  conflict,             // the transaction has another result already
  unknown_transaction,  // the client has no such one
};

struct Reported {
  std::string id;
  Outcome outcome = Outcome::recorded;
};

// An item for each seal and each result that was sent, in their order.
struct Opening {
  std::vector<OpenedSeal> seals;
  std::vector<Reported> results;
};

struct ClientStatus {
  std::string id;
  std::string name;
  std::string organisation;
  std::optional<std::int64_t> seals_a_day;
  std::optional<std::int64_t> seals_left;
  std::string until;  // of the grant; empty: without an end
  std::string time;   // of the server
};

// Ciphertexts.
struct Cryptogram {
  Bytes cryptogram;   // for the key that authenticated
  Bytes credentials;  // for all keys of the client
};

struct ServerError {
  enum class Kind {
    unreachable,    // no answer in time, or none that says whether it was done
    untrusted,      // the server is another one, or does not admit our certificate in the handshake
    not_admitted,   // 401 or 403: the key or the client
    limit,          // 429
    missing,        // 404
    conflict,       // 409
    refused,        // any other refusal: the request is wrong
    bad_answer,     // an answer that the contract does not have
    contradiction,  // the server's log does not continue what this client saw of it
  };
  Kind kind = Kind::unreachable;
  std::string sentence;
};

template <typename T>
using ServerResult = Result<T, ServerError>;

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_CONTRACT_H_
