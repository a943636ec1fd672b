// Looks at a sealed message in the plain sense: digest, signature, time-stamps, chain. Revocation, and what a signature is
// worth years later, are the validator's.
#ifndef SIGNET_SEALING_CHECK_H_
#define SIGNET_SEALING_CHECK_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "crypto/cms/verify.h"
#include "crypto/context.h"
#include "sealing/input.h"
#include "sealing/output.h"
#include "sealing/sealer.h"
#include "timestamps/trust.h"

namespace signet::sealing {

struct Trust {
  // Null: the chain is not looked at.
  std::shared_ptr<const timestamps::TrustAnchors> signers = {};
  std::shared_ptr<const timestamps::TrustAnchors> time_stamps = {};
};

struct CheckedTimeStamp {
  std::string problem;  // a sentence; empty: it is good
  std::chrono::system_clock::time_point time;
  std::string policy;
  Bytes signer;  // DER; empty where it is not known
  bool trusted = false;
};

struct CheckedSignature {
  cms::Verdict verdict;
  std::vector<CheckedTimeStamp> time_stamps;
  // When its certificate had to be valid: the earliest good time-stamp's time, else now.
  std::chrono::system_clock::time_point moment;
  std::string chain_problem;  // empty: it chains, or nobody asked
  bool trusted = false;       // it chains to Trust::signers

  // Digest, signature, certificate, each time-stamp, and the chain where one is asked for.
  bool good() const;
};

struct CheckedSeal {
  bool has_content = false;                  // internal
  std::uint64_t size = 0;                    // of the document, bytes
  std::vector<CheckedSignature> signatures;  // none: nothing is sealed by it

  bool good() const;
};

// `document`: null for a message that holds its own. Failure::broken where it cannot be read, Failure::settings where the
// document is missing, or is there twice.
SealResult<CheckedSeal> check_cades(const std::shared_ptr<crypto::Context>& context,
                                    const Input& message, const Input* document, const Trust& trust,
                                    const Control& control = {});

// Writes the document that an internal message holds. It is not checked.
SealResult<void> extract_document(const Input& message, Output& out);

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_CHECK_H_
