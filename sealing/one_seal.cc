#include "sealing/one_seal.h"

#include <optional>

#include "crypto/cms/verify.h"
#include "crypto/digest.h"
#include "sealing/cades_parts.h"
#include "sealing/content.h"

namespace signet::sealing {

OneSeal::OneSeal(const std::shared_ptr<crypto::Context>& context, SealKey& key,
                 timestamps::Client* time_stamps, const SealWish& wish, SigningTime signing_time)
    : context_(context),
      key_(key),
      time_stamps_(time_stamps),
      wish_(wish),
      signing_time_(signing_time) {
  sealed_.signed_at = signing_moment();
}

SealResult<void> OneSeal::prepare() {
  BOOST_OUTCOME_TRY(sealed_.algorithm, key_.algorithm(wish_.signing));
  if (wish_.level == Level::b_t && time_stamps_ == nullptr)
    return Error(Failure::settings, "level B-T needs a time-stamp authority (--tsa URL)");
  return spare_signature();
}

// No authority may give a time-stamp: that is found out without the key.
SealResult<void> OneSeal::spare_signature() const {
  if (wish_.level == Level::b_b || wish_.without_stamp == WithoutStamp::degrade ||
      !wish_.spares_signatures)
    return success();
  const auto ready =
      time_stamps_->check_ready(hash(), Deadline::after(wish_.stamp_limit), key_.time_stamps());
  if (ready) return success();
  return Error(Failure::no_time_stamp,
               ready.error().sentence + "; the key was not asked for a signature");
}

SealResult<void> OneSeal::reserve(Output& out, std::uint64_t size) const {
  BOOST_OUTCOME_TRY(std::size_t room,
                    room_for(wish_, sealed_.algorithm, key_.certificate(), key_.issuers()));
  if (wish_.level == Level::b_t) room += PdfWish().stamp_room;
  return out.reserve(size + room);
}

SealResult<void> OneSeal::sign(const Bytes& digest, cms::SignedData& message) {
  sealed_.digest = digest;
  sealed_.certificate = key_.certificate();
  sealed_.warnings = warnings_of(wish_, sealed_.algorithm, key_.certificate(), sealed_.signed_at);
  // Another seal may have found out since.
  BOOST_OUTCOME_TRY(spare_signature());
  const auto attribute =
      signing_time_ == SigningTime::attribute ? std::optional(sealed_.signed_at) : std::nullopt;
  BOOST_OUTCOME_TRY(const auto attributes,
                    encode_attributes(wish_, message, digest, key_.certificate(), attribute));
  BOOST_OUTCOME_TRY(const auto signature,
                    key_.sign(sealed_.algorithm, attributes, wish_.reference));
  const auto imprint = crypto::digest_of(context_, hash(), signature);
  if (!imprint) return no_crypto();
  sealed_.signature_digest = imprint.value();
  std::vector<Bytes> unsigned_attributes;
  if (wish_.level == Level::b_t) {
    BOOST_OUTCOME_TRY(unsigned_attributes,
                      stamp(*time_stamps_, key_.time_stamps(), wish_, sealed_));
  }
  add_signers_parts(message, hash(), key_.certificate(), key_.issuers());
  message.signers.push_back(cms::encode_signer_info(sealed_.algorithm, key_.certificate(),
                                                    attributes, signature, unsigned_attributes));
  return check(message);
}

// As a reader will: a token that signs wrongly is found before anything is delivered.
SealResult<void> OneSeal::check(const cms::SignedData& message) const {
  cms::SignedData own = message;
  own.signers = {message.signers.back()};
  const auto verdicts = cms::verify(context_, own, {{hash(), sealed_.digest}});
  if (verdicts.size() == 1 && verdicts[0].good()) return success();
  return Error(pkcs11::token_error(pkcs11::Reason::bad_signature,
                                   "the token's signature is wrong; nothing is written"));
}

}  // namespace signet::sealing
