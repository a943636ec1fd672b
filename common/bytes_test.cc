#include "common/bytes.h"

#include <gtest/gtest.h>

namespace signet {
namespace {

TEST(Bytes, HexRoundTripsEveryByteValue) {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::uint8_t>(i));
  EXPECT_EQ(from_hex(to_hex(all)), all);
}

TEST(Bytes, HexAcceptsBothCases) {
  EXPECT_EQ(from_hex("aBCd"), (Bytes{0xAB, 0xCD}));
}

TEST(Bytes, HexRefusesOddLengthAndForeignCharacters) {
  EXPECT_FALSE(from_hex("abc"));
  EXPECT_FALSE(from_hex("0x"));
  EXPECT_FALSE(from_hex("a "));
}

TEST(Bytes, ViewsShareMemoryWithTheText) {
  const std::string text("a\0b", 3);
  EXPECT_EQ(view_of(text).size(), 3U);
  EXPECT_EQ(text_of(view_of(text)).data(), text.data());
}

}  // namespace
}  // namespace signet
