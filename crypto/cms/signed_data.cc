#include "crypto/cms/signed_data.h"

#include <algorithm>

#include "crypto/cms/identifiers.h"
#include "crypto/cms/signer_info.h"
#include "crypto/der.h"

namespace signet::cms {

namespace {

using der::append;
using der::encode;
using der::encode_header;

constexpr std::uint8_t kOtherFormat =
    0xA3;  // [3] of CertificateChoices, [1] of RevocationInfoChoice is kContext1
constexpr std::uint8_t kIndefinite = 0x80;
constexpr std::uint8_t kEnd[] = {0, 0};

bool has(const std::vector<Bytes>& elements, ByteView der) {
  return std::ranges::any_of(elements, [&](const Bytes& one) { return equal(one, der); });
}

Bytes set_of(const std::vector<Bytes>& elements, bool in_order) {
  if (!in_order) return der::sorted(elements);
  Bytes content;
  for (const Bytes& element : elements) append(content, element);
  return content;
}

Bytes open(std::uint8_t tag) {
  return {tag, kIndefinite};
}

bool any_with_tag(const std::vector<Bytes>& elements, std::uint8_t tag) {
  return std::ranges::any_of(elements,
                             [&](const Bytes& one) { return !one.empty() && one[0] == tag; });
}

}  // namespace

void SignedData::add_certificate(ByteView der) {
  if (!has(certificates, der)) certificates.push_back(copy_of(der));
}

void SignedData::add_digest_algorithm(ByteView der) {
  if (!has(digest_algorithms, der)) digest_algorithms.push_back(copy_of(der));
}

// RFC 5652, 5.1.
std::uint8_t SignedData::least_version() const {
  if (any_with_tag(certificates, kOtherFormat) || any_with_tag(revocations, der::kContext1))
    return 5;
  if (any_with_tag(certificates, 0xA2)) return 4;  // version 2 attribute certificates
  if (any_with_tag(certificates, der::kContext1) || !equal(content_type, kOidData)) return 3;
  const bool by_key_identifier = std::ranges::any_of(signers, [](const Bytes& signer) {
    der::Reader reader(der::only(der::kSequence, signer).value_or(ByteView()));
    const auto number = reader.read(der::kInteger);
    return number && number->size() == 1 && (*number)[0] == 3;
  });
  return by_key_identifier ? 3 : 1;
}

Bytes SignedData::head() const {
  const Bytes number = {std::max(version, least_version())};
  Bytes der = encode(der::kInteger, number);
  append(der, encode(der::kSet, set_of(digest_algorithms, in_order)));
  return der;
}

Bytes SignedData::tail() const {
  Bytes der;
  if (!certificates.empty()) append(der, encode(der::kContext0, set_of(certificates, in_order)));
  if (!revocations.empty()) append(der, encode(der::kContext1, set_of(revocations, in_order)));
  append(der, encode(der::kSet, set_of(signers, in_order)));
  return der;
}

Bytes SignedData::detached() const {
  Bytes body = head();
  append(body, encode(der::kSequence, content_type));
  append(body, tail());
  Bytes content = copy_of(kOidSignedData);
  append(content, encode(der::kContext0, encode(der::kSequence, body)));
  return encode(der::kSequence, content);
}

Frame SignedData::around(std::uint64_t content) const {
  const Bytes octets = encode_header(der::kOctetString, content);
  Frame frame = around_element(octets.size() + content);
  append(frame.before, octets);
  return frame;
}

Frame SignedData::around_element(std::uint64_t element) const {
  const Bytes first = head();
  Frame frame{{}, tail()};
  // From the inside out: each header is needed for the length of the next one.
  const Bytes explicit_content = encode_header(der::kContext0, element);
  const std::uint64_t inside = content_type.size() + explicit_content.size() + element;
  const Bytes encapsulated = encode_header(der::kSequence, inside);
  const std::uint64_t body = first.size() + encapsulated.size() + inside + frame.after.size();
  const Bytes signed_data = encode_header(der::kSequence, body);
  const Bytes explicit_signed_data = encode_header(der::kContext0, signed_data.size() + body);
  const std::uint64_t whole =
      std::size(kOidSignedData) + explicit_signed_data.size() + signed_data.size() + body;
  frame.before = encode_header(der::kSequence, whole);
  for (const ByteView part : {ByteView(kOidSignedData), ByteView(explicit_signed_data),
                              ByteView(signed_data), ByteView(first), ByteView(encapsulated),
                              ByteView(content_type), ByteView(explicit_content)})
    append(frame.before, part);
  return frame;
}

Frame SignedData::around_pieces() const {
  Frame frame;
  append(frame.before, open(der::kSequence));
  append(frame.before, kOidSignedData);
  append(frame.before, open(der::kContext0));
  append(frame.before, open(der::kSequence));
  append(frame.before, head());
  append(frame.before, open(der::kSequence));
  append(frame.before, content_type);
  append(frame.before, open(der::kContext0));
  append(frame.before, open(kConstructedOctetString));
  for (int ended = 0; ended < 3; ++ended) append(frame.after, kEnd);  // the content's three
  append(frame.after, tail());
  for (int ended = 0; ended < 3; ++ended) append(frame.after, kEnd);
  return frame;
}

}  // namespace signet::cms
