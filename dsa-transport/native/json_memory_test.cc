// Reading an answer while memory runs out: the answer, or an exception; never the end of the process.
#include <gtest/gtest.h>

#include "common/testing/scarce_memory.h"
#include "dsa-transport/native/wire_objects.h"

namespace signet::transport::native {
namespace {

TEST(JsonMemory, SignaturesAreReadOrNotWhereverMemoryRunsOut) {
  constexpr long enough = 1000;
  const auto read = [] {
    return read_signatures(R"({"signatures":["BwcHBwcHBwc=","BwcHBwcHBwc="]})", 2);
  };
  long least = 0;
  auto result = with_allocations(least, read);
  while (!result && least < enough) result = with_allocations(++least, read);
  EXPECT_GT(least, 5) << "it needs memory";
  ASSERT_TRUE(result && *result);
  EXPECT_EQ(result->value(), (std::vector<Bytes>{Bytes(8, 7), Bytes(8, 7)}));
}

}  // namespace
}  // namespace signet::transport::native
