// The register as commands find and hold it, and what they take into it.
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "signet-cli/preserve/calendar.h"

namespace signet::cli {
namespace {

TEST(Preserve, LetsOthersChangeTheRegisterWhileItIsLookedAt) {
  const ScratchFolder folder;
  const std::string file = folder.path("register.db");
  ASSERT_TRUE(OpenRegister::open(file, OpenRegister::Purpose::create));
  const auto looking = OpenRegister::open(file, OpenRegister::Purpose::look);
  ASSERT_TRUE(looking);
  EXPECT_TRUE(OpenRegister::open(file, OpenRegister::Purpose::change));
}

TEST(Preserve, LetsOneChangeTheRegister) {
  const ScratchFolder folder;
  const std::string file = folder.path("register.db");
  const auto changing = OpenRegister::open(file, OpenRegister::Purpose::create);
  ASSERT_TRUE(changing);
  EXPECT_FALSE(OpenRegister::open(file, OpenRegister::Purpose::change));
}

}  // namespace
}  // namespace signet::cli
