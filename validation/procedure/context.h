// What the building blocks of one validation share, and what they are about.
#ifndef SIGNET_VALIDATION_PROCEDURE_CONTEXT_H_
#define SIGNET_VALIDATION_PROCEDURE_CONTEXT_H_

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "validation/chains.h"
#include "validation/document.h"
#include "validation/procedure/proofs.h"
#include "validation/procedure/revocations.h"

namespace signet::validation::procedure {

struct Context {
  Context(const DocumentParts& document, const Policy& caller)
      : parts(document),
        policy(caller),
        chains(document.evidence, caller),
        revocations(document.evidence, caller, chains),
        proofs(caller.at) {
    const auto is_inside = [](const std::vector<Origin>& origins) {
      return std::ranges::any_of(origins, [](Origin origin) {
        return origin != Origin::file && origin != Origin::online;
      });
    };
    for (const FoundCertificate& found : document.evidence.certificates())
      if (is_inside(found.origins)) inside.insert(found.certificate->id());
    for (const FoundRevocation& found : document.evidence.revocations())
      if (is_inside(found.origins)) inside.insert(found.data->id());
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const DocumentParts& parts;
  const Policy& policy;
  ChainFinder chains;
  Revocations revocations;
  Proofs proofs;
  std::set<ObjectId> inside;  // certificates and revocation data that are in the document
  // Signatures of the document, by the certificate that they were verified with: cryptographic_check.h.
  std::map<std::pair<const SignerPart*, ObjectId>, Conclusion> verified;
};

// A signing certificate that is judged, and what it is judged for.
struct Subject {
  CertificatePtr certificate;
  Purpose purpose = Purpose::signing;
  // Of a token: its genTime (RFC 3161, 4: which tokens survive their signer's revocation).
  std::optional<Time> stamped;

  bool signs_document() const { return purpose == Purpose::signing; }
};

// What has a signature: a signature of the document, or a token.
struct Target {
  explicit Target(const SignaturePart& part)
      : signer(part.signer), id(part.id), signature(&part), pdf(part.pdf ? &*part.pdf : nullptr) {}
  explicit Target(const TimeStampPart& part)
      : signer(part.signer), id(part.id), stamp(&part), pdf(part.pdf ? &*part.pdf : nullptr) {}

  const SignerPart& signer;
  ObjectId id;
  const SignaturePart* signature = nullptr;
  const TimeStampPart* stamp = nullptr;
  const PdfCoverage* pdf = nullptr;

  Subject subject(CertificatePtr certificate) const {
    if (!stamp) return {std::move(certificate), Purpose::signing, {}};
    return {std::move(certificate), Purpose::time_stamps, stamp->time};
  }
};

inline Conclusion indeterminate(SubIndication sub, Statement why) {
  return {Indication::indeterminate, sub, {std::move(why)}, {}};
}
inline Conclusion failed(SubIndication sub, Statement why) {
  return {Indication::failed, sub, {std::move(why)}, {}};
}

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_CONTEXT_H_
