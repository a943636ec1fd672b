#include "validation/reading/attribute_confusion.h"

#include <optional>

#include "crypto/der.h"

namespace signet::validation {

namespace {

constexpr std::uint8_t kLongForm = 0x80;

constexpr Sentence kAttributesAsContent{
    "what was signed is not a document but the signed attributes of another signature (RFC 5652, "
    "5.4)",
    "podepsán není dokument, ale podepsané atributy jiného podpisu (RFC 5652, 5.4)"};

// A header in DER or BER, and how many bytes it has.
struct Header {
  std::uint8_t tag = 0;
  std::size_t bytes = 0;
  std::optional<std::uint64_t> length;  // nothing: indefinite
};

std::optional<Header> header_in(ByteView bytes) {
  if (bytes.size() < 2) return std::nullopt;
  Header header{bytes[0], 2, bytes[1]};
  if (bytes[1] < kLongForm) return header;
  const std::size_t octets = bytes[1] - kLongForm;
  if (octets == 0) return Header{bytes[0], 2, std::nullopt};
  if (octets > sizeof(std::uint64_t) || bytes.size() < 2 + octets) return std::nullopt;
  std::uint64_t length = 0;
  for (const std::uint8_t octet : bytes.subspan(2, octets)) length = (length << 8U) | octet;
  return Header{bytes[0], 2 + octets, length};
}

}  // namespace

bool are_signed_attributes(ByteView begin, std::uint64_t size) {
  const std::optional<Header> set = header_in(begin);
  if (!set || set->tag != der::kSet) return false;
  if (set->length && (size < set->bytes || *set->length != size - set->bytes)) return false;
  const ByteView inside = begin.subspan(set->bytes);
  const std::optional<Header> attribute = header_in(inside);
  if (!attribute || attribute->tag != der::kSequence) return false;
  const ByteView type = inside.subspan(attribute->bytes);
  return !type.empty() && type[0] == der::kObjectIdentifier;
}

void refuse_attributes_as_content(SignerPart& signer) {
  if (signer.signed_attributes.empty() && !signer.fault) signer.fault = say(kAttributesAsContent);
}

}  // namespace signet::validation
