// Proofs of existence (EN 319 102-1, 5.6.2.3): the lowest moment at which each object is known to have existed. What existed once
// existed at every later moment, so the lowest one says everything.
#ifndef SIGNET_VALIDATION_PROCEDURE_PROOFS_H_
#define SIGNET_VALIDATION_PROCEDURE_PROOFS_H_

#include <map>
#include <set>

#include "validation/object_id.h"
#include "validation/result.h"

namespace signet::validation::procedure {

class Proofs {
 public:
  // Whatever is there exists at the control time (5.6.3.4, step 1).
  explicit Proofs(Time control) : control_(control) {}

  // By a valid time-stamp. One that is no earlier than what is known changes nothing.
  void add(const std::set<ObjectId>& objects, Time time, const ObjectId& by);

  Proof lowest(const ObjectId& object) const;
  const std::map<ObjectId, Proof>& all() const { return lowest_; }

 private:
  Time control_;
  std::map<ObjectId, Proof> lowest_;
};

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_PROOFS_H_
