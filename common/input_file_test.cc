#include "common/input_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "common/testing/scratch_folder.h"

namespace signet {
namespace {

TEST(InputFile, ReadsAnyPartOfAFile) {
  const ScratchFolder folder;
  const auto file = InputFile::open(folder.write("f", "0123456789"));
  ASSERT_TRUE(file) << file.error().sentence;
  std::array<std::uint8_t, 4> part{};
  ASSERT_TRUE(file.value().read(3, part));
  EXPECT_EQ(part, (std::array<std::uint8_t, 4>{'3', '4', '5', '6'}));
  EXPECT_EQ(file.value().size(), 10U);
  EXPECT_TRUE(file.value().is_unchanged());
}

TEST(InputFile, TellsAFileThatBecameShorterFromAFaultOfTheSystem) {
  const ScratchFolder folder;
  const auto file = InputFile::open(folder.write("f", "0123456789"));
  ASSERT_TRUE(file) << file.error().sentence;
  std::filesystem::resize_file(folder.path("f"), 5);
  std::array<std::uint8_t, 4> part{};
  errno = EIO;  // of whatever failed before
  EXPECT_FALSE(file.value().read(3, part));
  EXPECT_EQ(errno, 0);
  EXPECT_FALSE(file.value().is_unchanged());
  EXPECT_FALSE(read_at(-1, 0, part));
  EXPECT_EQ(errno, EBADF);
}

TEST(InputFile, RefusesWhatIsNoRegularFileWithoutWaitingForIt) {
  const ScratchFolder folder;
  ASSERT_EQ(mkfifo(folder.path("fifo").c_str(), 0600), 0);
  EXPECT_FALSE(InputFile::open(folder.path("fifo")));
  EXPECT_FALSE(InputFile::open(folder.path()));
  const auto missing = InputFile::open(folder.path("none"));
  ASSERT_FALSE(missing);
  EXPECT_TRUE(missing.error().missing);
}

}  // namespace
}  // namespace signet
