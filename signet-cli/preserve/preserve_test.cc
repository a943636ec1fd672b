// The register as commands find and hold it, and what they take into it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "common/testing/scratch_folder.h"
#include "signet-cli/output.h"
#include "signet-cli/preserve/calendar.h"
#include "signet-cli/testing/run.h"
#include "signet-cli/verify/judging.h"

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

// The timer's command has no options.
class ConfiguredPreserve : public testing::Test {
 protected:
  ConfiguredPreserve() {
    setenv("SIGNET_CONFIG",
           folder_
               .write("c.toml",
                      "suite = \"119312-1.5.1\"\n[preserve]\nregister = \"/register.db\"\n"
                      "suite = \"119312-2.1.1\"\nonline = true\nonline_hosts = [\"ca.example\"]\n"
                      "online_limit = 7\nonline_proxy = \"http://proxy.example:3128\"\n"
                      "cache = \"/cache\"\n")
               .c_str(),
           1);
  }
  ~ConfiguredPreserve() override { unsetenv("SIGNET_CONFIG"); }

  const ScratchFolder folder_;
  PreserveOptions options_;
  VerifyOptions& validation_ = options_.extending.validation;
};

TEST_F(ConfiguredPreserve, TakesSuiteAndNetworkFromTheConfiguration) {
  ASSERT_TRUE(complete(options_));
  EXPECT_EQ(validation_.suite, "119312-2.1.1");
  EXPECT_TRUE(validation_.online);
  EXPECT_THAT(validation_.online_hosts, testing::ElementsAre("ca.example"));
  EXPECT_EQ(validation_.online_limit, 7U);
  EXPECT_EQ(validation_.online_proxy, "http://proxy.example:3128");
  EXPECT_EQ(validation_.cache, "/cache");
  const auto judging = judging_of(validation_);
  ASSERT_TRUE(judging);
  EXPECT_EQ(judging.value().policy.suite->name(), "119312-2.1.1");
  ASSERT_TRUE(judging.value().online);
  EXPECT_EQ(judging.value().online->largest_answer, std::uint64_t{7} * 1024 * 1024);
  EXPECT_EQ(judging.value().online->proxy, "http://proxy.example:3128");
}

TEST_F(ConfiguredPreserve, GoesByTheCommandLineFirst) {
  validation_.suite = "119312-1.5.1";
  validation_.online_limit = 8;
  validation_.online_proxy = "http://other.example:1";
  ASSERT_TRUE(complete(options_));
  EXPECT_EQ(validation_.suite, "119312-1.5.1");
  EXPECT_EQ(validation_.online_limit, 8U);
  EXPECT_EQ(validation_.online_proxy, "http://other.example:1");
}

}  // namespace
}  // namespace signet::cli
