// The signer's part of one seal on its way: what is signed, the one C_Sign, the time-stamp, and the check of what came of it.
// For this component alone.
#ifndef SIGNET_SEALING_ONE_SEAL_H_
#define SIGNET_SEALING_ONE_SEAL_H_

#include <memory>

#include "crypto/cms/signed_data.h"
#include "crypto/context.h"
#include "sealing/seal_key.h"
#include "sealing/sealer.h"
#include "timestamps/client.h"

namespace signet::sealing {

// PAdES has it in the signature's dictionary instead.
enum class SigningTime { attribute, none };

class OneSeal {
 public:
  // The arguments outlive it. `time_stamps`: may be null.
  OneSeal(const std::shared_ptr<crypto::Context>& context, SealKey& key,
          timestamps::Client* time_stamps, const SealWish& wish, SigningTime signing_time);

  // Before anything else: the algorithm. Settings where the key or the level cannot be. No document is read for a time-stamp that
  // will not be given.
  SealResult<void> prepare();

  crypto::Hash hash() const { return sealed_.algorithm.hash; }

  // Room in the output for a message of this size without this signer, and for what this signer adds.
  SealResult<void> reserve(Output& out, std::uint64_t size) const;

  // The signer's part, over a content with this digest; with its time-stamp.
  SealResult<void> sign(const Bytes& digest, cms::SignedData& message);

  Sealed& sealed() { return sealed_; }

 private:
  SealResult<void> spare_signature() const;
  SealResult<void> check(const cms::SignedData& message) const;

  const std::shared_ptr<crypto::Context>& context_;
  SealKey& key_;
  timestamps::Client* const time_stamps_;
  const SealWish& wish_;
  const SigningTime signing_time_;
  Sealed sealed_;
};

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_ONE_SEAL_H_
