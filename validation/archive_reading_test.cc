// Archive time-stamps (EN 319 122-1, 5.5): what they cover, and what makes their hash indexes wrong.
#include <gtest/gtest.h>

#include "crypto/cms/identifiers.h"
#include "validation/reading/signer_reading.h"
#include "validation/testing/read_parts.h"
#include "validation/testing/test_revocation.h"

namespace signet::validation {
namespace {

Bytes archived(ByteView message, std::string_view time, const pki::ArchiveWish& wish) {
  return pki::archived(message, authority(), time, kDocument, wish);
}

TEST(ArchiveReading, ArchiveTimeStampsCoverWhatTheirIndexLists) {
  for (const int version : {1, 2, 3}) {
    const Bytes crl = pki::crl(root(), {});
    pki::MessageWish wish;
    wish.revocations = {crl};
    wish.certificates = {root().der()};
    const Bytes plain = pki::message(signer(), wish);
    Bytes bytes =
        with_attribute(plain, cms::kSignatureTimeStamp,
                       pki::token(authority(), token_of("2015-01-01", signature_in(plain))));
    bytes = archived(bytes, "2016-01-01", {.version = version});
    bytes = archived(bytes, "2019-01-01", {.version = version});
    const DocumentParts parts = parts_of_message(bytes);
    const SignaturePart& one = parts.signatures.at(0);
    ASSERT_EQ(one.archive_time_stamps.size(), 2U);
    const TimeStampPart& first = one.archive_time_stamps[0];
    const TimeStampPart& second = one.archive_time_stamps[1];
    EXPECT_EQ(first.time, pki::at("2016-01-01"));
    EXPECT_EQ(first.kind, TimeStampKind::archive);
    EXPECT_EQ(first.imprint_matches, true);
    EXPECT_EQ(first.index_hash, crypto::Hash::sha256);
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

TEST(ArchiveReading, TheHashOfTheIndexIsTold) {
  for (const crypto::Hash hash : {crypto::Hash::sha1, crypto::Hash::sha512}) {
    const DocumentParts parts =
        parts_of_message(archived(pki::message(signer(), {}), "2016-01-01", {.index_hash = hash}));
    const TimeStampPart& stamp = parts.signatures.at(0).archive_time_stamps.at(0);
    EXPECT_EQ(stamp.imprint_matches, true);
    EXPECT_EQ(stamp.index_hash, hash);
  }
}

TEST(ArchiveReading, ArchiveTimeStampsWithAWrongIndexMatchNothing) {
  const Bytes plain = pki::message(signer(), {});
  const auto match = [](const DocumentParts& parts) {
    return parts.signatures.at(0).archive_time_stamps.at(0).imprint_matches;
  };
  EXPECT_EQ(match(parts_of_message(archived(plain, "2016-01-01", {}))), true);
  EXPECT_EQ(match(parts_of_message(archived(plain, "2016-01-01", {.more_listed = Bytes{1}}))),
            false);
  const Bytes without = with_attribute(plain, attribute::kArchiveTimeStamp3,
                                       pki::token(authority(), token_of("2016-01-01", {})));
  EXPECT_EQ(match(parts_of_message(without)), false);
  const Bytes other = copy_of(view_of("another document"));
  EXPECT_EQ(match(parts_of_message(archived(plain, "2016-01-01", {}), &other)), false);
}

}  // namespace
}  // namespace signet::validation
