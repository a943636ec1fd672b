#include "dsa-transport/wire_text.h"

#include <gtest/gtest.h>

#include <set>

namespace signet::transport {
namespace {

using namespace std::chrono_literals;

TEST(Time, IsReadInAllItsFormsAndNoOthers) {
  const auto noon = std::chrono::system_clock::from_time_t(1767268800);
  EXPECT_EQ(parse_time("2026-01-01T12:00:00Z"), noon);
  EXPECT_EQ(parse_time("2026-01-01t12:00:00z"), noon);
  EXPECT_EQ(parse_time("2026-01-01T12:00:00.5Z"), noon + 500ms);
  EXPECT_EQ(parse_time("2026-01-01T12:00:00.000000001999Z"), noon + 1ns);
  EXPECT_EQ(parse_time("2026-01-01T12:00:00+00:00"), noon);
  for (const char* bad :
       {"", "2026", "2026-01-01", "2026-01-01T12:00:00", "2026-01-01T12:00:00+01:00",
        "2026-02-29T12:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T12:60:00Z",
        "2026-01-01T12:00:00.Z", "2026-01-01 12:00:00Z", "2026-01-01T12:00:00Zx",
        "99999-01-01T12:00:00Z", "1969-12-31T23:59:59Z", "9999-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_time(bad)) << bad;
  }
}

TEST(Uuid, IsRandomAndWellFormed) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string uuid = random_uuid();
    ASSERT_EQ(uuid.size(), 36U);
    EXPECT_EQ(uuid[14], '4');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
    seen.insert(uuid);
  }
  EXPECT_EQ(seen.size(), 100U);
}

TEST(PercentEncoding, LeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded("../?&%\n"), "..%2F%3F%26%25%0A");
}

}  // namespace
}  // namespace signet::transport
