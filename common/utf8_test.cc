#include "common/utf8.h"

#include <gtest/gtest.h>

namespace signet {
namespace {

TEST(Utf8, IsToldFromOtherBytes) {
  for (const char* good : {"", "abc", "ž", "€", "😀", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
    EXPECT_EQ(repaired_utf8(good), good);
  }
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC5", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_FALSE(is_utf8(bad));
    EXPECT_TRUE(is_utf8(repaired_utf8(bad)));
  }
  EXPECT_EQ(repaired_utf8("a\xFFž\xC5"), "a\uFFFDž\uFFFD");
}

}  // namespace
}  // namespace signet
