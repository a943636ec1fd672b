// Any bytes as a PDF that is to be validated.
#include <cstdint>

#include "pdf/source.h"
#include "tests/fuzz/support/require.h"
#include "validation/reading.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet;
  using namespace signet::validation;
  const auto read = read_pdf(pdf::Source::of(ByteView(data, size)), "user");
  if (!read) {
    fuzz::require(!read.error().sentence.empty(), "an error is a sentence");
    return 0;
  }
  const auto check = [](const PdfCoverage& coverage) {
    fuzz::require(coverage.fault || coverage.revision < coverage.revisions,
                  "it covers a revision that there is");
  };
  for (const SignaturePart& one : read.value().signatures) {
    fuzz::require(one.pdf.has_value(), "a signature has a byte range, or a fault");
    check(*one.pdf);
  }
  for (const TimeStampPart& one : read.value().document_time_stamps) {
    fuzz::require(one.pdf.has_value(), "so has a time-stamp");
    check(*one.pdf);
    fuzz::require(!one.pdf->fault || one.covered.empty(), "with a fault it proves nothing");
  }
  return 0;
}
