// The register as commands find and hold it, and what they take into it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "signet-cli/output.h"
#include "signet-cli/preserve/calendar.h"
#include "signet-cli/testing/run.h"

namespace signet::cli {
namespace {

using testing::HasSubstr;

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

TEST(Preserve, RefusesTheNameOfDataThatCannotBeExported) {
  const ScratchFolder folder;
  const Outcome outcome =
      outcome_of({"preserve", "add", "--register", folder.path("register.db"),
                  folder.write("seal.p7s", "seal"), "--data", folder.path("\xff")});
  EXPECT_EQ(outcome.exit_code, exit_failed);
  EXPECT_THAT(outcome.err, HasSubstr("is not UTF-8"));
}

// The lock and the lists lie beside it.
TEST(Preserve, KnowsARegisterBehindALink) {
  const ScratchFolder folder;
  std::filesystem::create_directory(folder / "there");
  std::filesystem::create_directory_symlink("there", folder / "here");
  folder.write("there/register.db", "");
  std::filesystem::create_symlink("there/register.db", folder / "link.db");
  for (const char* const name : {"there/register.db", "here/register.db", "link.db"}) {
    PreserveOptions options;
    options.register_file = folder.path(name);
    ASSERT_TRUE(complete(options));
    EXPECT_EQ(options.register_file, folder.path("there/register.db"));
  }
}

}  // namespace
}  // namespace signet::cli
