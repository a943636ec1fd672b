// Any bytes as a CMS message that somebody sealed: read, verified, and written again around the same content.
#include <cstdint>
#include <map>

#include "crypto/cms/reader.h"
#include "crypto/cms/verify.h"
#include "crypto/context.h"
#include "crypto/digest.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

Bytes content_of(const cms::Message& message, ByteView bytes) {
  Bytes content;
  const bool whole = message.each_piece(cms::Source::of(bytes), [&](ByteView piece) {
    content.insert(content.end(), piece.begin(), piece.end());
    return true;
  });
  require(whole, "what was read once is read again");
  require(content.size() == message.content_size, "the content has the size that was told");
  return content;
}

void append(Bytes& to, ByteView bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

// What is written around a content is read as it was.
void check_again(const cms::Message& message, ByteView content) {
  Bytes written;
  if (message.has_content) {
    const cms::Frame frame = message.parts.around(content.size());
    append(written, frame.before);
    append(written, content);
    append(written, frame.after);
  } else {
    written = message.parts.detached();
  }
  const auto again = cms::read_signed_data(cms::Source::of(written));
  require(again.has_value(), "what we write is read");
  require(again.value().parts.signers == message.parts.signers, "signers stay byte for byte");
  require(again.value().parts.certificates == message.parts.certificates || !message.parts.in_order,
          "certificates stay byte for byte");
  require(content_of(again.value(), written).size() == content.size(), "so does the content");
}

void check_signer(ByteView signer) {
  const auto parsed = cms::parse_signer(signer);
  if (!parsed) return require(!parsed.error().empty(), "an error is a sentence");
  const Bytes stamp = cms::signature_time_stamp(signer);
  const Bytes stamped = cms::with_unsigned_attribute(signer, stamp);
  const auto again = cms::parse_signer(stamped);
  require(again.has_value(), "a signer with one more attribute is one");
  require(equal(again.value().signed_attributes, parsed.value().signed_attributes) &&
              equal(again.value().signature, parsed.value().signature),
          "what is signed stays");
  require(cms::has_time_stamp(again.value()), "the time-stamp is there");
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet;
  const ByteView bytes(data, size);
  const auto message = cms::read_signed_data(cms::Source::of(bytes));
  if (!message) {
    fuzz::require(!message.error().sentence.empty(), "an error is a sentence");
    fuzz::require(message.error().offset <= size, "an error is inside the message");
    return 0;
  }
  static const auto context = crypto::Context::create().value();
  const Bytes content = fuzz::content_of(message.value(), bytes);
  std::map<crypto::Hash, Bytes> digests;
  for (const crypto::Hash hash : cms::hashes_of(message.value().parts))
    if (auto digest = crypto::digest_of(context, hash, content))
      digests[hash] = std::move(digest).value();
  const auto verdicts = cms::verify(context, message.value().parts, digests);
  fuzz::require(verdicts.size() == message.value().parts.signers.size(), "a verdict for each");
  for (const cms::Verdict& verdict : verdicts)
    fuzz::require(verdict.good() == (verdict.certificate_found && verdict.digest_matches &&
                                     verdict.signature_matches && verdict.certificate_named &&
                                     verdict.problems.empty()),
                  "good means that every part is");
  for (const Bytes& signer : message.value().parts.signers) fuzz::check_signer(signer);
  fuzz::check_again(message.value(), content);
  return 0;
}
