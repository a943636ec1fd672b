// Files of root's, and a command that runs as another user: what doctor says of them, and cured as its advice says.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/doctor/breakable_setup.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

using Words = std::vector<std::string>;

class AnotherUser : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
    const std::string folder = breakable_.setup().file("").parent_path().string();
    const std::filesystem::path program = SIGNET_TEST_COMMAND;
    output_of({"/bin/sh", "-c",
               fmt::format("cd {0} && chmod 755 . && mkdir -m 755 bin && cp {1} bin && cp {2} . && "
                           "printf %s '{3}' >own.pin && mkdir own && chown nobody own.pin own && "
                           "chmod 600 own.pin && chmod 644 client.toml",
                           folder, program.string(), SIGNET_TEST_MODULE, breakable_.pin())});
    breakable_.rewrite(folder + "/cache", folder + "/own/cache");
    chmod(breakable_.setup().config().c_str(), 0644);
  }

  // The command's copy, since he may not be able to read the one of the build.
  Verdict run(const Words& words) const {
    const std::string copy = breakable_.setup().file("bin/signet").string();
    return Verdict(
        words, {"/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env",
                "HOME=/nonexistent", "sh", "-c", "shift; exec " + copy + " \"$@\"", "sh"});
  }
  Words with_own_pin() const { return {"--pin-file", breakable_.setup().file("own.pin").string()}; }

  BreakableSetup breakable_;
};

TEST_F(AnotherUser, MayNotReadTheConfigurationUntilItsOwnerLetsHim) {
  EXPECT_EQ(run(with_own_pin()).status(), 0) << run(with_own_pin()).text();
  chmod(breakable_.setup().config().c_str(), 0600);
  const Verdict broken = run(with_own_pin());
  EXPECT_EQ(broken.status(), 1);
  EXPECT_TRUE(broken.says("permissions: ")) << broken.text();
  EXPECT_TRUE(broken.says("the user nobody may not read the file")) << broken.text();
  carry_out(broken);
  EXPECT_EQ(run(with_own_pin()).status(), 0) << run(with_own_pin()).text();
}

TEST_F(AnotherUser, MayNotEnterAFolderOnTheWayUntilItsOwnerLetsHim) {
  std::filesystem::create_directory(breakable_.setup().file("closed"));
  std::filesystem::rename(breakable_.setup().config(),
                          breakable_.setup().file("closed/client.toml"));
  chmod(breakable_.setup().file("closed").c_str(), 0700);
  Words words = with_own_pin();
  words.insert(words.end(), {"--config", breakable_.setup().file("closed/client.toml").string()});
  const Verdict broken = run(words);
  EXPECT_EQ(broken.status(), 1);
  EXPECT_TRUE(broken.says("may not enter the folder")) << broken.text();
  carry_out(broken);
  EXPECT_EQ(run(words).status(), 0) << run(words).text();
}

TEST_F(AnotherUser, IsToldToGiveThePinWhereTheCredentialIsTheServices) {
  const Verdict broken = run({});
  EXPECT_EQ(broken.status(), 13) << broken.text();
  EXPECT_TRUE(broken.says("programs of this user have to give the PIN")) << broken.text();
  EXPECT_TRUE(broken.says("give one with --pin-file")) << broken.text();
  EXPECT_EQ(run(with_own_pin()).status(), 0);
}

}  // namespace
}  // namespace signet::tests
