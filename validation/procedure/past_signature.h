// Past signature validation (EN 319 102-1, 5.6.2.4), and what 5.5.4 does before it with the certificates that are good at the
// control time.
#ifndef SIGNET_VALIDATION_PROCEDURE_PAST_SIGNATURE_H_
#define SIGNET_VALIDATION_PROCEDURE_PAST_SIGNATURE_H_

#include <string>
#include <vector>

#include "validation/procedure/basic_validation.h"
#include "validation/procedure/context.h"

namespace signet::validation::procedure {

// A signature or a token judged with the proofs of existence that are known so far.
struct Judgement {
  Conclusion conclusion;
  std::vector<ChainLink> links;
  bool trusted = false;
  Proof judged_at;
  std::vector<std::string> algorithms;
  Basic basic;
};

// Basic validation at the control time; where its result depends on proofs of existence, at the lowest one: first by what is
// known at the control time (5.5.4), then by time sliding (5.6.2).
Judgement judge(Context& context, const Target& target);

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_PAST_SIGNATURE_H_
