// CAdES (EN 319 122-1), internal and external.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "crypto/cms/signed_data.h"
#include "crypto/cms/verify.h"
#include "crypto/digest.h"
#include "sealing/cades_parts.h"
#include "sealing/content.h"
#include "sealing/sealer.h"

namespace signet::sealing {

namespace {

using crypto::Hash;

}  // namespace

// One seal on its way.
class CadesSeal {
 public:
  CadesSeal(const std::shared_ptr<crypto::Context>& context, SealKey& key,
            timestamps::Client* time_stamps, const SealWish& wish)
      : context_(context), key_(key), time_stamps_(time_stamps), wish_(wish) {}

  SealResult<void> prepare() {
    BOOST_OUTCOME_TRY(sealed_.algorithm, key_.algorithm(wish_.signing));
    if (wish_.level == Level::b_t && time_stamps_ == nullptr)
      return Error(Failure::settings, "level B-T needs a time-stamp authority (--tsa URL)");
    return success();
  }

  Hash hash() const { return sealed_.algorithm.hash; }

  // The signer's part, over a content with this digest; with its time-stamp.
  SealResult<void> sign(const Bytes& digest, cms::SignedData& message) {
    sealed_.digest = digest;
    sealed_.certificate = key_.certificate();
    sealed_.signed_at = signing_moment();
    sealed_.warnings = warnings_of(wish_, sealed_.algorithm, key_.certificate(), sealed_.signed_at);
    BOOST_OUTCOME_TRY(
        const auto attributes,
        encode_attributes(wish_, message, digest, key_.certificate(), sealed_.signed_at));
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

  Sealed& sealed() { return sealed_; }

 private:
  // As a reader will: a token that signs wrongly is found before anything is delivered.
  SealResult<void> check(const cms::SignedData& message) const {
    cms::SignedData own = message;
    own.signers = {message.signers.back()};
    const auto verdicts = cms::verify(context_, own, {{hash(), sealed_.digest}});
    if (verdicts.size() == 1 && verdicts[0].good()) return success();
    return Error(pkcs11::token_error(pkcs11::Reason::bad_signature,
                                     "the token's signature is wrong; nothing is written"));
  }

  const std::shared_ptr<crypto::Context>& context_;
  SealKey& key_;
  timestamps::Client* const time_stamps_;
  const SealWish& wish_;
  Sealed sealed_;
};

namespace {

// The content between the parts of the frame; where a change would not show otherwise, it is digested again.
struct Copy {
  const std::shared_ptr<crypto::Context>& context;
  const Input& from;
  const Pass& pass;
  Hash hash;
  const Bytes& digest;
  Meter& meter;

  SealResult<void> write(const cms::SignedData& message, ContentForm form, std::uint64_t size,
                         Output& out) const {
    if (from.change_would_show())
      return write_message(message, form, size, pass, out,
                           [&](ByteView piece) { return meter.add(piece.size()); });
    auto again = crypto::Digest::start(context, hash);
    if (!again) return no_crypto();
    BOOST_OUTCOME_TRY(write_message(message, form, size, pass, out, [&](ByteView piece) {
      return again.value().update(piece) && meter.add(piece.size());
    }));
    const auto now = again.value().finish();
    if (now && equal(now.value(), digest)) return success();
    return has_changed(from);
  }
};

}  // namespace

Sealer::Sealer(std::shared_ptr<crypto::Context> context, std::shared_ptr<SealKey> key,
               std::shared_ptr<timestamps::Client> time_stamps)
    : context_(std::move(context)), key_(std::move(key)), time_stamps_(std::move(time_stamps)) {}

SealResult<Sealed> Sealer::seal_cades(const Input& document, Output& out, const SealWish& wish,
                                      const Control& control) const {
  CadesSeal seal(context_, *key_, time_stamps_.get(), wish);
  BOOST_OUTCOME_TRY(seal.prepare());
  Meter meter(control, document.size() * (wish.external ? 1 : 2));
  BOOST_OUTCOME_TRY(const auto digests,
                    digest_all(context_, {seal.hash()}, pass_over(document), meter));
  const Bytes& digest = digests.at(seal.hash());
  cms::SignedData message;
  message.content_type = cms::SignedAttributes().content_type;
  BOOST_OUTCOME_TRY(seal.sign(digest, message));
  if (wish.external) {
    BOOST_OUTCOME_TRY(out.write(message.detached()));
  } else {
    const Pass pass = pass_over(document);
    const Copy copy{context_, document, pass, seal.hash(), digest, meter};
    BOOST_OUTCOME_TRY(copy.write(
        message, wish.indefinite ? ContentForm::pieces : ContentForm::whole, document.size(), out));
  }
  BOOST_OUTCOME_TRY(deliver(out, meter, {&document}));
  return seal.sealed();
}

SealResult<Sealed> Sealer::add_cades(const Input& file, const Input* document, Output& out,
                                     const SealWish& wish, const Control& control) const {
  CadesSeal seal(context_, *key_, time_stamps_.get(), wish);
  BOOST_OUTCOME_TRY(seal.prepare());
  BOOST_OUTCOME_TRY(auto message, read_message(file));
  if (message.has_content == (document != nullptr))
    return Error(
        Failure::settings,
        document != nullptr
            ? "the message holds its document: name no other one"
            : "the message does not hold its document: name the document as well (--content FILE)");
  const Pass pass = document != nullptr ? pass_over(*document) : pass_over(file, message);
  const std::uint64_t size = document != nullptr ? document->size() : message.content_size;
  Meter meter(control, document != nullptr ? size : 2 * size);
  std::vector<Hash> hashes = cms::hashes_of(message.parts);
  if (std::ranges::find(hashes, seal.hash()) == hashes.end()) hashes.push_back(seal.hash());
  BOOST_OUTCOME_TRY(const auto digests, digest_all(context_, hashes, pass, meter));
  // Beside a signature that is wrong already, another one would vouch for it.
  for (const cms::Verdict& verdict : cms::verify(context_, message.parts, digests))
    if (verdict.certificate_found && !(verdict.digest_matches && verdict.signature_matches))
      return Error(Failure::broken, fmt::format("a signature in \"{}\" is wrong already: {}",
                                                file.name(), verdict.problems.front()));
  const Bytes& digest = digests.at(seal.hash());
  BOOST_OUTCOME_TRY(seal.sign(digest, message.parts));
  if (document != nullptr) {
    BOOST_OUTCOME_TRY(out.write(message.parts.detached()));
  } else {
    const Copy copy{context_, file, pass, seal.hash(), digest, meter};
    BOOST_OUTCOME_TRY(copy.write(message.parts, form_of(message), size, out));
  }
  BOOST_OUTCOME_TRY(deliver(out, meter, {&file, document}));
  return seal.sealed();
}

}  // namespace signet::sealing
