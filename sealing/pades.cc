// PAdES (EN 319 142-1), baseline levels B-B and B-T.
#include <fmt/format.h>

#include <algorithm>

#include "common/log.h"
#include "crypto/cms/signed_data.h"
#include "pdf/signature.h"
#include "sealing/cades_parts.h"
#include "sealing/first_stamp.h"
#include "sealing/one_seal.h"
#include "sealing/pades_parts.h"

namespace signet::sealing {

namespace {

// Of a time-stamp whose size was met: the next one may have other certificates in it.
constexpr std::size_t kStampMargin = 4096;

// What the authorities' time-stamps took so far, if that is more than is left anyway.
std::size_t stamp_room(const timestamps::Client& time_stamps, const PdfWish& pdf) {
  std::size_t largest = 0;
  for (const auto& authority : time_stamps.statistics())
    largest = std::max(largest, authority.largest_token);
  return largest == 0 ? pdf.stamp_room : std::max(pdf.stamp_room, largest + kStampMargin);
}

// The same pass, with the document copied on its way: what is digested is what is written.
Pass copying(const Input& document, const pdf::Tail& tail, Output& out) {
  return [&document, &tail, &out](const Take& take) -> SealResult<void> {
    BOOST_OUTCOME_TRY(out.restart());
    SealResult<void> written = success();
    const auto passed = document.each_piece([&](ByteView piece) {
      written = out.write(piece);
      return written && take(piece);
    });
    BOOST_OUTCOME_TRY(written);
    BOOST_OUTCOME_TRY(passed);
    return take_tail(tail, take);
  };
}

}  // namespace

SealResult<Sealed> Sealer::seal_pades(const Input& document, Output& out, const SealWish& wish,
                                      const PdfWish& pdf, const Control& control) const {
  BOOST_OUTCOME_TRY(check_pades_wish(wish, pdf));
  // An output that can be begun again gets the document before there is a signature: it is read once then, and a disk that is
  // full costs no signature.
  const bool copied = out.is_private();
  Meter meter(control, document.size() * (copied ? 1 : 2));
  for (unsigned signatures = 1;;) {
    OneSeal seal(context_, *key_, time_stamps_.get(), wish, SigningTime::none);
    BOOST_OUTCOME_TRY(seal.prepare());
    BOOST_OUTCOME_TRY(std::size_t room, room_for(wish, seal.sealed().algorithm, key_->certificate(),
                                                 key_->issuers()));
    const bool stamped = wish.level == Level::b_t;
    const std::size_t for_stamp = stamped ? stamp_room(*time_stamps_, pdf) : 0;
    room += for_stamp;
    BOOST_OUTCOME_TRY(auto planned, plan_pades(document,
                                               {wish, pdf, seal.sealed().algorithm,
                                                key_->certificate(), seal.sealed().signed_at, room},
                                               control));
    BOOST_OUTCOME_TRY(const auto digests,
                      digest_all(context_, {seal.hash()},
                                 copied ? copying(document, planned.tail, out)
                                        : pass_over_signed(document, planned.tail),
                                 meter));
    FirstStamp::Turn first(nullptr);
    if (stamped) {
      first = first_stamp_->turn();
      // Another seal has met a larger one meanwhile: planned again, before anything is signed.
      if (stamp_room(*time_stamps_, pdf) > for_stamp) continue;
    }
    cms::SignedData message;
    message.content_type = cms::SignedAttributes().content_type;
    BOOST_OUTCOME_TRY(out.reserve(document.size() + planned.tail.bytes.size()));
    if (copied) out.start_syncing();
    BOOST_OUTCOME_TRY(seal.sign(digests.at(seal.hash()), message));
    const Bytes der = message.detached();
    if (!planned.tail.fill(der)) {
      if (signatures > 1)
        return Error(Failure::no_time_stamp,
                     "the time-stamps of the authority have no common size");
      log::warn(
          "a time-stamp needs {} bytes, {} were planned: the document is sealed a second time",
          der.size(), room);
      ++signatures;
      continue;
    }
    first.end();
    Sealed& sealed = seal.sealed();
    sealed.signatures = signatures;
    sealed.field = planned.field;
    sealed.remarks = std::move(planned.remarks);
    if (copied) {
      BOOST_OUTCOME_TRY(out.write(planned.tail.bytes));
    } else {
      BOOST_OUTCOME_TRY(write_pades(context_, document, planned.tail, sealed, false, out, meter));
    }
    BOOST_OUTCOME_TRY(deliver(out, meter, sealed, {&document}));
    return sealed;
  }
}

SealResult<std::optional<std::size_t>> Sealer::draft_pades(const Input& document, Output& out,
                                                           const SealWish& wish,
                                                           const PdfWish& pdf) const {
  BOOST_OUTCOME_TRY(check_pades_wish(wish, pdf));
  BOOST_OUTCOME_TRY(const auto algorithm, key_->algorithm(wish.signing));
  BOOST_OUTCOME_TRY(const std::size_t room,
                    room_for(wish, algorithm, key_->certificate(), key_->issuers()));
  BOOST_OUTCOME_TRY(const auto planned,
                    plan_pades(document, {wish, pdf, algorithm, key_->certificate(),
                                          signing_moment(), room, true}));
  SealResult<void> written = success();
  BOOST_OUTCOME_TRY(document.each_piece([&](ByteView piece) {
    written = out.write(piece);
    return written.has_value();
  }));
  BOOST_OUTCOME_TRY(written);
  BOOST_OUTCOME_TRY(out.write(planned.tail.bytes));
  BOOST_OUTCOME_TRY(out.commit());
  return planned.page;
}

}  // namespace signet::sealing
