#include "common/file_stamp.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "common/testing/scratch_folder.h"

namespace signet {
namespace {

using namespace std::chrono_literals;

TEST(FileStamp, IsTheSameWhileNothingHappensToTheFile) {
  const ScratchFolder folder;
  const auto file = folder.write("f", "text");
  EXPECT_EQ(FileStamp::of(file), FileStamp::of(file));
}

TEST(FileStamp, TellsAnotherSizeAnotherFileAndNoFile) {
  const ScratchFolder folder;
  const auto file = folder.write("f", "text");
  const FileStamp first = FileStamp::of(file);
  folder.write("f", "longer text");
  EXPECT_NE(FileStamp::of(file), first);
  const FileStamp second = FileStamp::of(file);
  std::filesystem::rename(folder.write("g", "longer text"), file);
  EXPECT_NE(FileStamp::of(file), second);
  std::filesystem::remove(file);
  EXPECT_EQ(FileStamp::of(file), FileStamp());
}

TEST(FileStamp, IsUnsettledForASecondAfterAChangeAndNotWhereTheClockWasSetBack) {
  const ScratchFolder folder;
  const FileStamp stamp = FileStamp::of(folder.write("f", "text"));
  const auto now = std::chrono::system_clock::now();
  EXPECT_FALSE(stamp.settled(now));
  EXPECT_TRUE(stamp.settled(now + 2s));
  EXPECT_TRUE(stamp.settled(now - 1h));
}

TEST(FileStamp, OfNoFileIsSettled) {
  EXPECT_TRUE(FileStamp().settled(std::chrono::system_clock::now()));
}

}  // namespace
}  // namespace signet
