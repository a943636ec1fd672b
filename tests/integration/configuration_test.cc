// What a program meets whose configuration cannot be used: no half of it is in force, and the start says so.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/testing/scratch_folder.h"
#include "config/testing/test_keys.h"
#include "tests/support/client_config.h"
#include "tests/support/files.h"
#include "tests/support/module.h"

namespace signet::tests {
namespace {

const std::string kToken = "[[token]]\nlabel = \"seal\"\nuser = \"seal\"\n";
const Member kNobody = {"https://127.0.0.1:1/dsa/v1",
                        {"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}};

class ConfigurationTest : public testing::Test {
 protected:
  ConfigurationTest() { use_config(file_); }

  // What C_Initialize answers with a configuration of this text.
  CK_RV start_with(const std::string& text, mode_t mode = 0600) const {
    write_file(file_, text);
    EXPECT_EQ(chmod(file_.c_str(), mode), 0);
    const LoadedModule module;
    const CK_RV code = module.initialize();
    if (code == CKR_OK) {
      EXPECT_EQ(module->C_Finalize(nullptr), CKR_OK);
    } else {
      EXPECT_EQ(module->C_GetSlotList(CK_FALSE, nullptr, nullptr), CKR_CRYPTOKI_NOT_INITIALIZED);
    }
    return code;
  }

  ScratchFolder dir_;
  const std::filesystem::path file_ = dir_ / "client.toml";
  const std::string good_ = kToken + members_text({kNobody});
};

TEST_F(ConfigurationTest, OneThatCannotBeUsedIsAGeneralErrorAtTheStart) {
  EXPECT_EQ(start_with(good_), CKR_OK);
  EXPECT_EQ(start_with("[[token]]\nlabel = \n"), CKR_GENERAL_ERROR) << "a mistake";
  EXPECT_EQ(start_with(kToken + members_text({{kNobody.url, {}}})), CKR_GENERAL_ERROR) << "no pins";
  EXPECT_EQ(start_with("insecure = true\n" + good_), CKR_GENERAL_ERROR) << "no such switch";
  EXPECT_EQ(start_with(good_, 0622), CKR_GENERAL_ERROR) << "others may write it";
  EXPECT_EQ(start_with(good_), CKR_OK) << "nothing of them lasts";
}

// A folder that is missing, a file of another user, no daemon: a log is no reason not to start.
TEST_F(ConfigurationTest, ALogThatCannotBeWrittenGoesToStandardErrorWithAWarning) {
  const auto folder = dir_ / "folder";
  std::filesystem::create_directory(folder);
  const auto link = dir_ / "link";
  std::filesystem::create_symlink(dir_ / "log", link);
  for (const std::string& to :
       {std::string("/no/such/folder/log"), folder.string(), link.string()}) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(start_with("[log]\nlevel = \"error\"\nto = \"" + to + "\"\n" + good_), CKR_OK);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("cannot open the log \"" + to), std::string::npos) << said;
  }
}

TEST_F(ConfigurationTest, AnotherUsersLogFileStopsNobody) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become others";
  const auto log = dir_ / "log";
  write_file(log, "");
  ASSERT_EQ(chmod(log.c_str(), 0600), 0);
  ASSERT_EQ(chmod(dir_.path().c_str(), 0755), 0);
  write_file(file_, "[log]\nto = \"" + log.string() + "\"\n" + good_);
  ASSERT_EQ(chmod(file_.c_str(), 0644), 0);
  const LoadedModule module;
  const pid_t child = fork();
  if (child == 0) {
    if (setresuid(12345, 12345, 12345) != 0) _exit(2);
    _exit(module.initialize() == CKR_OK ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(ConfigurationTest, OneWithoutTheSignatureThatIsDueIsAGeneralErrorAtTheStart) {
  write_file(dir_ / "config.pub", config::make_test_key_pair().public_pem);
  setenv("SIGNET_CONFIG_ANCHOR", (dir_ / "config.pub").c_str(), 1);
  const CK_RV code = start_with(good_);
  unsetenv("SIGNET_CONFIG_ANCHOR");
  EXPECT_EQ(code, CKR_GENERAL_ERROR);
}

TEST_F(ConfigurationTest, NamingAFileThatIsNotThereIsAGeneralErrorAtTheStart) {
  const LoadedModule module;
  EXPECT_EQ(module.initialize(), CKR_GENERAL_ERROR);
}

TEST_F(ConfigurationTest, NoneAtAllIsAModuleWithoutTokens) {
  if (std::filesystem::exists("/etc/signet/signet.toml"))
    GTEST_SKIP() << "this machine has a configuration";
  unsetenv("SIGNET_CONFIG");
  setenv("XDG_CONFIG_HOME", dir_.path().c_str(), 1);
  const LoadedModule module;
  const CK_RV code = module.initialize();
  unsetenv("XDG_CONFIG_HOME");
  ASSERT_EQ(code, CKR_OK);
  CK_ULONG slots = 1;
  EXPECT_EQ(module->C_GetSlotList(CK_FALSE, nullptr, &slots), CKR_OK);
  EXPECT_EQ(slots, 0U);
  EXPECT_EQ(module->C_Finalize(nullptr), CKR_OK);
}

}  // namespace
}  // namespace signet::tests
