#include "tests/soak/samples.h"

#include <gtest/gtest.h>

namespace signet::tests {
namespace {

Samples growing_from(std::size_t start, std::size_t step) {
  Samples samples;
  for (std::size_t i = 0; i < 100; ++i) samples.add(start + i * step);
  return samples;
}

TEST(SamplesTest, WhatStaysTheSameIsFlat) {
  EXPECT_TRUE(growing_from(20, 0).flat({}));
}

TEST(SamplesTest, WhatGrowsFasterThanItsRoomIsNot) {
  const Samples samples = growing_from(1000, 1);  // half of the samples lie between the two medians
  EXPECT_FALSE(samples.flat({.room = 49}));
  EXPECT_TRUE(samples.flat({.room = 50}));
  EXPECT_TRUE(samples.flat({.share = 0.05}));
  EXPECT_FALSE(samples.flat({.share = 0.01}));
}

TEST(SamplesTest, AWarmUpAndASingleSpikeAreNoGrowth) {
  Samples samples;
  for (std::size_t i = 0; i < 100; ++i) samples.add(i < 25 ? i : 25);
  samples.add(4000);
  EXPECT_TRUE(samples.flat({}));
  EXPECT_EQ(samples.largest(), 4000U);
}

TEST(SamplesTest, ALeakedDescriptorInThousandIsFound) {
  Samples samples;
  for (std::size_t i = 0; i < 3600; ++i) samples.add(30 + i / 300);
  EXPECT_FALSE(samples.flat({.room = 4}));
}

}  // namespace
}  // namespace signet::tests
