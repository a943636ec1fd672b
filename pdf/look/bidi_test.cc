#include "pdf/look/bidi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signet::pdf::look {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<int> levels_of(std::string_view text) {
  const auto found = directions_of(characters_of(text)).levels;
  return {found.begin(), found.end()};
}

bool goes_right_to_left(std::string_view text) {
  return directions_of(characters_of(text)).right_to_left;
}

TEST(BidiTest, NumbersInRightToLeftTextStayInOrder) {
  EXPECT_THAT(levels_of("אב 12"), ElementsAre(1, 1, 1, 2, 2));
  EXPECT_THAT(levels_of("ab אב"), ElementsAre(0, 0, 0, 1, 1));
}

TEST(BidiTest, AParagraphGoesTheWayOfItsFirstStrongCharacter) {
  EXPECT_TRUE(goes_right_to_left("12 אב cd"));
  EXPECT_FALSE(goes_right_to_left("ab אב"));
  EXPECT_FALSE(goes_right_to_left("12"));
  EXPECT_FALSE(goes_right_to_left(""));
}

TEST(BidiTest, WhereAllIsIsolatedItGoesTheWayOfTheFirstIsolate) {
  EXPECT_TRUE(goes_right_to_left("\u2068אב\u2069 - 12"));
  EXPECT_FALSE(goes_right_to_left("\u2068ab\u2069 - \u2068אב\u2069"));
  EXPECT_FALSE(goes_right_to_left("By \u2068אב\u2069"));
}

TEST(BidiTest, AnIsolateDoesNotTurnWhatFollows) {
  // Without isolation the number would join the Hebrew before it.
  EXPECT_THAT(levels_of("a \u2068אב\u2069 1"), ElementsAre(0, 0, 0, 1, 1, 0, 0, 0));
  EXPECT_THAT(levels_of("a אב 1"), ElementsAre(0, 0, 1, 1, 1, 2));
}

TEST(BidiTest, RunsAreTurnedFromTheHighestLevelDown) {
  EXPECT_THAT(visual_order({0, 1, 2, 1, 0}), ElementsAre(0, 3, 2, 1, 4));
  EXPECT_THAT(visual_order({1, 2}), ElementsAre(1, 0));
  EXPECT_THAT(visual_order({0, 0}), ElementsAre(0, 1));
  EXPECT_THAT(visual_order({1, 2, 3, 2, 1}), ElementsAre(4, 1, 2, 3, 0));
  EXPECT_THAT(visual_order({}), IsEmpty());
}

}  // namespace
}  // namespace signet::pdf::look
