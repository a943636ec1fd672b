// Seals whose signature is made elsewhere: the state that is kept in between, and its end. For this component alone.
#ifndef SIGNET_SEALING_PREPARED_STATE_H_
#define SIGNET_SEALING_PREPARED_STATE_H_

#include <chrono>
#include <memory>
#include <optional>

#include "crypto/cms/signed_data.h"
#include "sealing/content.h"
#include "sealing/two_steps.h"

namespace signet::sealing {

// How a signatory's key signs. Failure::settings where it cannot sign so.
SealResult<cms::Algorithm> algorithm_of(const Signatory& signatory, const pkcs11::Signing& signing);

// Of a prepared seal: everything but `state` itself is filled in, and the state is a detached CMS SignedData.
SealResult<Prepared> prepare_message(const std::shared_ptr<crypto::Context>& context,
                                     const Signatory& signatory, const SealWish& wish,
                                     const cms::Algorithm& algorithm, Bytes document_digest,
                                     std::chrono::system_clock::time_point signed_at,
                                     bool signing_time);

// What such a state says.
struct PreparedState {
  cms::SignedData message;  // its one signer has an empty signature
  cms::Algorithm algorithm;
  Bytes attributes;  // SET OF
  Bytes digest;      // of the document
  Bytes certificate;
  std::optional<std::chrono::system_clock::time_point>
      signed_at;  // nullopt: PAdES, see SigningTime
};
SealResult<PreparedState> read_prepared(const std::shared_ptr<crypto::Context>& context,
                                        ByteView bytes);
Error no_state();

class Finish {
 public:
  // The arguments outlive it.
  Finish(const std::shared_ptr<crypto::Context>& context, PreparedState state,
         const SealWish& wish);

  // Failure::changed where the document that is read is another one than was prepared.
  SealResult<void> check_document(const Pass& pass, const Input& document, Meter& meter) const;

  // Reason::bad_signature where it is none.
  SealResult<void> take(ByteView signature);

  // After take(), over the same signature.
  SealResult<void> add_stamp(timestamps::Client& time_stamps, ByteView signature);

  // After take(): the whole message.
  const cms::SignedData& message() const { return state_.message; }
  Sealed& sealed() { return sealed_; }
  const Sealed& sealed() const { return sealed_; }

 private:
  void put(ByteView signature, const std::vector<Bytes>& unsigned_attributes);

  const std::shared_ptr<crypto::Context>& context_;
  PreparedState state_;
  const SealWish& wish_;
  Sealed sealed_;
};

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_PREPARED_STATE_H_
