#include "config/seal_state.h"

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
#include "common/scratch_folder.h"

namespace signet::config {
namespace {

Seal seal_with(std::uint64_t counter, const std::string& series = "default", std::uint8_t key = 1) {
  Seal seal;
  seal.series = series;
  seal.counter = counter;
  seal.key.fill(key);
  return seal;
}

class SealState : public testing::Test {
 protected:
  std::filesystem::path cache() const { return folder_.path("deep/cache"); }
  bool accepts(const Seal& seal) const { return check_roll_back(cache(), seal).has_value(); }
  std::string memory() const {
    return folder_.read("deep/cache/seal-0101010101010101-default.counter");
  }

  ScratchFolder folder_;
};

TEST_F(SealState, AcceptsTheSameAndNewerButNothingOlder) {
  EXPECT_TRUE(accepts(seal_with(7)));
  EXPECT_TRUE(accepts(seal_with(7)));
  EXPECT_FALSE(accepts(seal_with(6)));
  EXPECT_TRUE(accepts(seal_with(9)));
  EXPECT_FALSE(accepts(seal_with(8)));
  EXPECT_TRUE(accepts(seal_with(18446744073709551615U)));
  EXPECT_FALSE(accepts(seal_with(9)));
}

TEST_F(SealState, SaysWhichCountersAndWhichFile) {
  ASSERT_TRUE(accepts(seal_with(9)));
  const auto older = check_roll_back(cache(), seal_with(8));
  ASSERT_TRUE(older.has_error());
  EXPECT_NE(older.error().sentence.find("counter 8"), std::string::npos);
  EXPECT_NE(older.error().sentence.find("(9)"), std::string::npos);
  EXPECT_NE(older.error().sentence.find(counter_file(cache(), seal_with(8)).string()),
            std::string::npos);
}

TEST_F(SealState, SeriesAndKeysHaveCountersOfTheirOwn) {
  EXPECT_TRUE(accepts(seal_with(9)));
  EXPECT_TRUE(accepts(seal_with(1, "other")));
  EXPECT_TRUE(accepts(seal_with(1, "default", 2)));
}

TEST_F(SealState, ItsFolderAndFileAreOwnerOnly) {
  ASSERT_TRUE(accepts(seal_with(9)));
  struct stat status {};
  ASSERT_EQ(stat(cache().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  ASSERT_EQ(stat(counter_file(cache(), seal_with(9)).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(memory(), "00000000000000000009\n");
}

TEST_F(SealState, ADamagedMemoryIsNotTakenForAnEmptyOne) {
  ASSERT_TRUE(accepts(seal_with(9)));
  for (const char* content : {"7", "garbage", "00000000000000000009\n\n", "0000000000000000000x\n",
                              "99999999999999999999\n"}) {
    folder_.write("deep/cache/seal-0101010101010101-default.counter", content);
    EXPECT_FALSE(accepts(seal_with(10))) << content;
  }
}

TEST_F(SealState, AnInterruptedFirstUseIsTakenForNone) {
  std::filesystem::create_directories(cache());
  folder_.write("deep/cache/seal-0101010101010101-default.counter", "");
  EXPECT_TRUE(accepts(seal_with(1)));
  EXPECT_FALSE(accepts(seal_with(0)));
}

TEST_F(SealState, AMemoryThatIsALinkOrWritableByOthersIsRefused) {
  ASSERT_TRUE(accepts(seal_with(9)));
  const auto file = counter_file(cache(), seal_with(9));
  ::chmod(file.c_str(), 0666);
  EXPECT_FALSE(accepts(seal_with(9)));
  std::filesystem::remove(file);
  std::filesystem::create_symlink(folder_.write("target", ""), file);
  EXPECT_FALSE(accepts(seal_with(9)));
  EXPECT_EQ(folder_.read("target"), "");
}

TEST_F(SealState, AFolderThatCannotBeMadeLetsTheServiceWork) {
  EXPECT_TRUE(check_roll_back("/proc/no-such-folder/cache", seal_with(1)).has_value());
}

TEST_F(SealState, ALimitOnTheSizeOfFilesLetsTheServiceWork) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_FSIZE, &none);
    _exit(accepts(seal_with(1)) ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(SealState, ALockThatIsNeverGivenBackIsAnErrorAfterTwoSeconds) {
  ASSERT_TRUE(accepts(seal_with(9)));
  const Descriptor other(::open(counter_file(cache(), seal_with(9)).c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(flock(other.get(), LOCK_EX), 0);
  EXPECT_FALSE(accepts(seal_with(9)));
}

TEST_F(SealState, TheHighestOfManyThreadsStays) {
  std::vector<std::thread> threads;
  for (std::uint64_t i = 1; i <= 16; ++i) {
    threads.emplace_back([this, i] { (void)check_roll_back(cache(), seal_with(i)); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(memory(), "00000000000000000016\n");
}

}  // namespace
}  // namespace signet::config
