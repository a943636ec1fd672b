// Any bytes as a message or a token that is to be validated: taken apart, alone and with a document.
#include <cstdint>

#include "crypto/cms/reader.h"
#include "tests/fuzz/support/require.h"
#include "validation/reading.h"

namespace signet::fuzz {
namespace {

void check(const Result<validation::DocumentParts, validation::ReadingError>& read) {
  using namespace validation;
  if (!read) return require(!read.error().sentence.empty(), "an error is a sentence");
  const DocumentParts& parts = read.value();
  for (const SignaturePart& one : parts.signatures) {
    require(one.format == Format::cades || one.format == Format::cms, "a format of messages");
    require(!one.pdf.has_value(), "a message has no byte range");
    for (const TimeStampPart& stamp : one.signature_time_stamps)
      require(one.signer.fault || stamp.covered.contains(one.id), "it covers the signature");
  }
  for (const TimeStampPart& stamp : parts.document_time_stamps)
    require(stamp.kind == TimeStampKind::alone, "a token alone");
  for (const Statement& remark : parts.remarks)
    require(!text_of(remark, Language::czech).empty(), "a remark is a sentence");
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet;
  const cms::Source source = cms::Source::of(ByteView(data, size));
  const Bytes content = copy_of(view_of("content"));
  const cms::Source document = cms::Source::of(content);
  fuzz::check(validation::read_message(source, nullptr));
  fuzz::check(validation::read_message(source, &document));
  return 0;
}
