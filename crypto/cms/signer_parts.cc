#include "crypto/cms/signer_parts.h"

#include <utility>

#include "crypto/cms/reader.h"
#include "crypto/cms/signer_info.h"
#include "crypto/der.h"

namespace signet::cms {

namespace {

using der::Reader;

constexpr std::uint8_t kKeyIdentifier = 0x80;

std::vector<ByteView> values_of(ByteView attributes, const char* dotted) {
  const Bytes oid = encode_oid(dotted);
  std::vector<ByteView> values;
  for (const AttributeView& attribute : attributes_in(attributes))
    if (equal(attribute.type, oid))
      values.insert(values.end(), attribute.values.begin(), attribute.values.end());
  return values;
}

// SEQUENCE { OBJECT IDENTIFIER, SET } and nothing else, each of them. What follows an element that is none would be seen by some
// readers and not by others. The values are left to those who know them.
bool are_attributes(ByteView content) {
  Reader all(content);
  while (!all.at_end()) {
    const auto attribute = all.read(der::kSequence);
    if (!attribute) return false;
    Reader parts(*attribute);
    if (!parts.read(der::kObjectIdentifier) || !parts.read(der::kSet) || !parts.at_end())
      return false;
  }
  return true;
}

// Time-stamp tokens are BER here and there, within a signer that is DER.
std::vector<ByteView> elements_in(ByteView content) {
  std::vector<ByteView> elements;
  while (!content.empty()) {
    std::optional<ByteView> element = Reader(content).read_any();
    if (!element) {
      const auto size = element_size(Source::of(content));
      if (!size) break;
      element = content.first(static_cast<std::size_t>(*size));
    }
    elements.push_back(*element);
    content = content.subspan(element->size());
  }
  return elements;
}

}  // namespace

std::vector<AttributeView> attributes_in(ByteView content) {
  std::vector<AttributeView> found;
  Reader all(content);
  while (const auto whole = all.read_whole(der::kSequence)) {
    Reader parts(*der::only(der::kSequence, *whole));
    const auto type = parts.read_whole(der::kObjectIdentifier);
    const auto set = parts.read(der::kSet);
    if (!type || !set) continue;
    AttributeView attribute{*type, {}, *whole};
    attribute.values = elements_in(*set);
    found.push_back(std::move(attribute));
  }
  return found;
}

std::vector<Bytes> signed_forms(ByteView signed_attributes) {
  Bytes as_they_are = copy_of(signed_attributes);
  as_they_are[0] = der::kSet;
  std::vector<Bytes> elements;
  Reader reader(*der::only(der::kContext0, signed_attributes));
  while (const auto element = reader.read_any()) elements.push_back(copy_of(*element));
  Bytes in_order = der::encode(der::kSet, der::sorted(std::move(elements)));
  if (in_order == as_they_are) return {std::move(as_they_are)};
  return {std::move(as_they_are), std::move(in_order)};
}

std::vector<ByteView> SignerParts::signed_values(const char* oid) const {
  return signed_attributes.empty() ? std::vector<ByteView>()
                                   : values_of(*der::only(der::kContext0, signed_attributes), oid);
}

std::vector<ByteView> SignerParts::unsigned_values(const char* oid) const {
  return values_of(unsigned_attributes, oid);
}

std::optional<SignerParts> read_signer(ByteView der) {
  const auto content = der::only(der::kSequence, der);
  if (!content) return std::nullopt;
  Reader reader(*content);
  SignerParts signer;
  const auto version = reader.read(der::kInteger);
  if (!version || version->size() != 1) return std::nullopt;
  if (const auto identifier = reader.read(kKeyIdentifier)) {
    signer.key_identifier = *identifier;
  } else {
    Reader name(reader.read(der::kSequence).value_or(ByteView()));
    signer.issuer = name.read_whole(der::kSequence).value_or(ByteView());
    signer.serial_number = name.read_whole(der::kInteger).value_or(ByteView());
    if (signer.issuer.empty() || signer.serial_number.empty() || !name.at_end())
      return std::nullopt;
  }
  const auto digest = reader.read_whole(der::kSequence);
  signer.signed_attributes = reader.read_whole(der::kContext0).value_or(ByteView());
  const auto signed_content = der::only(der::kContext0, signer.signed_attributes);
  const auto algorithm = reader.read_whole(der::kSequence);
  const auto signature = reader.read(der::kOctetString);
  if (!digest || !algorithm || !signature) return std::nullopt;
  signer.digest_algorithm = *digest;
  signer.signature_algorithm = *algorithm;
  signer.signature = *signature;
  const auto behind = reader.read_whole(der::kContext1);
  signer.before_unsigned = content->first(content->size() - (behind ? behind->size() : 0));
  if (behind) signer.unsigned_attributes = *der::only(der::kContext1, *behind);
  const bool sound = are_attributes(signed_content.value_or(ByteView())) &&
                     are_attributes(signer.unsigned_attributes);
  if (!reader.at_end() || !sound) return std::nullopt;
  return signer;
}

}  // namespace signet::cms
