#include "sealing/pades_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "crypto/digest.h"
#include "sealing/cades_parts.h"
#include "sealing/seal_facts.h"

namespace signet::sealing {

namespace {

Error refused(const char* sentence) {
  return {Failure::settings, sentence};
}

Failure failure_of(pdf::ErrorKind kind) {
  switch (kind) {
    case pdf::ErrorKind::unreadable:
      return Failure::input;
    case pdf::ErrorKind::broken:
      return Failure::broken;
    case pdf::ErrorKind::look:
      return Failure::settings;
    case pdf::ErrorKind::forbidden:
    case pdf::ErrorKind::unsupported:
    case pdf::ErrorKind::password:
    case pdf::ErrorKind::settings:
      break;
  }
  return Failure::forbidden;
}

// A document that is looked at until that is cancelled: then it gives no more bytes.
class Reading {
 public:
  Reading(const Input& document, const Control& control)
      : document_(document), cancelled_(control.cancelled) {}

  pdf::Source source() const {
    pdf::Source source = source_of(document_);
    if (cancelled_ == nullptr) return source;
    source.read = [read = std::move(source.read), cancelled = cancelled_](
                      std::uint64_t offset, std::span<std::uint8_t> out) {
      return !cancelled->load() && read(offset, out);
    };
    return source;
  }

  Error error(const pdf::Error& why) const {
    if (cancelled_ != nullptr && cancelled_->load()) return {Failure::cancelled, "cancelled"};
    return error_of(why);
  }

 private:
  const Input& document_;
  const std::atomic<bool>* const cancelled_;
};

}  // namespace

Error error_of(const pdf::Error& error) {
  return {failure_of(error.kind), error.sentence};
}

pdf::Source source_of(const Input& document) {
  return {document.size(), [&document](std::uint64_t offset, std::span<std::uint8_t> out) {
            return document.read(offset, out);
          }};
}

SealResult<void> check_pades_wish(const SealWish& wish, const PdfWish& pdf) {
  const cms::SignedAttributes& attributes = wish.attributes;
  if (!attributes.file_name.empty() || !attributes.media_type.empty())
    return refused("a seal in a PDF document names no file and no media type (EN 319 142-1, 6.3)");
  if (!pdf.reason.empty() && (!attributes.commitment.empty() || attributes.policy))
    return refused(
        "a seal in a PDF document has a reason, or a commitment or policy, not both (EN 319 142-1, "
        "6.3)");
  if (!pdf.location.empty() && (!attributes.country.empty() || !attributes.locality.empty()))
    return refused(
        "a seal in a PDF document has a location, or country and locality, not both (EN 319 142-1, "
        "6.3)");
  if (pdf.certify < 0 || pdf.certify > 3)
    return refused("a document is certified with permission 1, 2 or 3");
  return success();
}

SealResult<pdf::PlannedSignature> plan_pades(const Input& document, const PadesPlan& plan,
                                             const Control& control) {
  const PdfWish& pdf = plan.pdf;
  const Reading reading(document, control);
  const auto open = pdf.repair_ok ? pdf::Document::open_repaired : pdf::Document::open;
  const auto opened = open(reading.source(), text_of(pdf.password.reveal()));
  if (!opened) return reading.error(opened.error());
  pdf::SignatureWish signature;
  signature.field = pdf.field;
  signature.certify = pdf.certify;
  signature.reason = pdf.reason;
  signature.location = pdf.location;
  signature.contact = pdf.contact;
  signature.signed_at = plan.signed_at;
  signature.room = plan.room;
  signature.digest = crypto::hash_name(plan.algorithm.hash);
  std::erase(signature.digest, '-');
  signature.stamped = plan.wish.level == Level::b_t;
  signature.ignore_xfa = pdf.ignore_xfa;
  signature.wants_page = plan.wants_page;
  if (pdf.visible) {
    BOOST_OUTCOME_TRY(auto facts, seal_facts(plan.certificate, plan.signed_at));
    if (!plan.wish.reference.empty()) facts.reference = plan.wish.reference;
    if (!pdf.reason.empty()) facts.reason = pdf.reason;
    signature.visible = pdf::VisibleSeal{{pdf.visible, &pdf.visible->look},
                                         std::move(facts),
                                         pdf.visible->page,
                                         pdf.visible->position};
  }
  auto planned = pdf::plan_signature(*opened.value(), signature);
  if (!planned) return reading.error(planned.error());
  return std::move(planned).value();
}

SealResult<void> take_tail(const pdf::Tail& tail, const Take& take) {
  if (take(tail.before_gap()) && take(tail.behind_gap())) return success();
  return Error(Failure::cancelled, "cancelled");
}

Pass pass_over_signed(const Input& document, const pdf::Tail& tail) {
  return [&document, &tail](const Take& take) -> SealResult<void> {
    BOOST_OUTCOME_TRY(document.each_piece(take));
    return take_tail(tail, take);
  };
}

SealResult<void> write_pades(const std::shared_ptr<crypto::Context>& context, const Input& document,
                             const pdf::Tail& tail, const Sealed& sealed, bool always, Output& out,
                             Meter& meter) {
  const bool again = always || !document.change_would_show();
  auto digest = crypto::Digest::start(context, sealed.algorithm.hash);
  if (!digest) return no_crypto();
  SealResult<void> written = success();
  const auto passed = document.each_piece([&](ByteView piece) {
    written = out.write(piece);
    return written && (!again || digest.value().update(piece)) && meter.add(piece.size());
  });
  BOOST_OUTCOME_TRY(written);
  BOOST_OUTCOME_TRY(passed);
  BOOST_OUTCOME_TRY(out.write(tail.bytes));
  if (!again) return success();
  if (!digest.value().update(tail.before_gap()) || !digest.value().update(tail.behind_gap()))
    return no_crypto();
  const auto now = digest.value().finish();
  if (now && equal(now.value(), sealed.digest)) return success();
  return has_changed(document);
}

}  // namespace signet::sealing
