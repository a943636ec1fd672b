// A PAdES seal in two steps: its state holds the update, where its gap is, and the message without a signature.
#include <algorithm>
#include <array>
#include <utility>

#include "crypto/der.h"
#include "sealing/cades_parts.h"
#include "sealing/pades_parts.h"
#include "sealing/prepared_state.h"
#include "sealing/two_steps.h"

namespace signet::sealing {

namespace {

constexpr std::uint8_t kOfPades[] = {0x50, 0x44, 0x46, 0x31};  // "PDF1"

struct PadesState {
  pdf::Tail tail;
  std::uint64_t signed_at = 0;  // seconds since 1970
  std::string field;
  ByteView message;  // into the state
};

Bytes encode_number(std::uint64_t number) {
  std::array<std::uint8_t, 9> bytes = {};
  for (std::size_t at = bytes.size(); at-- > 0; number >>= 8U)
    bytes.at(at) = static_cast<std::uint8_t>(number);
  return der::encode_positive(bytes);
}

std::optional<std::uint64_t> read_number(der::Reader& reader) {
  const auto bytes = reader.read_positive();
  if (!bytes || bytes->size() > 8) return std::nullopt;
  std::uint64_t number = 0;
  for (const std::uint8_t byte : *bytes) number = number << 8U | byte;
  return number;
}

Bytes encode_state(const pdf::PlannedSignature& planned, const Prepared& prepared) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(prepared.signed_at.time_since_epoch());
  return der::encode_sequence(
      {der::encode(der::kOctetString, kOfPades), encode_number(planned.tail.offset),
       encode_number(planned.tail.gap->begin), encode_number(planned.tail.gap->end),
       encode_number(static_cast<std::uint64_t>(seconds.count())),
       der::encode(der::kUtf8String, view_of(planned.field)),
       der::encode(der::kOctetString, planned.tail.bytes),
       der::encode(der::kOctetString, prepared.state)});
}

SealResult<PadesState> read_state(ByteView bytes) {
  der::Reader reader(der::only(der::kSequence, bytes).value_or(ByteView()));
  const auto mark = reader.read(der::kOctetString);
  const auto offset = read_number(reader);
  const auto begin = read_number(reader);
  const auto end = read_number(reader);
  const auto seconds = read_number(reader);
  const auto field = reader.read(der::kUtf8String);
  const auto tail = reader.read(der::kOctetString);
  const auto message = reader.read(der::kOctetString);
  if (!message || !reader.at_end() || !mark || !equal(*mark, kOfPades) || !offset || !begin ||
      !end || !seconds || !field || !tail)
    return no_state();
  if (*begin < *offset || *end < *begin + 2 || *end - *offset > tail->size()) return no_state();
  PadesState state;
  state.tail = {copy_of(*tail), *offset, pdf::Gap{*begin, *end}};
  state.signed_at = *seconds;
  state.field = text_of(*field);
  state.message = *message;
  return state;
}

}  // namespace

bool is_pades_state(ByteView state) {
  der::Reader reader(der::only(der::kSequence, state).value_or(ByteView()));
  const auto mark = reader.read(der::kOctetString);
  return mark && equal(*mark, kOfPades);
}

SealResult<Prepared> prepare_pades(const std::shared_ptr<crypto::Context>& context,
                                   const Signatory& signatory, const Input& document,
                                   const SealWish& wish, const PdfWish& pdf,
                                   const Control& control) {
  BOOST_OUTCOME_TRY(check_pades_wish(wish, pdf));
  BOOST_OUTCOME_TRY(const auto algorithm, algorithm_of(signatory, wish.signing));
  BOOST_OUTCOME_TRY(std::size_t room,
                    room_for(wish, algorithm, signatory.certificate, signatory.issuers));
  if (wish.level == Level::b_t) room += pdf.stamp_room;
  const auto signed_at = signing_moment();
  BOOST_OUTCOME_TRY(
      auto planned,
      plan_pades(document, {wish, pdf, algorithm, signatory.certificate, signed_at, room},
                 control));
  Meter meter(control, document.size());
  BOOST_OUTCOME_TRY(
      const auto digests,
      digest_all(context, {algorithm.hash}, pass_over_signed(document, planned.tail), meter));
  BOOST_OUTCOME_TRY(document.check_unchanged());
  BOOST_OUTCOME_TRY(auto prepared, prepare_message(context, signatory, wish, algorithm,
                                                   digests.at(algorithm.hash), signed_at, false));
  prepared.state = encode_state(planned, prepared);
  prepared.remarks = std::move(planned.remarks);
  return prepared;
}

SealResult<Sealed> finish_pades(const std::shared_ptr<crypto::Context>& context,
                                timestamps::Client* time_stamps, ByteView state, ByteView signature,
                                const Input& document, Output& out, const SealWish& wish,
                                const Control& control) {
  if (wish.level == Level::b_t && time_stamps == nullptr)
    return Error(Failure::settings, "level B-T needs a time-stamp authority");
  BOOST_OUTCOME_TRY(auto known, read_state(state));
  BOOST_OUTCOME_TRY(auto prepared, read_prepared(context, known.message));
  prepared.signed_at = std::chrono::system_clock::time_point(std::chrono::seconds(known.signed_at));
  Finish finish(context, std::move(prepared), wish);
  Meter meter(control, document.size() * 2);
  if (document.size() != known.tail.offset)
    return Error(Failure::changed,
                 "\"" + document.name() + "\" is not the document that was prepared");
  BOOST_OUTCOME_TRY(finish.check_document(pass_over_signed(document, known.tail), document, meter));
  BOOST_OUTCOME_TRY(finish.take(signature));
  Sealed& sealed = finish.sealed();
  sealed.field = known.field;
  const Bytes without_stamp = finish.message().detached();
  if (wish.level == Level::b_t) {
    BOOST_OUTCOME_TRY(finish.add_stamp(*time_stamps, signature));
  }
  if (!known.tail.fill(finish.message().detached())) {
    const std::string why = "the time-stamp is larger than was planned when the seal was prepared";
    if (wish.without_stamp == WithoutStamp::fail || !known.tail.fill(without_stamp))
      return Error(Failure::no_time_stamp, why);
    sealed.level = Level::b_b;
    sealed.stamped_at.reset();
    sealed.authority.clear();
    sealed.degraded = true;
    sealed.why_degraded = why;
  }
  BOOST_OUTCOME_TRY(write_pades(context, document, known.tail, sealed, true, out, meter));
  BOOST_OUTCOME_TRY(deliver(out, meter, sealed, {&document}));
  return sealed;
}

}  // namespace signet::sealing
