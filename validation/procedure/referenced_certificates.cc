#include "validation/procedure/referenced_certificates.h"

#include "crypto/algorithm_table.h"
#include "validation/reliability.h"

namespace signet::validation::procedure {

void ReferencedCertificates::add(const SignerPart& signer, Time time, std::set<ObjectId>& to) {
  for (const SignerPart::CertificateReference& reference : signer.certificate_references) {
    if (reference.hash == crypto::Hash::none || reference.digest.empty()) continue;
    if (followed_ == kMostReferences) return;
    ++followed_;
    if (!reliability_of_hash(policy_, reference.hash, "").good_at(time)) continue;
    const ByDigest& known = digests(reference.hash);
    if (const auto found = known.find(reference.digest); found != known.end())
      to.insert(found->second);
  }
}

const ReferencedCertificates::ByDigest& ReferencedCertificates::digests(crypto::Hash hash) {
  const auto [place, added] = digests_.try_emplace(hash);
  if (added)
    for (const FoundCertificate& found : evidence_.certificates())
      place->second.emplace(
          found.certificate->digest(Certificate::Part::whole, crypto::hash_name(hash)),
          found.certificate->id());
  return place->second;
}

}  // namespace signet::validation::procedure
