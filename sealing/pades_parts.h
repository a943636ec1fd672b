// What both ways to a PAdES seal have in common. For this component alone.
#ifndef SIGNET_SEALING_PADES_PARTS_H_
#define SIGNET_SEALING_PADES_PARTS_H_

#include <chrono>
#include <cstddef>
#include <vector>

#include "common/bytes.h"
#include "pdf/signature.h"
#include "sealing/content.h"
#include "sealing/sealer.h"

namespace signet::sealing {

// Of the wish alone: what PAdES excludes (EN 319 142-1, 6.3).
SealResult<void> check_pades_wish(const SealWish& wish, const PdfWish& pdf);

// The seal of one document, whose certificate (DER) is shown where it is visible.
struct PadesPlan {
  const SealWish& wish;
  const PdfWish& pdf;
  const cms::Algorithm& algorithm;
  const Bytes& certificate;
  std::chrono::system_clock::time_point signed_at;
  std::size_t room;         // for the message
  bool wants_page = false;  // see pdf::SignatureWish
};

// The document is read and its update planned.
SealResult<pdf::PlannedSignature> plan_pades(const Input& document, const PadesPlan& plan,
                                             const Control& control = {});

// What the signature covers: the document and its update, but for the gap. The arguments outlive the pass.
Pass pass_over_signed(const Input& document, const pdf::Tail& tail);

// The end of such a pass.
SealResult<void> take_tail(const pdf::Tail& tail, const Take& take);

// The sealed document: writes it, and compares what it covers with what was signed where a change of the file would not show
// otherwise, or `always`.
SealResult<void> write_pades(const std::shared_ptr<crypto::Context>& context, const Input& document,
                             const pdf::Tail& tail, const Sealed& sealed, bool always, Output& out,
                             Meter& meter);

// For the readers of PDF; valid as long as the document.
pdf::Source source_of(const Input& document);

Error error_of(const pdf::Error& error);

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_PADES_PARTS_H_
