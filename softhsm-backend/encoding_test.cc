#include "softhsm-backend/encoding.h"

#include <gtest/gtest.h>

namespace signet::emulator {
namespace {

TEST(Base32, ReadsTheVectorsOfRfc4648WithAndWithoutPadding) {
  EXPECT_EQ(from_base32("MZXW6YTBOI======"), copy_of(view_of("foobar")));
  EXPECT_EQ(from_base32("mzxw6ytboi"), copy_of(view_of("foobar")));
  EXPECT_FALSE(from_base32("M1"));
}

TEST(Uuid, IsRandomAndCanonical) {
  const std::string uuid = new_uuid();
  EXPECT_EQ(canonical_uuid(uuid), uuid);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(uuid, new_uuid());
}

TEST(Uuid, IsReadInEitherCaseAndNothingElse) {
  EXPECT_EQ(canonical_uuid("ABCDEF00-1111-2222-3333-444455556666"),
            "abcdef00-1111-2222-3333-444455556666");
  EXPECT_FALSE(canonical_uuid(""));
  EXPECT_FALSE(canonical_uuid("abcdef00-1111-2222-3333-44445555666"));
  EXPECT_FALSE(canonical_uuid("abcdef00-1111-2222-3333-44445555666g"));
  EXPECT_FALSE(canonical_uuid("abcdef0011112222333344445555666600000"));
}

TEST(PercentDecoding, ReadsEscapesAndRefusesBrokenOnes) {
  EXPECT_EQ(percent_decoded("a%20b%2f"), "a b/");
  EXPECT_FALSE(percent_decoded("%2"));
  EXPECT_FALSE(percent_decoded("%zz"));
}

TEST(MediaType, IsReadWithoutParametersAndInEitherCase) {
  EXPECT_EQ(media_type("application/json"), "application/json");
  EXPECT_EQ(media_type(" Application/JSON ; charset=utf-8"), "application/json");
  EXPECT_EQ(media_type("text/xml;charset=utf-8"), "text/xml");
  EXPECT_EQ(media_type(""), "");
  EXPECT_EQ(media_type("  ;"), "");
}

}  // namespace
}  // namespace signet::emulator
