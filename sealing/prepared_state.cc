#include "sealing/prepared_state.h"

#include <fmt/format.h>

#include <utility>

#include "crypto/certificate_parts.h"
#include "crypto/cms/identifiers.h"
#include "crypto/cms/verify.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "pkcs11-client/cms_signature.h"
#include "sealing/cades_parts.h"

namespace signet::sealing {

Error no_state() {
  return {Failure::broken, "this is not the state of a prepared seal, or it was damaged"};
}

SealResult<cms::Algorithm> algorithm_of(const Signatory& signatory,
                                        const pkcs11::Signing& signing) {
  const auto parts = crypto::parse_certificate(signatory.certificate);
  if (!parts) return Error(Failure::settings, "the signer's certificate cannot be read");
  for (const Bytes& issuer : signatory.issuers)
    if (!crypto::parse_certificate(issuer))
      return Error(Failure::settings, "an issuer's certificate cannot be read");
  pkcs11::Key key;
  key.type = pkcs11::KeyType::of_public_key(parts->public_key);
  BOOST_OUTCOME_TRY(const auto algorithm, pkcs11::cms_algorithm(key, signing));
  return algorithm;
}

SealResult<Prepared> prepare_message(const std::shared_ptr<crypto::Context>& context,
                                     const Signatory& signatory, const SealWish& wish,
                                     const cms::Algorithm& algorithm, Bytes document_digest,
                                     std::chrono::system_clock::time_point signed_at,
                                     bool signing_time) {
  Prepared prepared;
  prepared.algorithm = algorithm;
  prepared.document_digest = std::move(document_digest);
  prepared.signed_at = signed_at;
  prepared.warnings = warnings_of(wish, algorithm, signatory.certificate, signed_at);
  cms::SignedData message;
  message.content_type = cms::SignedAttributes().content_type;
  BOOST_OUTCOME_TRY(
      prepared.attributes,
      encode_attributes(wish, message, prepared.document_digest, signatory.certificate,
                        signing_time ? std::optional(signed_at) : std::nullopt));
  if (algorithm.scheme != crypto::Scheme::eddsa) {
    const auto digest = crypto::digest_of(context, algorithm.hash, prepared.attributes);
    if (!digest) return no_crypto();
    prepared.digest = digest.value();
  }
  add_signers_parts(message, algorithm.hash, signatory.certificate, signatory.issuers);
  message.signers.push_back(
      cms::encode_signer_info(algorithm, signatory.certificate, prepared.attributes, {}, {}));
  prepared.state = message.detached();
  return prepared;
}

SealResult<PreparedState> read_prepared(const std::shared_ptr<crypto::Context>& context,
                                        ByteView bytes) {
  auto read = cms::read_signed_data(cms::Source::of(bytes));
  if (!read || read.value().has_content || read.value().parts.signers.size() != 1)
    return no_state();
  PreparedState state;
  state.message = std::move(read).value().parts;
  const auto signer = cms::parse_signer(state.message.signers.front());
  if (!signer || signer.value().signed_attributes.empty() || !signer.value().signature.empty())
    return no_state();
  state.algorithm = signer.value().algorithm;
  state.attributes = copy_of(signer.value().signed_attributes);
  state.attributes[0] = der::kSet;
  const auto digests = signer.value().signed_values(cms::kMessageDigest);
  if (digests.size() != 1) return no_state();
  state.digest = copy_of(der::only(der::kOctetString, digests[0]).value_or(ByteView()));
  const auto verdicts = cms::verify(context, state.message, {{state.algorithm.hash, state.digest}});
  if (!verdicts.front().certificate_named || !verdicts.front().digest_matches) return no_state();
  state.certificate = verdicts.front().certificate;
  state.signed_at = verdicts.front().signing_time;
  return state;
}

Finish::Finish(const std::shared_ptr<crypto::Context>& context, PreparedState state,
               const SealWish& wish)
    : context_(context), state_(std::move(state)), wish_(wish) {
  sealed_.algorithm = state_.algorithm;
  sealed_.digest = state_.digest;
  sealed_.certificate = state_.certificate;
  sealed_.signed_at = state_.signed_at.value_or(std::chrono::system_clock::time_point());
  sealed_.warnings = warnings_of(wish_, state_.algorithm, state_.certificate, sealed_.signed_at);
}

SealResult<void> Finish::check_document(const Pass& pass, const Input& document,
                                        Meter& meter) const {
  BOOST_OUTCOME_TRY(const auto digests, digest_all(context_, {state_.algorithm.hash}, pass, meter));
  if (equal(digests.at(state_.algorithm.hash), state_.digest)) return success();
  return Error(Failure::changed,
               fmt::format("\"{}\" is not the document that was prepared, or it was changed",
                           document.name()));
}

SealResult<void> Finish::take(ByteView signature) {
  put(signature, {});
  const auto verdicts =
      cms::verify(context_, state_.message, {{state_.algorithm.hash, state_.digest}});
  if (verdicts.size() != 1 || !verdicts.front().good())
    return Error(pkcs11::token_error(
        pkcs11::Reason::bad_signature,
        "the signature is not one of the prepared seal's key over what was to be signed"));
  const auto imprint = crypto::digest_of(context_, state_.algorithm.hash, signature);
  if (!imprint) return no_crypto();
  sealed_.signature_digest = imprint.value();
  return success();
}

SealResult<void> Finish::add_stamp(timestamps::Client& time_stamps, ByteView signature) {
  BOOST_OUTCOME_TRY(const auto unsigned_attributes, stamp(time_stamps, {}, wish_, sealed_));
  put(signature, unsigned_attributes);
  return success();
}

void Finish::put(ByteView signature, const std::vector<Bytes>& unsigned_attributes) {
  state_.message.signers = {cms::encode_signer_info(
      state_.algorithm, state_.certificate, state_.attributes, signature, unsigned_attributes)};
}

}  // namespace signet::sealing
