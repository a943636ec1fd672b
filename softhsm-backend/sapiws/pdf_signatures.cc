#include "softhsm-backend/sapiws/pdf_signatures.h"

#include <array>
#include <charconv>

#include "crypto/der.h"

namespace signet::emulator::sapiws {

namespace {

constexpr std::string_view kPdfWhiteSpace = " \t\r\n\f";

void skip_white_space(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kPdfWhiteSpace), text.size()));
}

// "[a b c d]", ISO 32000-2, 12.8.1: offset and length of the two parts that are signed.
struct Range {
  std::array<std::size_t, 4> numbers{};

  std::size_t gap_begin() const { return numbers[0] + numbers[1]; }
  std::size_t gap_end() const { return numbers[2]; }
  std::size_t end() const { return numbers[2] + numbers[3]; }
  bool lies_in(std::size_t size) const {
    return numbers[0] == 0 && numbers[1] <= size && numbers[2] <= size && numbers[3] <= size &&
           gap_begin() < gap_end() && end() <= size;
  }
};

std::optional<Range> read_range(std::string_view text) {
  skip_white_space(text);
  if (!text.starts_with('[')) return std::nullopt;
  text.remove_prefix(1);
  Range range;
  for (std::size_t& number : range.numbers) {
    skip_white_space(text);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  skip_white_space(text);
  if (!text.starts_with(']')) return std::nullopt;
  return range;
}

// The message in the gap, "<hexadecimal>" with zeros behind it. Some programs sign a bracket as well, which leaves the
// gap without it.
std::optional<Bytes> message_in(std::string_view gap) {
  skip_white_space(gap);
  if (gap.starts_with('<')) gap.remove_prefix(1);
  const auto padded = from_hex(gap.substr(0, gap.find('>')));
  if (!padded) return std::nullopt;
  der::Reader reader(*padded);
  const auto message = reader.read_whole(der::kSequence);
  if (!message) return std::nullopt;
  return copy_of(*message);
}

PdfSignature read_signature(std::string_view pdf, const Range& range) {
  PdfSignature signature{.whole_file = range.end() == pdf.size(), .facts = std::nullopt};
  const auto message =
      message_in(pdf.substr(range.gap_begin(), range.gap_end() - range.gap_begin()));
  if (!message) return signature;
  signature.facts = read_cms(*message, [&](crypto::Hash hash) {
    std::string covered(pdf.substr(0, range.numbers[1]));
    covered += pdf.substr(range.numbers[2], range.numbers[3]);
    return std::optional(digest_of_data(hash, view_of(covered)));
  });
  return signature;
}

}  // namespace

std::optional<std::vector<PdfSignature>> pdf_signatures(std::string_view pdf) {
  constexpr std::string_view key = "/ByteRange";
  if (!pdf.starts_with("%PDF-")) return std::nullopt;
  std::vector<PdfSignature> found;
  for (std::size_t at = pdf.find(key); at != std::string_view::npos; at = pdf.find(key, at + 1)) {
    const auto range = read_range(pdf.substr(at + key.size()));
    if (!range) continue;  // the placeholder of an unsigned field, or a page's text
    if (!range->lies_in(pdf.size()) || found.size() == kMaxPdfSignatures) return std::nullopt;
    found.push_back(read_signature(pdf, *range));
  }
  return found;
}

}  // namespace signet::emulator::sapiws
