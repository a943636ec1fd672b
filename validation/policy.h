// What the caller decides of a validation: whom to trust, at which moment, by which rules.
#ifndef SIGNET_VALIDATION_POLICY_H_
#define SIGNET_VALIDATION_POLICY_H_

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/suite.h"
#include "validation/certificate.h"
#include "validation/statement.h"

namespace signet::validation {

// A certificate that chains end at. Its own dates, purposes and revocation are not asked for.
struct TrustAnchor {
  CertificatePtr certificate;
  std::optional<Time> until;  // then, and after it, trusted no longer (EN 319 102-1, 5.2.6.4)
  // From when on ended certificates stay in its revocation data, where that does not say so itself: what its trusted list says
  // of it (ExpiredCertsRevocationInfo, TS 119 612, 5.5.9.1).
  std::optional<Time> keeps_ended_since = {};
};

// How revocation data that is not fresh moves the control time (EN 319 102-1, 5.6.2.2, c).
enum class Sliding {
  next_update,  // to its nextUpdate: the rule's purpose
  letter,       // to its thisUpdate
};

struct Policy {
  std::vector<TrustAnchor> anchors;
  Time at;   // the control time; proofs that are later count for nothing
  Time now;  // of the clock
  // What an algorithm's end is read from. `other`: the suite that only makes warnings of what the first one does not list.
  std::shared_ptr<const crypto::Suite> suite;
  std::shared_ptr<const crypto::Suite> other;  // null: none
  // Revocation data for the signing certificate must not be older than that at the validation time; nothing: what the data says
  // of itself, its nextUpdate.
  std::optional<std::chrono::seconds> freshness;
  // For revocation data without nextUpdate.
  std::chrono::seconds assumed_freshness = std::chrono::hours(24);
  Sliding sliding = Sliding::next_update;
  // Documents of the signature policies that the caller accepts, by object identifier, dotted; "implied" for what a signature
  // leaves to its context (EN 319 102-1, 5.2.4). Their digests are compared with what the signature says; what they demand in
  // words is the caller's to check.
  std::map<std::string, Bytes> signature_policies;
  bool accept_without_revocation =
      false;  // a chain without any revocation data passes, with a warning (a test's own certificates)
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_POLICY_H_
