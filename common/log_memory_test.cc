// A line that there is no memory for is lost, and nothing else happens.
#include <gtest/gtest.h>

#include <string>

#include "common/log.h"
#include "common/testing/scarce_memory.h"
#include "common/testing/scratch_folder.h"

namespace signet {
namespace {

TEST(LogMemory, ALineIsWrittenOrLostAndNothingIsThrown) {
  const ScratchFolder folder;
  const std::string text(1000, 'x');
  ASSERT_EQ(log::open({.to = folder.path("log")}), "");
  long allocations = 0;
  while (folder.read("log").empty() && allocations < 1000) {
    EXPECT_TRUE(with_allocations(allocations++, [&] {
      log::warn("{}", text);
      return true;
    }));
  }
  log::close();
  EXPECT_GT(allocations, 1) << "it needs memory";
  EXPECT_NE(folder.read("log").find(text), std::string::npos);
}

}  // namespace
}  // namespace signet
