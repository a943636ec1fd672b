#include "sealing/content.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "crypto/der.h"
#include "crypto/digest.h"

namespace signet::sealing {

namespace {

using crypto::Hash;

constexpr std::size_t kPieceOctets =
    std::size_t{1024} * 1024;  // of a content in indefinite lengths

SealResult<void> write_in_pieces(ByteView left, Output& out) {
  while (!left.empty()) {
    const ByteView part = left.first(std::min(left.size(), kPieceOctets));
    BOOST_OUTCOME_TRY(out.write(der::encode_header(der::kOctetString, part.size())));
    BOOST_OUTCOME_TRY(out.write(part));
    left = left.subspan(part.size());
  }
  return success();
}

}  // namespace

Pass pass_over(const Input& document) {
  return [&document](const Take& take) { return document.each_piece(take); };
}

Pass pass_over(const Input& file, const cms::Message& message) {
  return [&](const Take& take) -> SealResult<void> {
    bool stopped = false;
    const bool whole = message.each_piece(file.source(), [&](ByteView piece) {
      stopped = !take(piece);
      return !stopped;
    });
    if (whole) return success();
    if (stopped) return Error(Failure::cancelled, "cancelled");
    return has_changed(file);
  };
}

SealResult<Digests> digest_all(const std::shared_ptr<crypto::Context>& context,
                               const std::vector<Hash>& hashes, const Pass& pass, Meter& meter) {
  std::vector<std::pair<Hash, crypto::Digest>> states;
  for (const Hash hash : hashes) {
    auto state = crypto::Digest::start(context, hash);
    if (!state) return no_crypto();
    states.emplace_back(hash, std::move(state).value());
  }
  BOOST_OUTCOME_TRY(pass([&](ByteView piece) {
    for (auto& [hash, state] : states)
      if (!state.update(piece)) return false;
    return meter.add(piece.size());
  }));
  Digests digests;
  for (auto& [hash, state] : states) {
    auto digest = state.finish();
    if (!digest) return no_crypto();
    digests[hash] = std::move(digest).value();
  }
  return digests;
}

SealResult<cms::Message> read_message(const Input& file) {
  auto message = cms::read_signed_data(file.source());
  if (message) return std::move(message).value();
  return Error(Failure::broken,
               fmt::format("\"{}\" is not a CMS message that can be read: {} (at byte {})",
                           file.name(), message.error().sentence, message.error().offset));
}

ContentForm form_of(const cms::Message& message) {
  if (!message.has_content) return ContentForm::absent;
  return message.definite ? ContentForm::whole : ContentForm::pieces;
}

SealResult<void> write_message(const cms::SignedData& message, ContentForm form, std::uint64_t size,
                               const Pass& pass, Output& out, const Take& seen) {
  if (form == ContentForm::absent) return out.write(message.detached());
  const bool in_pieces = form == ContentForm::pieces;
  const cms::Frame frame = in_pieces ? message.around_pieces() : message.around(size);
  BOOST_OUTCOME_TRY(out.write(frame.before));
  SealResult<void> written = success();
  const auto passed = pass([&](ByteView piece) {
    written = in_pieces ? write_in_pieces(piece, out) : out.write(piece);
    return written.has_value() && seen(piece);
  });
  BOOST_OUTCOME_TRY(written);
  BOOST_OUTCOME_TRY(passed);
  return out.write(frame.after);
}

Error no_crypto() {
  return {Failure::settings, "OpenSSL cannot compute this digest"};
}

Error has_changed(const Input& file) {
  return {Failure::changed,
          fmt::format("\"{}\" changed while it was read: seal it when nobody writes to it",
                      file.name())};
}

}  // namespace signet::sealing
