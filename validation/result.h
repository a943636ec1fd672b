// What a validation found, complete: every report is written from this, and nothing else.
#ifndef SIGNET_VALIDATION_RESULT_H_
#define SIGNET_VALIDATION_RESULT_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "validation/document.h"
#include "validation/indication.h"
#include "validation/policy.h"
#include "validation/qualification.h"

namespace signet::validation {

// The revocation data that decided for one certificate.
struct UsedRevocation {
  RevocationDataPtr data;  // null: none was found, or none was needed
  std::optional<RevocationStatus> status;
  CertificatePtr signer;
  std::optional<Statement> why_none;  // an anchor, ocsp-nocheck, short-term, nothing usable
};

struct ChainLink {
  CertificatePtr certificate;
  UsedRevocation revocation;
};

// A moment and what it was proven by.
struct Proof {
  Time time{};
  std::optional<ObjectId> by;  // a time-stamp; nothing: the control time itself
};

enum class Level : std::uint8_t { none, b_b, b_t, b_lt, b_lta };
std::string_view name_of(Level level);  // "B-LTA"; "none" below B-B

struct TimeStampResult {
  const TimeStampPart* part = nullptr;
  Conclusion conclusion;
  std::vector<ChainLink> chain;         // from the signer to the anchor; the best that was found
  bool trusted = false;                 // the chain ends at an anchor
  Proof judged_at;                      // the moment at which it was judged, and what proves that
  std::vector<std::string> algorithms;  // "RSA-2048 with SHA-256"
  Qualification qualification;
};

struct SignatureResult {
  const SignaturePart* part = nullptr;
  Conclusion conclusion;
  std::vector<ChainLink> chain;
  bool trusted = false;
  Proof best_signature_time;
  Level level = Level::none;
  std::vector<Statement> level_faults;  // each rule of the next levels that is broken
  Level highest_level = Level::b_lta;   // that it can be extended to: some faults stay
  std::vector<std::string> algorithms;
  std::vector<TimeStampResult>
      time_stamps;  // content, signature, archive: each kind the oldest first
  std::vector<SignatureResult> counter_signatures;  // as in `part`
  // As things stand, until when this verdict can be had: the end of the last time-stamp's certificate or chain, or of an
  // algorithm; without a time-stamp, of the signer's chain. Only where it passed.
  std::optional<Time> verifiable_until;
  std::optional<Statement> verifiable_because;
  Qualification qualification;
};

struct ValidationResult {
  const DocumentParts* document = nullptr;
  Policy policy;
  std::vector<SignatureResult> signatures;            // in the document's order
  std::vector<TimeStampResult> document_time_stamps;  // the oldest first
  std::map<ObjectId, Proof> proofs;                   // the lowest of each object
  std::vector<Statement> remarks;

  // The worst of the signatures; of a time-stamp alone its own. Nothing where there is neither.
  std::optional<Conclusion> overall() const;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_RESULT_H_
