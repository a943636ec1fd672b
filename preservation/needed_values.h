// Which certificates and revocation data a validated document lacks, so that its verdict can still be had when nothing can be
// fetched any more. For this component alone.
#ifndef SIGNET_PRESERVATION_NEEDED_VALUES_H_
#define SIGNET_PRESERVATION_NEEDED_VALUES_H_

#include <map>
#include <vector>

#include "preservation/values.h"
#include "validation/result.h"

namespace signet::preservation {

struct NeededValues {
  Values add;  // of what is at hand
  std::vector<validation::Statement>
      lacking;  // certificates for which there is no revocation data at all
  std::vector<validation::Statement> older;  // likewise none that is new enough
  // Of certificates whose revocation data is lacking or too old: what it must not be older than. Those alone that can still get
  // some.
  std::map<validation::ObjectId, validation::Time> newer_than;
};

// For the chains of all signatures and time-stamps, and of whoever signed the revocation data. For a signature, data must be no
// older than its best signature time; for a time-stamp, than the time-stamp. Where there is data that is newer than the moment at
// which another time-stamp proved a time-stamp, it is added once: with it the document passes by the letter of EN 319 102-1,
// 5.6.2.2 c, too.
NeededValues needed_values(const validation::ValidationResult& result);

// Whether it is inside the document itself.
bool is_inside(const std::vector<validation::Origin>& origins);

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_NEEDED_VALUES_H_
