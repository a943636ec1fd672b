#include "crypto/der.h"

#include <gtest/gtest.h>

namespace signet::der {
namespace {

Bytes hex(std::string_view text) {
  return from_hex(text).value();
}

TEST(Der, ReadsBackWhatItEncodesAtEveryLengthForm) {
  for (const std::size_t size : {0U, 1U, 127U, 128U, 255U, 256U, 65535U, 65536U}) {
    const Bytes content(size, 0x5A);
    const Bytes der = encode(kOctetString, content);
    const auto read = only(kOctetString, der);
    ASSERT_TRUE(read) << size;
    EXPECT_TRUE(equal(*read, content)) << size;
  }
  EXPECT_EQ(to_hex(encode(kOctetString, Bytes(128, 0))).substr(0, 6), "048180");
  EXPECT_EQ(to_hex(encode(kOctetString, Bytes(256, 0))).substr(0, 8), "04820100");
}

TEST(Der, RefusesWhatIsNotOneStrictElement) {
  const char* const bad[] = {
      "",              // nothing
      "04",            // no length
      "0401",          // content missing
      "0402aa",        // content too short
      "0401aabb",      // something behind it
      "0481",          // length missing
      "048101aa",      // long form of a short length
      "04820001aa",    // leading zero in the length
      "0480aa0000",    // indefinite length
      "04ff",          // reserved
      "0485000000",    // length of a length out of bounds
      "0484ffffffff",  // far more than is there
      "0501aa",        // another tag
  };
  for (const char* text : bad) EXPECT_FALSE(only(kOctetString, hex(text))) << text;
}

TEST(Der, ReadsPositiveIntegersInTheirShortestFormOnly) {
  const auto read = [](std::string_view text) {
    const Bytes der = hex(text);
    Reader reader(der);
    const auto number = reader.read_positive();
    EXPECT_EQ(reader.at_end(), number.has_value());
    return number ? to_hex(*number) : "refused";
  };
  EXPECT_EQ(read("020103"), "03");
  EXPECT_EQ(read("02020080"), "80");
  EXPECT_EQ(read("02020001"), "refused");  // needless zero
  EXPECT_EQ(read("020100"), "refused");    // zero itself
  EXPECT_EQ(read("020180"), "refused");    // negative
  EXPECT_EQ(read("0200"), "refused");      // empty
}

TEST(Der, EncodesPositiveIntegersWithAZeroWhereTheyWouldBeNegative) {
  EXPECT_EQ(to_hex(encode_positive(hex("7f"))), "02017f");
  EXPECT_EQ(to_hex(encode_positive(hex("80"))), "02020080");
  EXPECT_EQ(to_hex(encode_positive(hex("0000ff"))), "020200ff")
      << "whatever zeros it is given with";
  EXPECT_EQ(to_hex(encode_positive(hex("0000"))), "020100");
}

TEST(Der, KeepsItsPlaceWhereTheTagIsAnother) {
  const Bytes der = hex("0201030500");
  Reader reader(der);
  EXPECT_FALSE(reader.read(kNull));
  EXPECT_TRUE(reader.next_is(kInteger));
  EXPECT_EQ(to_hex(*reader.read_whole(kInteger)), "020103");
  EXPECT_TRUE(reader.read(kNull));
  EXPECT_TRUE(reader.at_end());
}

TEST(Der, EncodesTheTwoNumbersOfAnEcdsaSignature) {
  EXPECT_EQ(to_hex(encode_ecdsa(hex("0102"))), "3006020101020102");
  EXPECT_EQ(to_hex(encode_ecdsa(hex("7f80"))), "300702017f02020080") << "no number is negative";
  EXPECT_EQ(to_hex(encode_ecdsa(hex("00010000ff80"))), "300902020100020300ff80") << "nor padded";
  EXPECT_EQ(to_hex(encode_ecdsa(hex("00000000"))), "3006020100020100");
  EXPECT_EQ(to_hex(encode_ecdsa(Bytes(132, 0x01))).substr(0, 10), "3081880242") << "P-521";
}

}  // namespace
}  // namespace signet::der
