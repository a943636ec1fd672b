#include "validation/procedure/proofs.h"

namespace signet::validation::procedure {

void Proofs::add(const std::set<ObjectId>& objects, Time time, const ObjectId& by) {
  if (time > control_) return;
  for (const ObjectId& object : objects) {
    const auto [place, added] = lowest_.try_emplace(object, Proof{time, by});
    if (!added && time < place->second.time) place->second = {time, by};
  }
}

Proof Proofs::lowest(const ObjectId& object) const {
  const auto found = lowest_.find(object);
  return found == lowest_.end() ? Proof{control_, {}} : found->second;
}

}  // namespace signet::validation::procedure
