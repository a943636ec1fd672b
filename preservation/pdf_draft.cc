#include "preservation/pdf_draft.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "crypto/algorithm_table.h"
#include "crypto/digest.h"
#include "pdf/document.h"

namespace signet::preservation {

namespace {

constexpr int kMostAttempts = 4;  // until a token fits

ExtensionError pdf_error(const pdf::Error& error) {
  switch (error.kind) {
    case pdf::ErrorKind::unreadable:
      return {ExtensionFault::input, error.sentence};
    case pdf::ErrorKind::broken:
      return {ExtensionFault::broken, error.sentence};
    default:
      return {ExtensionFault::forbidden, error.sentence};
  }
}

pdf::SecurityStore store_of(const Values& values) {
  pdf::SecurityStore store;
  for (const auto& each : values.certificates) store.data.certificates.push_back(each->der());
  for (const auto& each : values.revocations) {
    if (each->kind() == validation::RevocationKind::crl)
      store.data.crls.push_back(each->der());
    else
      store.data.ocsp_answers.push_back(ocsp_response_of(*each));
  }
  return store;
}

// Of the tokens in the document, in bytes.
std::size_t largest_token(const validation::DocumentParts& parts) {
  std::size_t largest = 0;
  for (const auto& stamp : parts.document_time_stamps)
    largest = std::max(largest, stamp.der.size());
  return largest;
}

bool is_stamped(const validation::DocumentParts& parts,
                const validation::SignaturePart& signature) {
  return !signature.signature_time_stamps.empty() ||
         std::ranges::any_of(parts.document_time_stamps, [&](const auto& stamp) {
           return stamp.covered.contains(signature.id);
         });
}

}  // namespace

Bytestream PdfDraft::bytes() const {
  return {file_.size() + added_.size(), [this](std::uint64_t offset, std::span<std::uint8_t> out) {
            const std::uint64_t size = file_.size();
            if (offset < size) {
              const auto before =
                  static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size - offset));
              if (!file_.read(offset, out.first(before))) return false;
              offset += before;
              out = out.subspan(before);
            }
            const std::uint64_t at = offset - size;
            if (out.empty()) return true;
            if (at > added_.size() || out.size() > added_.size() - at) return false;
            std::memcpy(out.data(), added_.data() + at, out.size());
            return true;
          }};
}

ExtensionResult<validation::DocumentParts> PdfDraft::read(
    const Bytestream& bytes, const validation::Progress& progress) const {
  auto parts = validation::read_pdf(bytes, text_of(password_.reveal()), progress);
  if (!parts) return reading_error(parts.error());
  return std::move(parts).value();
}

// A document time-stamp is one for all signatures.
ExtensionResult<void> PdfDraft::stamp_signatures(const validation::DocumentParts& parts,
                                                 Stamper& stamper) {
  const bool all = std::ranges::all_of(
      parts.signatures, [&](const auto& signature) { return is_stamped(parts, signature); });
  if (all && !parts.signatures.empty()) return success();
  return archive(parts, {}, stamper);
}

ExtensionResult<void> PdfDraft::add_values(const Values& values) {
  if (values.empty()) return success();
  const auto opened = pdf::Document::open(bytes(), text_of(password_.reveal()));
  if (!opened) return pdf_error(opened.error());
  const auto tail = pdf::plan_security_store(*opened.value(), store_of(values));
  if (!tail) return pdf_error(tail.error());
  added_.insert(added_.end(), tail.value().bytes.begin(), tail.value().bytes.end());
  return success();
}

ExtensionResult<pdf::PlannedSignature> PdfDraft::plan_stamp(const Values& values, std::size_t room,
                                                            crypto::Hash hash) const {
  const auto opened = pdf::Document::open(bytes(), text_of(password_.reveal()));
  if (!opened) return pdf_error(opened.error());
  pdf::SignatureWish wish;
  wish.kind = pdf::SignatureKind::time_stamp;
  wish.room = room;
  wish.digest = crypto::hash_name(hash);
  std::erase(wish.digest, '-');
  wish.stamped = true;
  wish.ignore_xfa = true;  // whoever signed it has decided that
  wish.store = store_of(values);
  auto planned = pdf::plan_signature(*opened.value(), wish);
  if (!planned) return pdf_error(planned.error());
  return std::move(planned).value();
}

ExtensionResult<Bytes> PdfDraft::digest_of(const pdf::Tail& tail, const Stamper& stamper) const {
  auto digest = crypto::Digest::start(stamper.context(), stamper.hash());
  if (!digest) return no_digest();
  const bool whole =
      each_piece(bytes(), [&](ByteView piece) { return digest.value().update(piece).has_value(); });
  if (!whole) return input_changed();
  if (!digest.value().update(tail.before_gap()) || !digest.value().update(tail.behind_gap()))
    return no_digest();
  auto value = digest.value().finish();
  if (!value) return no_digest();
  return std::move(value).value();
}

ExtensionResult<void> PdfDraft::archive(const validation::DocumentParts& parts,
                                        const Values& values, Stamper& stamper) {
  const std::size_t seen = largest_token(parts);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    BOOST_OUTCOME_TRY(auto planned, plan_stamp(values, stamper.expected(seen), stamper.hash()));
    BOOST_OUTCOME_TRY(const Bytes imprint, digest_of(planned.tail, stamper));
    BOOST_OUTCOME_TRY(const Bytes token, stamper.stamp(stamper.hash(), imprint));
    if (planned.tail.fill(token)) {
      stamper.used(token);
      added_.insert(added_.end(), planned.tail.bytes.begin(), planned.tail.bytes.end());
      return success();
    }
  }
  return ExtensionError{ExtensionFault::no_time_stamp,
                        "the time-stamps of the authority have no common size"};
}

}  // namespace signet::preservation
