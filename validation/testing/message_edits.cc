#include "validation/testing/message_edits.h"

#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

#include "crypto/cms/reader.h"
#include "crypto/cms/signer_info.h"
#include "crypto/cms/signer_parts.h"
#include "crypto/der.h"

namespace signet::validation::pki {

namespace {

constexpr const char* kArchiveTimeStamp3 = "0.4.0.1733.2.4";
constexpr std::array kHashIndexes = {"0.4.0.1733.2.5", "0.4.0.19122.1.4", "0.4.0.19122.1.5"};

cms::SignedData parts_in(ByteView message) {
  auto read = cms::read_signed_data(cms::Source::of(message));
  if (!read) throw std::runtime_error(read.error().sentence);
  return std::move(read.value().parts);
}

Bytes hash_index(const cms::SignedData& parts, const ArchiveWish& wish) {
  const auto hash = [&](ByteView bytes) {
    return der::encode(der::kOctetString, digest(wish.index_hash, bytes));
  };
  std::vector<Bytes> certificates, revocations, attributes;
  for (const Bytes& one : parts.certificates) certificates.push_back(hash(one));
  for (const Bytes& one : parts.revocations) revocations.push_back(hash(one));
  if (!wish.more_listed.empty()) revocations.push_back(hash(wish.more_listed));
  const auto signer = cms::read_signer(parts.signers[0]);
  for (const auto& one : cms::attributes_in(signer->unsigned_attributes)) {
    if (wish.version < 3) {
      attributes.push_back(hash(one.whole));
      continue;
    }
    for (const ByteView value : one.values)
      attributes.push_back(hash(der::concat(one.type, value)));
  }
  std::vector<Bytes> lists = {der::encode_sequence(certificates), der::encode_sequence(revocations),
                              der::encode_sequence(attributes)};
  if (wish.version > 1) lists.insert(lists.begin(), hash_algorithm(wish.index_hash));
  return der::encode_sequence(lists);
}

}  // namespace

Bytes signature_in(ByteView message) {
  return copy_of(cms::read_signer(parts_in(message).signers[0])->signature);
}

Bytes signer_info_in(ByteView message) {
  return parts_in(message).signers[0];
}

Bytes counter_signature(const Party& by, ByteView message) {
  MessageWish wish;
  wish.content = signature_in(message);
  wish.content_type_attribute = false;
  return signer_info_in(pki::message(by, wish));
}

Bytes with_attribute(ByteView message, const std::string& type, ByteView value) {
  cms::SignedData parts = parts_in(message);
  parts.signers[0] = cms::with_unsigned_attribute(parts.signers[0], attribute(type, value));
  return parts.detached();
}

Bytes archived(ByteView message, const Party& authority, std::string_view time, ByteView content,
               const ArchiveWish& wish) {
  const cms::SignedData parts = parts_in(message);
  const Bytes index = hash_index(parts, wish);
  Bytes stamped = parts.content_type;
  der::append(stamped, digest(crypto::Hash::sha256, content));
  der::Reader fields(*der::only(der::kSequence, parts.signers[0]));
  for (int field = 0; field < 6; ++field) der::append(stamped, *fields.read_any());
  der::append(stamped, index);
  TokenWish token_wish;
  token_wish.time = at(time);
  token_wish.stamped = std::move(stamped);
  token_wish.message.unsigned_attributes = {
      attribute(kHashIndexes.at(static_cast<std::size_t>(wish.version) - 1), index)};
  return with_attribute(message, kArchiveTimeStamp3, token(authority, token_wish));
}

}  // namespace signet::validation::pki
