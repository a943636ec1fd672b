// What the bases prove, and what no mutant of them may therefore claim: a signature, a moment or a proof that nobody made.
#ifndef SIGNET_TESTS_VALIDATION_MUTATE_TRUTH_H_
#define SIGNET_TESTS_VALIDATION_MUTATE_TRUTH_H_

#include <map>
#include <set>
#include <string>

#include "tests/validation/mutate/bases.h"
#include "tests/validation/mutate/changes.h"

namespace signet::tests {

class Truth {
 public:
  // Throws std::runtime_error where a base is not TOTAL-PASSED.
  Truth();

  // Empty: the mutant claims nothing that is not true. What is outside signed and stamped bytes may change at will: then a
  // signature may still pass, with the same signer, the same content, and moments no earlier than they were.
  std::string fault_in(const SealedMutant& mutant, const Judged& judged) const;

 private:
  struct Signed {
    Bytes attributes, content_digest;  // sorted; of what the signature is over
    validation::ObjectId signer{};
    validation::Time best{};
  };

  void learn(const Judged& judged);
  std::string fault_in_signature(const SealedMutant& mutant,
                                 const validation::SignatureResult& found) const;
  std::string fault_in_chain(const std::vector<validation::ChainLink>& chain) const;
  std::string fault_in_stamp(const validation::TimeStampResult& found) const;
  std::string fault_in_proofs(const validation::ValidationResult& result) const;

  std::map<Bytes, Signed> signatures_;                       // by their values
  std::map<Bytes, validation::Time> stamps_;                 // likewise
  std::set<validation::ObjectId> evidence_;                  // certificates and revocation data
  std::map<validation::ObjectId, validation::Time> proofs_;  // the lowest of all bases
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_VALIDATION_MUTATE_TRUTH_H_
