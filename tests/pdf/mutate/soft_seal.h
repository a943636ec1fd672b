// PAdES seals by a key of this process, in the two steps of sealing/two_steps.h: no module has to survive a fork.
#ifndef SIGNET_TESTS_PDF_MUTATE_SOFT_SEAL_H_
#define SIGNET_TESTS_PDF_MUTATE_SOFT_SEAL_H_

#include <string>

#include "keygen/testing/test_issuer.h"
#include "sealing/pdf_wish.h"
#include "sealing/sealer.h"

namespace signet::tests {

class SoftSealer {
 public:
  SoftSealer();

  // The sealed document. `stamped`: with room for a time-stamp, which stays empty.
  sealing::SealResult<std::string> seal(const std::string& document, const sealing::PdfWish& wish,
                                        bool stamped = false) const;

  std::string root() const;  // PEM

 private:
  keygen::TestIssuer root_{"mutations"};
  PkeyPtr key_;
  Bytes certificate_;
};

// How a document is to be sealed: plainly, visibly, certified, or in a signature field that it has.
struct SoftWish {
  sealing::PdfWish pdf;
  bool stamped = false;
  std::string words;  // which of them
};
SoftWish soft_wish(std::uint64_t seed);

// Reads a sealed document again: what is wrong with the seal that covers all of it; empty: nothing.
std::string fault_of(const std::string& sealed, const std::string& original,
                     const std::string& password);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PDF_MUTATE_SOFT_SEAL_H_
