#include "validation/statement.h"

#include <gtest/gtest.h>

#include "validation/indication.h"
#include "validation/object_id.h"

namespace signet::validation {
namespace {

constexpr Sentence kRevoked{"{0} was revoked at {1}, {2} days late",
                            "{0}: zneplatněn {1}, o {2} dny později"};
const Time kMoment = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) +
                     std::chrono::hours(9) + std::chrono::milliseconds(250);

TEST(Statement, IsWrittenInEitherLanguage) {
  const Statement statement = say(kRevoked, std::string("CN={x}"), kMoment, std::int64_t{3});
  EXPECT_EQ(text_of(statement, Language::english),
            "CN={x} was revoked at 2026-03-01T09:00:00Z, 3 days late");
  EXPECT_EQ(text_of(statement, Language::czech),
            "CN={x}: zneplatněn 1. 3. 2026 09:00:00 UTC, o 3 dny později");
}

TEST(Indication, HasTheNamesOfTheStandard) {
  EXPECT_EQ(total_name(Indication::passed), "TOTAL-PASSED");
  EXPECT_EQ(name_of(Indication::failed), "FAILED");
  EXPECT_EQ(name_of(kLastSubIndication), "SIGNED_DATA_NOT_FOUND");
  EXPECT_EQ(name_of(SubIndication::out_of_bounds_not_revoked), "OUT_OF_BOUNDS_NOT_REVOKED");
}

TEST(ObjectId, IsTheDigest) {
  EXPECT_EQ(text_of(ObjectId::of({})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace signet::validation
