#include "common/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace signet {
namespace {

std::string content_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(Log, WritesLinesOfItsLevelAndAbove) {
  const std::string path = testing::TempDir() + "signet-log-test." + std::to_string(getpid());
  ASSERT_EQ(log::open({.level = log::Level::info, .to = path}), "");
  log::debug("below {}", 1);
  log::info("at {}", 2);
  log::error("above {}", 3);
  log::close();
  const std::string text = content_of(path);
  EXPECT_EQ(text.find("below 1"), std::string::npos);
  EXPECT_NE(text.find("at 2"), std::string::npos);
  EXPECT_NE(text.find("above 3"), std::string::npos);
  std::filesystem::remove(path);
}

TEST(Log, SaysWhyATargetCannotBeOpened) {
  EXPECT_NE(log::open({.to = "/proc/no-such-folder/log"}).find("/proc/no-such-folder/log"),
            std::string::npos);
}

TEST(Log, KnowsItsLevelsByName) {
  EXPECT_EQ(log::level_from("trace"), log::Level::trace);
  EXPECT_FALSE(log::level_from("loud"));
}

}  // namespace
}  // namespace signet
