// Archive time-stamps (EN 319 122-1, 5.5): what they cover, and what makes their hash indexes wrong.
#include <gtest/gtest.h>

#include "crypto/cms/identifiers.h"
#include "crypto/der.h"
#include "validation/reading/signer_reading.h"
#include "validation/testing/read_parts.h"
#include "validation/testing/test_revocation.h"

namespace signet::validation {
namespace {

// An archive time-stamp over a message, by EN 319 122-1, 5.5.2, written apart from the reader.
struct Archive {
  bool third = true;       // ats-hash-index-v3
  Bytes more_listed = {};  // a digest of nothing that is there
};
Bytes archived(ByteView message, std::string_view time, const Archive& wish) {
  const auto read = cms::read_signed_data(cms::Source::of(message));
  const cms::SignedData& parts = read.value().parts;
  const auto hash = [](ByteView bytes) {
    return der::encode(der::kOctetString, pki::digest(crypto::Hash::sha256, bytes));
  };
  std::vector<Bytes> certificates, revocations, attributes;
  for (const Bytes& one : parts.certificates) certificates.push_back(hash(one));
  for (const Bytes& one : parts.revocations) revocations.push_back(hash(one));
  if (!wish.more_listed.empty()) revocations.push_back(hash(wish.more_listed));
  const auto signer_parts = cms::read_signer(parts.signers[0]);
  for (const auto& one : cms::attributes_in(signer_parts->unsigned_attributes)) {
    if (!wish.third) {
      attributes.push_back(hash(one.whole));
      continue;
    }
    for (const ByteView value : one.values)
      attributes.push_back(hash(der::concat(one.type, value)));
  }
  std::vector<Bytes> lists = {der::encode_sequence(certificates), der::encode_sequence(revocations),
                              der::encode_sequence(attributes)};
  if (wish.third) lists.insert(lists.begin(), pki::hash_algorithm(crypto::Hash::sha256));
  const Bytes index = der::encode_sequence(lists);
  Bytes stamped = parts.content_type;
  der::append(stamped, pki::digest(crypto::Hash::sha256, kDocument));
  der::Reader fields(*der::only(der::kSequence, parts.signers[0]));
  for (int field = 0; field < 6; ++field) der::append(stamped, *fields.read_any());
  der::append(stamped, index);
  pki::TokenWish token = token_of(time, stamped);
  token.message.unsigned_attributes = {
      pki::attribute(wish.third ? "0.4.0.19122.1.5" : "0.4.0.1733.2.5", index)};
  return with_attribute(message, attribute::kArchiveTimeStamp3, pki::token(authority(), token));
}

TEST(ArchiveReading, ArchiveTimeStampsCoverWhatTheirIndexLists) {
  for (const bool third : {true, false}) {
    const Bytes crl = pki::crl(root(), {});
    pki::MessageWish wish;
    wish.revocations = {crl};
    wish.certificates = {root().der()};
    const Bytes plain = pki::message(signer(), wish);
    Bytes bytes =
        with_attribute(plain, cms::kSignatureTimeStamp,
                       pki::token(authority(), token_of("2015-01-01", signature_in(plain))));
    bytes = archived(bytes, "2016-01-01", {third});
    bytes = archived(bytes, "2019-01-01", {third});
    const DocumentParts parts = parts_of_message(bytes);
    const SignaturePart& one = parts.signatures.at(0);
    ASSERT_EQ(one.archive_time_stamps.size(), 2U);
    const TimeStampPart& first = one.archive_time_stamps[0];
    const TimeStampPart& second = one.archive_time_stamps[1];
    EXPECT_EQ(first.time, pki::at("2016-01-01"));
    EXPECT_EQ(first.kind, TimeStampKind::archive);
    EXPECT_EQ(first.imprint_matches, true);
    EXPECT_EQ(second.imprint_matches, true);
    EXPECT_TRUE(first.covered.contains(one.id));
    EXPECT_TRUE(first.covered.contains(ObjectId::of(crl)));
    EXPECT_TRUE(first.covered.contains(root().certificate->id()));
    EXPECT_TRUE(first.covered.contains(one.signature_time_stamps.at(0).id));
    EXPECT_TRUE(first.covered.contains(authority().certificate->id()));
    EXPECT_FALSE(first.covered.contains(second.id));
    EXPECT_FALSE(first.covered.contains(first.id));
    EXPECT_TRUE(second.covered.contains(first.id));
  }
}

TEST(ArchiveReading, ArchiveTimeStampsWithAWrongIndexMatchNothing) {
  const Bytes plain = pki::message(signer(), {});
  const auto match = [](const DocumentParts& parts) {
    return parts.signatures.at(0).archive_time_stamps.at(0).imprint_matches;
  };
  EXPECT_EQ(match(parts_of_message(archived(plain, "2016-01-01", {}))), true);
  EXPECT_EQ(match(parts_of_message(archived(plain, "2016-01-01", {true, Bytes{1}}))), false);
  const Bytes without = with_attribute(plain, attribute::kArchiveTimeStamp3,
                                       pki::token(authority(), token_of("2016-01-01", {})));
  EXPECT_EQ(match(parts_of_message(without)), false);
  const Bytes other = copy_of(view_of("another document"));
  EXPECT_EQ(match(parts_of_message(archived(plain, "2016-01-01", {}), &other)), false);
}

}  // namespace
}  // namespace signet::validation
