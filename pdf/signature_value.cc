#include "pdf/signature_value.h"

#include <fmt/format.h>

#include <array>

#include "common/printable.h"

namespace signet::pdf {

namespace {

constexpr std::uint64_t kMostContents = std::uint64_t{16} * 1024 * 1024;

// The first DER element; nothing where there is none.
std::optional<ByteView> first_element(ByteView bytes) {
  if (bytes.size() < 2) return std::nullopt;
  std::size_t header = 2;
  std::size_t length = bytes[1];
  if (length > 0x80) {
    const std::size_t octets = length & 0x7FU;
    if (octets > 4 || bytes.size() < header + octets) return std::nullopt;
    length = 0;
    for (std::size_t at = 0; at < octets; ++at) length = length << 8U | bytes[header + at];
    header += octets;
  } else if (length == 0x80) {
    return std::nullopt;
  }
  if (length > bytes.size() - header) return std::nullopt;
  return bytes.first(header + length);
}

}  // namespace

PdfResult<SignatureValue> read_signature(Document& document, const Field& field) {
  const auto fault = [&](const char* what) {
    return Error(ErrorKind::broken,
                 fmt::format("the signature \"{}\" {}", printable(field.name), what));
  };
  return document.examined([&]() -> PdfResult<SignatureValue> {
    QPDFObjectHandle dictionary = field.value;
    if (!dictionary.isDictionary()) return Error(ErrorKind::settings, "the field is not signed");
    QPDFObjectHandle range = dictionary.getKey("/ByteRange");
    if (!range.isArray() || range.getArrayNItems() != 4)
      return fault("has no /ByteRange of two parts");
    std::array<std::uint64_t, 4> numbers = {};
    for (int at = 0; at < 4; ++at) {
      long long number = 0;
      if (!range.getArrayItem(at).getValueAsInt(number) || number < 0)
        return fault("has a damaged /ByteRange");
      numbers.at(static_cast<std::size_t>(at)) = static_cast<std::uint64_t>(number);
    }
    const Source& source = document.source();
    const auto [zero, begin, end, length] = numbers;
    if (zero != 0 || begin + 2 > end || end > source.size || length > source.size - end ||
        end - begin > 2 * kMostContents)
      return fault("has a damaged /ByteRange");
    Bytes gap(static_cast<std::size_t>(end - begin));
    if (!source.read(begin, gap))
      return Error(ErrorKind::unreadable, "the document cannot be read");
    if (gap.front() != '<' || gap.back() != '>')
      return fault("does not leave out exactly its /Contents");
    const auto bytes = from_hex(text_of(ByteView(gap).subspan(1, gap.size() - 2)));
    const auto der = bytes ? first_element(*bytes) : std::nullopt;
    if (!der) return fault("has damaged /Contents");
    return SignatureValue{{begin, end}, end + length, copy_of(*der)};
  });
}

}  // namespace signet::pdf
