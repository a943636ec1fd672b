// The register beside the appliance's journal: whether each signature that was made has its transaction, and each sealed
// transaction its signature.
#ifndef SIGNET_SEAL_SERVER_SEALS_RECONCILE_H_
#define SIGNET_SEAL_SERVER_SEALS_RECONCILE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/sql.h"

namespace signet::sealserver {

// A signature that the appliance has made.
struct JournalledSignature {
  std::string time;       // RFC 3339 in UTC
  std::string signature;  // SHA-256 of it, in hexadecimal
  std::string
      reference;  // the text that went with its request; a transaction's id, where the client says so
  std::string name;  // what the journal calls the request, for people
};

// A line of `signet-emulator journal --json`: an object with "time", "signature" (base64), "reference" and "requestId".
// Nothing for anything else.
std::optional<JournalledSignature> journalled_in(std::string_view line);

enum class Difference {
  no_transaction,     // a signature of which the register knows nothing
  another_signature,  // a signature beside the one that its transaction has
  not_sealed,         // a signature whose transaction has ended as failed, or has no result
  no_signature,       // a sealed transaction whose signature is not in the journal
};

struct Discrepancy {
  Difference kind = Difference::no_transaction;
  std::string time;         // of the signature, or of the transaction's end
  std::string name;         // of the journal's request; empty: none
  std::string transaction;  // empty: none
};

// A sentence.
std::string sentence_of(const Discrepancy& discrepancy);

struct Reconciliation {
  std::uint64_t signatures = 0;  // in the journal
  std::uint64_t matched = 0;     // of them: of the transaction that has sealed with it
  std::uint64_t seals = 0;       // sealed transactions in the register
};

// Reads the whole register, within one state of the database. `next()` gives the journal's lines in any order, nothing at its
// end; `tell` each discrepancy. Sealed transactions that ended before `from` (RFC 3339; empty: none) are passed over, and so are
// those whose client has not said which signature it was: their signature has to name them by its reference.
Reconciliation reconcile(storage::SqlConnection& sql,
                         const std::function<std::optional<JournalledSignature>()>& next,
                         const std::string& from,
                         const std::function<void(const Discrepancy&)>& tell);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SEALS_RECONCILE_H_
