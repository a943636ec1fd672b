#include "sealing/two_steps.h"

#include <fmt/format.h>

#include <utility>

#include "crypto/certificate_parts.h"
#include "crypto/cms/identifiers.h"
#include "crypto/cms/signed_data.h"
#include "crypto/cms/verify.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "pkcs11-client/cms_signature.h"
#include "sealing/cades_parts.h"
#include "sealing/content.h"

namespace signet::sealing {

namespace {

using crypto::Hash;

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

// What a state says.
struct State {
  cms::SignedData message;  // its one signer has an empty signature
  cms::Algorithm algorithm;
  Bytes attributes;  // SET OF
  Bytes digest;      // of the document
  Bytes certificate;
  std::chrono::system_clock::time_point signed_at;
};

SealResult<State> read_state(const std::shared_ptr<crypto::Context>& context, ByteView bytes) {
  auto read = cms::read_signed_data(cms::Source::of(bytes));
  if (!read || read.value().has_content || read.value().parts.signers.size() != 1)
    return no_state();
  State state;
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
  if (!verdicts.front().certificate_named || !verdicts.front().digest_matches ||
      !verdicts.front().signing_time)
    return no_state();
  state.certificate = verdicts.front().certificate;
  state.signed_at = *verdicts.front().signing_time;
  return state;
}

class Finish {
 public:
  Finish(const std::shared_ptr<crypto::Context>& context, State state, const SealWish& wish)
      : context_(context), state_(std::move(state)), wish_(wish) {
    sealed_.algorithm = state_.algorithm;
    sealed_.digest = state_.digest;
    sealed_.certificate = state_.certificate;
    sealed_.signed_at = state_.signed_at;
    sealed_.warnings = warnings_of(wish_, state_.algorithm, state_.certificate, state_.signed_at);
  }

  SealResult<void> check_document(const Input& document, Meter& meter) const {
    BOOST_OUTCOME_TRY(const auto digests,
                      digest_all(context_, {state_.algorithm.hash}, pass_over(document), meter));
    if (equal(digests.at(state_.algorithm.hash), state_.digest)) return success();
    return Error(Failure::changed,
                 fmt::format("\"{}\" is not the document that was prepared, or it was changed",
                             document.name()));
  }

  SealResult<void> take(ByteView signature) {
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

  // After take(), over the same signature.
  SealResult<void> add_stamp(timestamps::Client& time_stamps, ByteView signature) {
    BOOST_OUTCOME_TRY(const auto unsigned_attributes, stamp(time_stamps, {}, wish_, sealed_));
    put(signature, unsigned_attributes);
    return success();
  }

  // The document is digested once more on its way, since nothing else would show a change.
  SealResult<void> write(const Input* document, Output& out, Meter& meter) const {
    if (wish_.external) return out.write(state_.message.detached());
    auto again = crypto::Digest::start(context_, state_.algorithm.hash);
    if (!again) return no_crypto();
    BOOST_OUTCOME_TRY(write_message(
        state_.message, wish_.indefinite ? ContentForm::pieces : ContentForm::whole,
        document->size(), pass_over(*document), out,
        [&](ByteView piece) { return again.value().update(piece) && meter.add(piece.size()); }));
    const auto now = again.value().finish();
    if (now && equal(now.value(), state_.digest)) return success();
    return has_changed(*document);
  }

  Sealed& sealed() { return sealed_; }

 private:
  void put(ByteView signature, const std::vector<Bytes>& unsigned_attributes) {
    state_.message.signers = {cms::encode_signer_info(
        state_.algorithm, state_.certificate, state_.attributes, signature, unsigned_attributes)};
  }

  const std::shared_ptr<crypto::Context>& context_;
  State state_;
  const SealWish& wish_;
  Sealed sealed_;
};

}  // namespace

SealResult<Prepared> prepare_cades(const std::shared_ptr<crypto::Context>& context,
                                   const Signatory& signatory, const Input& document,
                                   const SealWish& wish, const Control& control) {
  Prepared prepared;
  BOOST_OUTCOME_TRY(prepared.algorithm, algorithm_of(signatory, wish.signing));
  const Hash hash = prepared.algorithm.hash;
  Meter meter(control, document.size());
  BOOST_OUTCOME_TRY(const auto digests, digest_all(context, {hash}, pass_over(document), meter));
  BOOST_OUTCOME_TRY(document.check_unchanged());
  prepared.document_digest = digests.at(hash);
  prepared.signed_at = signing_moment();
  prepared.warnings =
      warnings_of(wish, prepared.algorithm, signatory.certificate, prepared.signed_at);
  cms::SignedData message;
  message.content_type = cms::SignedAttributes().content_type;
  BOOST_OUTCOME_TRY(prepared.attributes,
                    encode_attributes(wish, message, prepared.document_digest,
                                      signatory.certificate, prepared.signed_at));
  if (prepared.algorithm.scheme != crypto::Scheme::eddsa) {
    const auto digest = crypto::digest_of(context, hash, prepared.attributes);
    if (!digest) return no_crypto();
    prepared.digest = digest.value();
  }
  add_signers_parts(message, hash, signatory.certificate, signatory.issuers);
  message.signers.push_back(cms::encode_signer_info(prepared.algorithm, signatory.certificate,
                                                    prepared.attributes, {}, {}));
  prepared.state = message.detached();
  return prepared;
}

SealResult<Sealed> finish_cades(const std::shared_ptr<crypto::Context>& context,
                                timestamps::Client* time_stamps, ByteView state, ByteView signature,
                                const Input* document, Output& out, const SealWish& wish,
                                const Control& control) {
  if (wish.level == Level::b_t && time_stamps == nullptr)
    return Error(Failure::settings, "level B-T needs a time-stamp authority");
  if (!wish.external && document == nullptr)
    return Error(Failure::settings, "an internal seal needs the document once more");
  BOOST_OUTCOME_TRY(auto known, read_state(context, state));
  Finish finish(context, std::move(known), wish);
  const std::uint64_t size = document != nullptr ? document->size() : 0;
  Meter meter(control, wish.external ? size : 2 * size);
  if (document != nullptr) {
    BOOST_OUTCOME_TRY(finish.check_document(*document, meter));
  }
  BOOST_OUTCOME_TRY(finish.take(signature));
  if (wish.level == Level::b_t) {
    BOOST_OUTCOME_TRY(finish.add_stamp(*time_stamps, signature));
  }
  BOOST_OUTCOME_TRY(finish.write(document, out, meter));
  BOOST_OUTCOME_TRY(deliver(out, meter, {document}));
  return finish.sealed();
}

}  // namespace signet::sealing
