#include "pdf/look/placement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace signet::pdf::look {
namespace {

using ::testing::HasSubstr;

constexpr PageBox kA4 = {0, 0, 595, 842};

void expect_box(const PageBox& box, double left, double bottom, double right, double top) {
  EXPECT_NEAR(box.left, left, 1e-9);
  EXPECT_NEAR(box.bottom, bottom, 1e-9);
  EXPECT_NEAR(box.right, right, 1e-9);
  EXPECT_NEAR(box.top, top, 1e-9);
}

std::string misplacement(const PageShape& page, const Position& position) {
  const auto placed = place(page, position);
  if (placed) return "";
  EXPECT_EQ(placed.error().fault, Fault::place);
  return placed.error().sentence;
}

TEST(PlacementTest, EachCornerCountsFromItself) {
  const PageShape page{kA4, {}, 0, 1};
  expect_box(place(page, {Corner::bottom_left, 10, 20, 200, 50}).value().rectangle, 10, 20, 210,
             70);
  expect_box(place(page, {Corner::bottom_right, 10, 20, 200, 50}).value().rectangle, 385, 20, 585,
             70);
  expect_box(place(page, {Corner::top_left, 10, 20, 200, 50}).value().rectangle, 10, 772, 210, 822);
  expect_box(place(page, {Corner::top_right, 10, 20, 200, 50}).value().rectangle, 385, 772, 585,
             822);
}

TEST(PlacementTest, ARotatedPageIsTakenAsItIsSeen) {
  const auto at = [](int rotate) {
    return place({kA4, {}, rotate, 1}, {Corner::bottom_left, 10, 20, 200, 50}).value();
  };
  // Turned clockwise by 90 degrees, the page's lower right corner is the one at the lower left.
  expect_box(at(90).rectangle, 525, 10, 575, 210);
  expect_box(at(180).rectangle, 385, 772, 585, 822);
  expect_box(at(270).rectangle, 20, 632, 70, 832);
  for (const int rotate : {0, 90, 180, 270, 360, 450, -90, -270}) {
    EXPECT_NEAR(at(rotate).width, 200, 1e-9);
    EXPECT_NEAR(at(rotate).height, 50, 1e-9);
    EXPECT_EQ(at(rotate).rotate, (rotate + 360) % 360);
  }
  expect_box(at(-90).rectangle, 20, 632, 70, 832);
}

TEST(PlacementTest, TheVisiblePartIsTheCropBoxWithinTheMediaBox) {
  const Position corner{Corner::bottom_left, 0, 0, 10, 10};
  expect_box(place({kA4, PageBox{100, 200, 300, 400}, 0, 1}, corner).value().rectangle, 100, 200,
             110, 210);
  expect_box(place({kA4, PageBox{-100, -200, 9999, 9999}, 0, 1}, corner).value().rectangle, 0, 0,
             10, 10);
  expect_box(place({kA4, PageBox{300, 400, 100, 200}, 90, 1}, corner).value().rectangle, 290, 200,
             300, 210);
  // Corners in the other order, and an origin elsewhere.
  expect_box(place({{595, 842, -5, -8}, {}, 0, 1}, corner).value().rectangle, -5, -8, 5, 2);
}

TEST(PlacementTest, APagesUnitIsReckonedWith) {
  const auto placed = place({{0, 0, 100, 200}, {}, 90, 10}, {Corner::top_right, 20, 30, 400, 50});
  ASSERT_TRUE(placed);
  // Seen, the page is 2,000 x 1,000 points.
  EXPECT_NEAR(placed.value().width, 400, 1e-9);
  EXPECT_NEAR(placed.value().height, 50, 1e-9);
  expect_box(placed.value().rectangle, 3, 158, 8, 198);
}

TEST(PlacementTest, ABoxThatIsNotOnThePageIsRefused) {
  const PageShape page{kA4, {}, 0, 1};
  EXPECT_EQ(misplacement(page, {Corner::bottom_left, 395, 792, 200, 50}), "");
  EXPECT_THAT(misplacement(page, {Corner::bottom_left, 396, 0, 200, 50}),
              HasSubstr("the seal's box of 200 x 50 points, 396 across and 0 up or down from its "
                        "corner, is not on the page, which is seen as 595 x 842 points"));
  EXPECT_NE(misplacement(page, {Corner::top_left, 0, 800, 200, 50}), "");
  EXPECT_NE(misplacement(page, {Corner::top_right, -1, 0, 200, 50}), "");
  // It fits the page as it lies, not as it is seen.
  EXPECT_EQ(misplacement({kA4, {}, 90, 1}, {Corner::bottom_left, 0, 0, 842, 50}), "");
  EXPECT_NE(misplacement({kA4, {}, 90, 1}, {Corner::bottom_left, 0, 0, 50, 842}), "");
}

TEST(PlacementTest, NonsenseIsRefused) {
  const PageShape page{kA4, {}, 0, 1};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  const Position good{Corner::bottom_left, 0, 0, 10, 10};
  for (const double size : {0.0, -5.0, nan, infinite}) {
    EXPECT_THAT(misplacement(page, {Corner::bottom_left, 0, 0, size, 50}),
                HasSubstr("each must be more than 0"));
    EXPECT_NE(misplacement(page, {Corner::bottom_left, 0, 0, 50, size}), "");
  }
  EXPECT_NE(misplacement(page, {Corner::bottom_left, nan, 0, 50, 50}), "");
  EXPECT_THAT(misplacement({kA4, {}, 45, 1}, good), HasSubstr("rotated by 45 degrees"));
  for (const double unit : {0.0, -1.0, nan, infinite}) {
    EXPECT_THAT(misplacement({kA4, {}, 0, unit}, good), HasSubstr("/UserUnit"));
  }
  EXPECT_THAT(misplacement({{0, 0, 0, 842}, {}, 0, 1}, good), HasSubstr("no visible part"));
  EXPECT_THAT(misplacement({{0, 0, nan, 842}, {}, 0, 1}, good), HasSubstr("no visible part"));
  EXPECT_THAT(misplacement({kA4, PageBox{600, 0, 700, 100}, 0, 1}, good),
              HasSubstr("no visible part"));
}

TEST(PlacementTest, AFieldThatIsThereKeepsItsRectangle) {
  const auto placed = placement_of({kA4, {}, 270, 2}, {50, 100, 10, 20});
  ASSERT_TRUE(placed);
  expect_box(placed.value().rectangle, 10, 20, 50, 100);
  EXPECT_NEAR(placed.value().width, 160, 1e-9);
  EXPECT_NEAR(placed.value().height, 80, 1e-9);
  EXPECT_FALSE(placement_of({kA4, {}, 0, 1}, {10, 10, 10, 20}));
  EXPECT_TRUE(placement_of({kA4, {}, 0, 1}, {-100, -100, -50, -50}));
}

TEST(PlacementTest, LengthsAreReadInPointsAndMillimetres) {
  EXPECT_EQ(parse_length("36"), 36);
  EXPECT_EQ(parse_length("36.5pt"), 36.5);
  EXPECT_NEAR(parse_length("25.4mm").value(), 72, 1e-9);
  EXPECT_NEAR(parse_length("2.54cm").value(), 72, 1e-9);
  EXPECT_EQ(parse_length("0.5in"), 36);
  EXPECT_EQ(parse_length("0"), 0);
  for (const char* const text : {"", "mm", "-1", "1e3", "inf", "nan", "12 mm", "12MM", "12px",
                                 "1,5mm", "14401", "99999999999999999999999999999999999999999mm"}) {
    EXPECT_FALSE(parse_length(text)) << text;
  }
}

}  // namespace
}  // namespace signet::pdf::look
