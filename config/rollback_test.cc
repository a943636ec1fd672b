#include "config/rollback.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "common/descriptor.h"
#include "common/testing/scratch_folder.h"

namespace signet::config {
namespace {

ConfigSignature signature_with(std::uint64_t counter, const std::string& series = "default",
                               std::uint8_t key = 1) {
  ConfigSignature signature;
  signature.series = series;
  signature.counter = counter;
  signature.key.fill(key);
  return signature;
}

class RollbackTest : public testing::Test {
 protected:
  std::filesystem::path cache() const { return folder_.path("deep/cache"); }
  bool accepts(const ConfigSignature& signature) const {
    return check_roll_back(cache(), signature).has_value();
  }
  std::string memory() const {
    return folder_.read("deep/cache/config-0101010101010101-default.counter");
  }

  ScratchFolder folder_;
};

TEST_F(RollbackTest, AcceptsTheSameAndNewerButNothingOlder) {
  EXPECT_TRUE(accepts(signature_with(7)));
  EXPECT_TRUE(accepts(signature_with(7)));
  EXPECT_FALSE(accepts(signature_with(6)));
  EXPECT_TRUE(accepts(signature_with(9)));
  EXPECT_FALSE(accepts(signature_with(8)));
  EXPECT_TRUE(accepts(signature_with(18446744073709551615U)));
  EXPECT_FALSE(accepts(signature_with(9)));
}

TEST_F(RollbackTest, SaysWhichCountersAndWhichFile) {
  ASSERT_TRUE(accepts(signature_with(9)));
  const auto older = check_roll_back(cache(), signature_with(8));
  ASSERT_TRUE(older.has_error());
  EXPECT_NE(older.error().sentence.find("counter 8"), std::string::npos);
  EXPECT_NE(older.error().sentence.find("(9)"), std::string::npos);
  EXPECT_NE(older.error().sentence.find(counter_file(cache(), signature_with(8)).string()),
            std::string::npos);
}

TEST_F(RollbackTest, SeriesAndKeysHaveCountersOfTheirOwn) {
  EXPECT_TRUE(accepts(signature_with(9)));
  EXPECT_TRUE(accepts(signature_with(1, "other")));
  EXPECT_TRUE(accepts(signature_with(1, "default", 2)));
}

TEST_F(RollbackTest, ItsFolderAndFileAreOwnerOnly) {
  ASSERT_TRUE(accepts(signature_with(9)));
  struct stat status {};
  ASSERT_EQ(stat(cache().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  ASSERT_EQ(stat(counter_file(cache(), signature_with(9)).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(memory(), "00000000000000000009\n");
}

TEST_F(RollbackTest, ADamagedMemoryIsNotTakenForAnEmptyOne) {
  ASSERT_TRUE(accepts(signature_with(9)));
  for (const char* content : {"7", "garbage", "00000000000000000009\n\n", "0000000000000000000x\n",
                              "99999999999999999999\n"}) {
    folder_.write("deep/cache/config-0101010101010101-default.counter", content);
    EXPECT_FALSE(accepts(signature_with(10))) << content;
  }
}

TEST_F(RollbackTest, AnInterruptedFirstUseIsTakenForNone) {
  std::filesystem::create_directories(cache());
  folder_.write("deep/cache/config-0101010101010101-default.counter", "");
  EXPECT_TRUE(accepts(signature_with(1)));
  EXPECT_FALSE(accepts(signature_with(0)));
}

TEST_F(RollbackTest, WhatVersionZeroOneRememberedStillCounts) {
  ASSERT_TRUE(accepts(signature_with(1, "other")));  // makes the folder
  folder_.write("deep/cache/seal-0101010101010101-default.counter", "00000000000000000009\n");
  EXPECT_FALSE(accepts(signature_with(8)));
  EXPECT_TRUE(accepts(signature_with(9)));
  EXPECT_TRUE(accepts(signature_with(10)));
  EXPECT_FALSE(accepts(signature_with(9)));
}

TEST_F(RollbackTest, AMemoryThatIsALinkOrWritableByOthersIsRefused) {
  ASSERT_TRUE(accepts(signature_with(9)));
  const auto file = counter_file(cache(), signature_with(9));
  ::chmod(file.c_str(), 0666);
  EXPECT_FALSE(accepts(signature_with(9)));
  std::filesystem::remove(file);
  std::filesystem::create_symlink(folder_.write("target", ""), file);
  EXPECT_FALSE(accepts(signature_with(9)));
  EXPECT_EQ(folder_.read("target"), "");
}

TEST_F(RollbackTest, AFolderThatCannotBeMadeLetsTheServiceWork) {
  EXPECT_TRUE(check_roll_back("/proc/no-such-folder/cache", signature_with(1)).has_value());
}

TEST_F(RollbackTest, ALimitOnTheSizeOfFilesLetsTheServiceWork) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_FSIZE, &none);
    _exit(accepts(signature_with(1)) ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(RollbackTest, ALockThatIsNeverGivenBackIsAnErrorAfterTwoSeconds) {
  ASSERT_TRUE(accepts(signature_with(9)));
  const Descriptor other(
      ::open(counter_file(cache(), signature_with(9)).c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(flock(other.get(), LOCK_EX), 0);
  EXPECT_FALSE(accepts(signature_with(9)));
}

TEST_F(RollbackTest, TheHighestOfManyThreadsStays) {
  std::vector<std::thread> threads;
  for (std::uint64_t i = 1; i <= 16; ++i) {
    threads.emplace_back([this, i] { (void)check_roll_back(cache(), signature_with(i)); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(memory(), "00000000000000000016\n");
}

}  // namespace
}  // namespace signet::config
