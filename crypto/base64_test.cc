#include "crypto/base64.h"

#include <gtest/gtest.h>

namespace signet::crypto {
namespace {

TEST(Base64, WritesTheVectorsOfRfc4648) {
  EXPECT_EQ(to_base64(view_of("")), "");
  EXPECT_EQ(to_base64(view_of("f")), "Zg==");
  EXPECT_EQ(to_base64(view_of("fo")), "Zm8=");
  EXPECT_EQ(to_base64(view_of("foo")), "Zm9v");
  EXPECT_EQ(to_base64(view_of("foobar")), "Zm9vYmFy");
}

TEST(Base64, RoundTripsEveryLengthAndByteValue) {
  Bytes bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    bytes.push_back(static_cast<std::uint8_t>(i * 7));
  }
}

TEST(Base64, RefusesWhatIsNotCanonical) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "=", "Zm9v\n",
                           "Zm 9", "Zm9-", "Zm9_", "Zg==Zg=="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

}  // namespace
}  // namespace signet::crypto
