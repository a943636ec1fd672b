// A time-stamp for a PAdES seal that has none: it goes into the room that was left for it.
#include "crypto/cms/verify.h"
#include "crypto/digest.h"
#include "pdf/form.h"
#include "pdf/signature_value.h"
#include "sealing/content.h"
#include "sealing/pades_parts.h"
#include "sealing/sealer.h"

namespace signet::sealing {

namespace {

// The seal that no later one covers; null: there is none, or it is no CAdES signature.
SealResult<std::optional<pdf::SignatureValue>> newest_seal(const Input& document,
                                                           const Secret& password) {
  const auto opened = pdf::Document::open(source_of(document), text_of(password.reveal()));
  if (!opened) return error_of(opened.error());
  const auto form = pdf::Form::read(*opened.value());
  if (!form) return error_of(form.error());
  for (const pdf::Field* const field : form.value().signed_fields()) {
    QPDFObjectHandle dictionary = field->value;
    if (!dictionary.getKey("/SubFilter").isNameAndEquals("/ETSI.CAdES.detached")) continue;
    const auto value = pdf::read_signature(*opened.value(), *field);
    if (!value) return error_of(value.error());
    if (value.value().end == document.size()) return std::optional(value.value());
  }
  return std::optional<pdf::SignatureValue>();
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

SealResult<std::size_t> add_pades_time_stamp(const std::shared_ptr<crypto::Context>& context,
                                             timestamps::Client& time_stamps, const Input& document,
                                             const Secret& password, Output& out,
                                             Milliseconds limit,
                                             const timestamps::KeyService& service) {
  BOOST_OUTCOME_TRY(const auto seal, newest_seal(document, password));
  if (!seal) return std::size_t{0};
  auto message = cms::read_signed_data(cms::Source::of(seal->contents));
  if (!message || message.value().parts.signers.size() != 1)
    return Error(Failure::broken, "the seal in \"" + document.name() + "\" cannot be read");
  Bytes& signer = message.value().parts.signers.front();
  const auto parsed = cms::parse_signer(signer);
  if (!parsed) return Error(Failure::broken, parsed.error());
  if (cms::has_time_stamp(parsed.value())) return std::size_t{0};
  const crypto::Hash hash = parsed.value().algorithm.hash;
  const auto imprint = crypto::digest_of(context, hash, parsed.value().signature);
  if (!imprint) return no_crypto();
  const auto stamp = time_stamps.stamp(hash, imprint.value(), Deadline::after(limit), service);
  if (!stamp) return Error(Failure::no_time_stamp, stamp.error().sentence);
  signer = cms::with_unsigned_attribute(signer, cms::signature_time_stamp(stamp.value().token.der));
  const Bytes der = message.value().parts.detached();
  if (der.size() > seal->gap.room())
    return Error(Failure::no_time_stamp,
                 "the seal in \"" + document.name() + "\" has no room for a time-stamp");
  BOOST_OUTCOME_TRY(write_with(document, seal->gap, seal->gap.contents(der), out));
  BOOST_OUTCOME_TRY(document.check_unchanged());
  BOOST_OUTCOME_TRY(out.commit());
  return std::size_t{1};
}

}  // namespace signet::sealing
