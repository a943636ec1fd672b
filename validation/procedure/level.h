// Which baseline level a signature has by its form (EN 319 142-1, 6; EN 319 122-1, 6), whatever its verdict.
#ifndef SIGNET_VALIDATION_PROCEDURE_LEVEL_H_
#define SIGNET_VALIDATION_PROCEDURE_LEVEL_H_

#include <vector>

#include "validation/procedure/context.h"
#include "validation/procedure/time_stamps.h"
#include "validation/result.h"

namespace signet::validation::procedure {

struct LevelResult {
  Level level = Level::none;
  std::vector<Statement> faults;  // each rule of the levels above that is broken
  Level highest = Level::b_lta;   // as SignatureResult::highest_level
};

// `signer`: its certificate's chain. B-T needs a signature time-stamp or, in a PDF, a document time-stamp; B-LT and above need
// revocation data, in the document, for the signer and for every time-stamp but the last; B-LTA a document or archive time-stamp
// over the signer's.
LevelResult level_of(Context& context, const SignaturePart& part,
                     const std::vector<ChainLink>& signer, const TimeStamps& stamps);

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_LEVEL_H_
