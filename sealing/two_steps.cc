#include "sealing/two_steps.h"

#include <utility>

#include "crypto/digest.h"
#include "sealing/cades_parts.h"
#include "sealing/content.h"
#include "sealing/prepared_state.h"

namespace signet::sealing {

namespace {

// The document is digested once more on its way, since nothing else would show a change.
SealResult<void> write(const std::shared_ptr<crypto::Context>& context, const Finish& finish,
                       const SealWish& wish, const Input* document, Output& out, Meter& meter) {
  if (wish.external) return out.write(finish.message().detached());
  auto again = crypto::Digest::start(context, finish.sealed().algorithm.hash);
  if (!again) return no_crypto();
  BOOST_OUTCOME_TRY(write_message(
      finish.message(), wish.indefinite ? ContentForm::pieces : ContentForm::whole,
      document->size(), pass_over(*document), out,
      [&](ByteView piece) { return again.value().update(piece) && meter.add(piece.size()); }));
  const auto now = again.value().finish();
  if (now && equal(now.value(), finish.sealed().digest)) return success();
  return has_changed(*document);
}

}  // namespace

SealResult<Prepared> prepare_cades(const std::shared_ptr<crypto::Context>& context,
                                   const Signatory& signatory, const Input& document,
                                   const SealWish& wish, const Control& control) {
  BOOST_OUTCOME_TRY(const auto algorithm, algorithm_of(signatory, wish.signing));
  Meter meter(control, document.size());
  BOOST_OUTCOME_TRY(const auto digests,
                    digest_all(context, {algorithm.hash}, pass_over(document), meter));
  BOOST_OUTCOME_TRY(document.check_unchanged());
  return prepare_message(context, signatory, wish, algorithm, digests.at(algorithm.hash),
                         signing_moment(), true);
}

SealResult<Sealed> finish_cades(const std::shared_ptr<crypto::Context>& context,
                                timestamps::Client* time_stamps, ByteView state, ByteView signature,
                                const Input* document, Output& out, const SealWish& wish,
                                const Control& control) {
  if (wish.level == Level::b_t && time_stamps == nullptr)
    return Error(Failure::settings, "level B-T needs a time-stamp authority");
  if (!wish.external && document == nullptr)
    return Error(Failure::settings, "an internal seal needs the document once more");
  BOOST_OUTCOME_TRY(auto known, read_prepared(context, state));
  if (!known.signed_at) return no_state();  // of a PAdES seal
  Finish finish(context, std::move(known), wish);
  const std::uint64_t size = document != nullptr ? document->size() : 0;
  Meter meter(control, wish.external ? size : 2 * size);
  if (document != nullptr) {
    BOOST_OUTCOME_TRY(finish.check_document(pass_over(*document), *document, meter));
  }
  BOOST_OUTCOME_TRY(finish.take(signature));
  if (wish.level == Level::b_t) {
    BOOST_OUTCOME_TRY(finish.add_stamp(*time_stamps, signature));
  }
  BOOST_OUTCOME_TRY(write(context, finish, wish, document, out, meter));
  BOOST_OUTCOME_TRY(deliver(out, meter, finish.sealed(), {document}));
  return finish.sealed();
}

}  // namespace signet::sealing
