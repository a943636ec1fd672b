// Until when a verdict can be had as things stand: then at the latest the document must be extended.
#ifndef SIGNET_VALIDATION_PROCEDURE_VERIFIABLE_UNTIL_H_
#define SIGNET_VALIDATION_PROCEDURE_VERIFIABLE_UNTIL_H_

#include <map>
#include <optional>
#include <vector>

#include "validation/procedure/context.h"
#include "validation/procedure/time_stamps.h"
#include "validation/result.h"

namespace signet::validation::procedure {

struct VerifiableUntil {
  std::optional<Time> time;  // nothing: no end is known
  std::optional<Statement> because;
};

// Of the signatures of one document.
class EndFinder {
 public:
  // Both outlive it.
  EndFinder(Context& context, const TimeStamps& stamps) : context_(context), stamps_(stamps) {}

  // Of a signature that passed. What counts is the newest valid time-stamp over it: its certificates, the end of its anchor's
  // trust, the algorithms of its signature, imprint and certificates. Without a time-stamp the same of the signature.
  //
  // The same of the signature, and of each older time-stamp on which the verdict will rest once the newest alone is too late for
  // it, counts beside that where it is first: as long as a chain lasts, newer revocation data may be had for it. From then on the
  // data in the document has to serve. Where no time-stamp is over that, the certificates of who signed it and of the authorities
  // count, and the algorithms of both.
  VerifiableUntil of(const SignatureResult& signature);

 private:
  void judge_time_stamps();
  VerifiableUntil end_of(const Target& target, const std::vector<ChainLink>& chain,
                         const Sentence& sentence) const;

  Context& context_;
  const TimeStamps& stamps_;
  bool has_judged_ = false;
  std::map<const TimeStampPart*, VerifiableUntil> ends_;  // of the valid ones
};

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_VERIFIABLE_UNTIL_H_
