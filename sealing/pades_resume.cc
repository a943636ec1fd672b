// A time-stamp for a PAdES seal that has none: it goes into the room that was left for it.
#include <algorithm>
#include <optional>

#include "crypto/cms/verify.h"
#include "crypto/digest.h"
#include "pdf/form.h"
#include "pdf/signature_value.h"
#include "sealing/content.h"
#include "sealing/pades_parts.h"
#include "sealing/sealer.h"

namespace signet::sealing {

namespace {

// More than a signature may be shorter than was planned, less than any time-stamp.
constexpr std::size_t kNoRoom = 512;

// What is known of the signatures of a document.
struct Seals {
  bool any = false;
  std::optional<pdf::SignatureValue> newest = {};  // the seal that no later signature covers
  bool covered = false;                            // another one lacks its time-stamp
};

bool lacks_time_stamp(const pdf::SignatureValue& seal) {
  const auto message = cms::read_signed_data(cms::Source::of(seal.contents));
  if (!message || message.value().parts.signers.size() != 1) return false;
  const auto parsed = cms::parse_signer(message.value().parts.signers.front());
  return parsed && !cms::has_time_stamp(parsed.value());
}

SealResult<Seals> seals_of(const Input& document, const Secret& password) {
  const auto opened = pdf::Document::open(source_of(document), text_of(password.reveal()));
  if (!opened) return error_of(opened.error());
  const auto form = pdf::Form::read(*opened.value());
  if (!form) return error_of(form.error());
  Seals seals;
  for (const pdf::Field* const field : form.value().signed_fields()) {
    seals.any = true;
    QPDFObjectHandle dictionary = field->value;
    if (!dictionary.getKey("/SubFilter").isNameAndEquals("/ETSI.CAdES.detached")) continue;
    const auto value = pdf::read_signature(*opened.value(), *field);
    if (!value) return error_of(value.error());
    if (value.value().end == document.size()) {
      seals.newest = value.value();
    } else {
      seals.covered = seals.covered || lacks_time_stamp(value.value());
    }
  }
  return seals;
}

// The sealed document with other contents in its gap.
SealResult<void> write_with(const Input& document, const pdf::Gap& gap, const std::string& contents,
                            Output& out) {
  std::uint64_t at = 0;
  SealResult<void> written = success();
  const auto passed = document.each_piece([&](ByteView piece) {
    Bytes copy = copy_of(piece);
    for (std::uint64_t place = std::max(at, gap.begin);
         place < std::min(at + piece.size(), gap.end); ++place)
      copy[static_cast<std::size_t>(place - at)] =
          static_cast<std::uint8_t>(contents[static_cast<std::size_t>(place - gap.begin)]);
    at += piece.size();
    written = out.write(copy);
    return written.has_value();
  });
  BOOST_OUTCOME_TRY(written);
  return passed;
}

}  // namespace

SealResult<LaterStamp> add_pades_time_stamp(const std::shared_ptr<crypto::Context>& context,
                                            timestamps::Client& time_stamps, const Input& document,
                                            const Secret& password, Output& out, Milliseconds limit,
                                            const timestamps::KeyService& service) {
  BOOST_OUTCOME_TRY(const auto seals, seals_of(document, password));
  if (!seals.any) return LaterStamp::no_seal;
  const LaterStamp otherwise = seals.covered ? LaterStamp::covered : LaterStamp::present;
  const auto& seal = seals.newest;
  if (!seal) return otherwise;
  auto message = cms::read_signed_data(cms::Source::of(seal->contents));
  if (!message || message.value().parts.signers.size() != 1)
    return Error(Failure::broken, "the seal in \"" + document.name() + "\" cannot be read");
  Bytes& signer = message.value().parts.signers.front();
  const auto parsed = cms::parse_signer(signer);
  if (!parsed) return Error(Failure::broken, parsed.error());
  if (cms::has_time_stamp(parsed.value())) return otherwise;
  if (seal->gap.room() - std::min(seal->gap.room(), message.value().parts.detached().size()) <
      kNoRoom)
    return seals.covered ? LaterStamp::covered : LaterStamp::no_room;
  const crypto::Hash hash = parsed.value().algorithm.hash;
  const auto imprint = crypto::digest_of(context, hash, parsed.value().signature);
  if (!imprint) return no_crypto();
  const auto stamp = time_stamps.stamp(hash, imprint.value(), Deadline::after(limit), service);
  if (!stamp) return Error(Failure::no_time_stamp, stamp.error().sentence);
  signer = cms::with_unsigned_attribute(signer, cms::signature_time_stamp(stamp.value().token.der));
  const Bytes der = message.value().parts.detached();
  if (der.size() > seal->gap.room())
    return Error(Failure::no_time_stamp,
                 "the time-stamp is larger than the room that the seal in \"" + document.name() +
                     "\" has for it");
  BOOST_OUTCOME_TRY(write_with(document, seal->gap, seal->gap.contents(der), out));
  BOOST_OUTCOME_TRY(document.check_unchanged());
  BOOST_OUTCOME_TRY(out.commit());
  return LaterStamp::added;
}

}  // namespace signet::sealing
