#include "validation/reading/kind.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "crypto/base64.h"
#include "crypto/der.h"
#include "validation/reading.h"

namespace signet::validation {

namespace {

constexpr std::uint64_t kMostPem = std::uint64_t{64} * 1024 * 1024;
constexpr std::uint64_t kMostAnswer = std::uint64_t{1024} * 1024;
constexpr std::uint64_t kMostJunkBefore = 1024;  // in front of %PDF-
constexpr std::string_view kBegin = "-----BEGIN ";

std::optional<Bytes> first_bytes(const cms::Source& source, std::uint64_t most) {
  Bytes bytes(static_cast<std::size_t>(std::min(source.size, most)));
  if (!source.read(0, bytes)) return std::nullopt;
  return bytes;
}

// A SEQUENCE whose first member is an object identifier: ContentInfo (RFC 5652, 3), in DER or BER. Its content may be a PDF document,
// which then stands within the first bytes, too.
bool is_content_info(ByteView begin) {
  if (begin.size() < 2 || begin[0] != der::kSequence) return false;
  const std::size_t length_bytes = begin[1] > 0x80 ? begin[1] & 0x7FU : 0;
  return begin.size() > 2 + length_bytes && begin[2 + length_bytes] == der::kObjectIdentifier;
}

bool is_blank(char one) {
  return one == ' ' || one == '\t' || one == '\r' || one == '\n';
}

}  // namespace

bool is_pem(const cms::Source& source) {
  const auto begin = first_bytes(source, kBegin.size());
  return begin && signet::text_of(*begin) == kBegin;
}

std::optional<Bytes> from_pem(const cms::Source& source) {
  if (source.size > kMostPem) return std::nullopt;
  const auto bytes = first_bytes(source, kMostPem);
  if (!bytes) return std::nullopt;
  const std::string_view text = signet::text_of(*bytes);
  const auto line_end = text.find('\n');
  const auto end = text.find("-----END ", kBegin.size());
  if (line_end == std::string_view::npos || end == std::string_view::npos || end < line_end)
    return std::nullopt;
  std::string body(text.substr(line_end, end - line_end));
  std::erase_if(body, is_blank);
  return crypto::from_base64(body);
}

std::optional<Bytes> token_of_answer(const cms::Source& source) {
  if (source.size > kMostAnswer) return std::nullopt;
  const auto bytes = first_bytes(source, kMostAnswer);
  const auto content = bytes ? der::only(der::kSequence, *bytes) : std::nullopt;
  if (!content) return std::nullopt;
  der::Reader reader(*content);
  const auto status = reader.read(der::kSequence);
  if (!status || status->empty() || (*status)[0] != der::kInteger || reader.at_end())
    return std::nullopt;
  // The token may be BER: it is whatever is left.
  const auto size = bytes->size() - content->size();
  der::Reader again(*content);
  const std::size_t status_size = again.read_any()->size();
  return copy_of(ByteView(*bytes).subspan(size + status_size));
}

FileKind kind_of(const cms::Source& source) {
  const auto begin = first_bytes(source, kMostJunkBefore + 5);
  if (!begin || begin->empty()) return FileKind::unknown;
  if (is_content_info(*begin)) return FileKind::message;
  if (signet::text_of(*begin).find("%PDF-") != std::string_view::npos) return FileKind::pdf;
  if ((*begin)[0] == der::kSequence || is_pem(source)) return FileKind::message;
  return FileKind::unknown;
}

}  // namespace signet::validation
