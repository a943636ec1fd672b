// The certificates that signed attributes name by their digests (signing-certificate, signing-certificate-v2): who protects the
// digest proves that what has it existed (EN 319 102-1, 5.6.2.3).
#ifndef SIGNET_VALIDATION_PROCEDURE_REFERENCED_CERTIFICATES_H_
#define SIGNET_VALIDATION_PROCEDURE_REFERENCED_CERTIFICATES_H_

#include <cstddef>
#include <map>
#include <set>

#include "validation/document.h"
#include "validation/policy.h"

namespace signet::validation::procedure {

class ReferencedCertificates {
 public:
  // Both must outlive it.
  ReferencedCertificates(const Evidence& evidence, const Policy& policy)
      : evidence_(evidence), policy_(policy) {}

  // Adds those of the evidence that this signer names by a hash that is good at that moment: later on, another certificate could
  // be made that has the digest. Of all calls together a million references are followed.
  void add(const SignerPart& signer, Time time, std::set<ObjectId>& to);

 private:
  static constexpr std::size_t kMostReferences = 1'000'000;

  using ByDigest = std::map<Bytes, ObjectId>;
  const ByDigest& digests(crypto::Hash hash);

  const Evidence& evidence_;
  const Policy& policy_;
  std::map<crypto::Hash, ByDigest> digests_;  // of the evidence's certificates, computed once
  std::size_t followed_ = 0;
};

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_REFERENCED_CERTIFICATES_H_
