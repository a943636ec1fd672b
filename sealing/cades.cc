// CAdES (EN 319 122-1), internal and external.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "crypto/cms/signed_data.h"
#include "crypto/cms/verify.h"
#include "crypto/digest.h"
#include "sealing/cades_parts.h"
#include "sealing/content.h"
#include "sealing/first_stamp.h"
#include "sealing/one_seal.h"
#include "sealing/sealer.h"

namespace signet::sealing {

namespace {

using crypto::Hash;

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
    : context_(std::move(context)),
      key_(std::move(key)),
      time_stamps_(std::move(time_stamps)),
      first_stamp_(std::make_shared<FirstStamp>()) {}

SealResult<Sealed> Sealer::seal_cades(const Input& document, Output& out, const SealWish& wish,
                                      const Control& control) const {
  OneSeal seal(context_, *key_, time_stamps_.get(), wish, SigningTime::attribute);
  BOOST_OUTCOME_TRY(seal.prepare());
  Meter meter(control, document.size() * (wish.external ? 1 : 2));
  BOOST_OUTCOME_TRY(const auto digests,
                    digest_all(context_, {seal.hash()}, pass_over(document), meter));
  const Bytes& digest = digests.at(seal.hash());
  cms::SignedData message;
  message.content_type = cms::SignedAttributes().content_type;
  BOOST_OUTCOME_TRY(
      seal.reserve(out, message.detached().size() + (wish.external ? 0 : document.size())));
  BOOST_OUTCOME_TRY(seal.sign(digest, message));
  if (wish.external) {
    BOOST_OUTCOME_TRY(out.write(message.detached()));
  } else {
    const Pass pass = pass_over(document);
    const Copy copy{context_, document, pass, seal.hash(), digest, meter};
    BOOST_OUTCOME_TRY(copy.write(
        message, wish.indefinite ? ContentForm::pieces : ContentForm::whole, document.size(), out));
  }
  BOOST_OUTCOME_TRY(deliver(out, meter, seal.sealed(), {&document}));
  return seal.sealed();
}

SealResult<Sealed> Sealer::add_cades(const Input& file, const Input* document, Output& out,
                                     const SealWish& wish, const Control& control) const {
  OneSeal seal(context_, *key_, time_stamps_.get(), wish, SigningTime::attribute);
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
  BOOST_OUTCOME_TRY(
      seal.reserve(out, message.parts.detached().size() + (document != nullptr ? 0 : size)));
  BOOST_OUTCOME_TRY(seal.sign(digest, message.parts));
  if (document != nullptr) {
    BOOST_OUTCOME_TRY(out.write(message.parts.detached()));
  } else {
    const Copy copy{context_, file, pass, seal.hash(), digest, meter};
    BOOST_OUTCOME_TRY(copy.write(message.parts, form_of(message), size, out));
  }
  BOOST_OUTCOME_TRY(deliver(out, meter, seal.sealed(), {&file, document}));
  return seal.sealed();
}

}  // namespace signet::sealing
