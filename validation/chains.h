// Finds the chains from a certificate to the trust anchors (RFC 5280, 6.1), without asking about moments: those are the
// procedure's, which goes back in time.
#ifndef SIGNET_VALIDATION_CHAINS_H_
#define SIGNET_VALIDATION_CHAINS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "validation/certificate.h"
#include "validation/evidence.h"
#include "validation/indication.h"
#include "validation/policy.h"

namespace signet::validation {

enum class Purpose : std::uint8_t {
  signing,  // no extended key usage is asked for; keyUsage must not exclude digitalSignature and nonRepudiation both
  time_stamps,  // RFC 3161, 2.3: extended key usage id-kp-timeStamping, critical and alone
  revocation,   // signs CRLs or OCSP answers; what it must have is checked with these
};

struct Chain {
  std::vector<CertificatePtr>
      certificates;  // the certificate itself first, the anchor last; not trusted: as far as it goes
  std::optional<TrustAnchor> anchor;
  // Signatures, names, basicConstraints, path lengths, key usage, name constraints, policies' constraints, critical extensions.
  // What fails is CHAIN_CONSTRAINTS_FAILURE, or NO_CERTIFICATE_CHAIN_FOUND without an anchor, or indeterminate with an algorithm
  // that cannot be computed.
  Conclusion conclusion;

  bool usable() const { return anchor.has_value() && conclusion.passed(); }
};

// Bounds: 64 chains for one certificate, 32 certificates in one, 64 KiB of names and extensions in one, 2,000 signatures in all;
// cycles are cut. Signatures are computed once for each pair. Not thread-safe.
class ChainFinder {
 public:
  // Both must outlive it.
  ChainFinder(const Evidence& evidence, const Policy& policy);
  ~ChainFinder();

  // The usable ones first, the shortest first among them; never empty: without one the best attempt. An anchor may be the
  // certificate itself. The answer is kept.
  const std::vector<Chain>& chains_for(const CertificatePtr& certificate, Purpose purpose);

  // Whether `issuer` issued and signed it; computed once.
  bool is_issued_by(const Certificate& certificate, const Certificate& issuer);

  // A bound was reached: verdicts may be worse than with more work.
  bool gave_up() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CHAINS_H_
