// Which revocation data speaks for a certificate, whoever asks and for whatever moment (EN 319 102-1, 5.2.6 and 5.6.2.2 a;
// RFC 5280, 6.3.3; RFC 6960, 3.2): it is about that certificate, signed by one who may, and was issued while the certificate was
// valid, or by one who keeps ended certificates, by its own word or its trusted list's.
#ifndef SIGNET_VALIDATION_PROCEDURE_REVOCATIONS_H_
#define SIGNET_VALIDATION_PROCEDURE_REVOCATIONS_H_

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "common/result.h"
#include "validation/chains.h"
#include "validation/evidence.h"
#include "validation/policy.h"
#include "validation/reliability.h"

namespace signet::validation::procedure {

struct SpeakingData {
  RevocationDataPtr data;
  RevocationStatus status;  // good, revoked or on_hold
  CertificatePtr signer;
  bool signer_is_anchor = false;
  Reliability reliability;  // of its signature, and of those of its signer's chain

  bool is_revoked() const { return status.kind == RevocationStatus::Kind::revoked; }
};

struct Speaking {
  std::vector<ObjectId>
      about;  // everything that is about this certificate, whether it counts or not
  std::vector<SpeakingData> data;  // the newest thisUpdate first
  std::vector<Statement>
      refused;  // why other data about this certificate does not count; at most 16
};

// Bounds: 64 signers are tried for one set of data, 4,000 in all; a responder's own revocation data is followed three times.
class Revocations {
 public:
  // All must outlive it. What was issued after policy.at does not count.
  Revocations(const Evidence& evidence, const Policy& policy, ChainFinder& chains)
      : evidence_(evidence), policy_(policy), chains_(chains) {}

  // The answer is kept and stays where it is.
  const Speaking& of(const CertificatePtr& certificate, const CertificatePtr& issuer);

  // Why that data, which is about the certificate, does not speak for it; nothing: it does.
  std::optional<Statement> refusal_of(const RevocationDataPtr& data,
                                      const CertificatePtr& certificate,
                                      const CertificatePtr& issuer);

  bool is_anchor(const Certificate& certificate) const;
  bool gave_up() const { return tries_ > kMostTries; }

 private:
  static constexpr std::size_t kMostTries = 4000;

  Speaking find(const CertificatePtr& certificate, const CertificatePtr& issuer);
  // Adds it to `speaking`, or says why not.
  std::optional<Statement> judge(const RevocationDataPtr& data, const RevocationStatus& status,
                                 const CertificatePtr& certificate, const CertificatePtr& issuer,
                                 std::vector<SpeakingData>& speaking);
  std::optional<Statement> refusal(const RevocationData& data, const RevocationStatus& status,
                                   const Certificate& certificate, const Certificate& issuer) const;
  bool keeps(const RevocationData& data, const RevocationStatus& status,
             const Certificate& certificate, const Certificate& issuer) const;
  CertificatePtr signer_of(const RevocationData& data, const CertificatePtr& issuer);
  // Of the data, by its signer: how long its algorithms were good, or why it does not count. One chain of the signer is enough;
  // of several the strongest counts.
  Result<Reliability, Statement> judge_signer(const RevocationData& data,
                                              const CertificatePtr& certificate,
                                              const CertificatePtr& signer,
                                              const CertificatePtr& issuer);
  std::optional<Statement> refusal_of_chain(const RevocationData& data,
                                            const CertificatePtr& certificate, const Chain& chain,
                                            const CertificatePtr& issuer);
  bool is_below_anchor_of(const Chain& chain, const CertificatePtr& issuer);
  Reliability reliability_along(Reliability reliability, const Chain& chain) const;

  const Evidence& evidence_;
  const Policy& policy_;
  ChainFinder& chains_;
  std::map<std::pair<ObjectId, ObjectId>, Speaking> answers_;
  std::size_t tries_ = 0;
  std::size_t depth_ = 0;
};

// False: one that ends soon by its own word (EN 319 412-1, 5.2; RFC 9608), which authorities cannot be. The certificate of
// an OCSP responder with nocheck (RFC 6960, 4.2.2.2.1) is another matter: only of it, and only for its answers, does nobody ask.
bool needs_revocation_data(const Certificate& certificate);

// The last moment for which the data is fresh enough (5.2.5). `signing`: for the certificate that signed the document, for which
// the policy may set an age.
Time fresh_until(const Policy& policy, const RevocationStatus& status, bool signing);

// What a report calls them, in any language; printable. Revocation data: "CRL 2026-11-27T12:00:00Z".
std::string called(const Certificate& certificate);
std::string called(const RevocationData& data);

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_REVOCATIONS_H_
