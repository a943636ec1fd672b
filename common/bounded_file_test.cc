#include "common/bounded_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/testing/scratch_folder.h"

namespace signet {
namespace {

std::string fault_of(const std::filesystem::path& file) {
  const auto content = read_file(file, 100);
  return content ? "" : content.error().sentence;
}

TEST(BoundedFile, IsReadWhole) {
  const ScratchFolder folder;
  const auto file = folder.write("f", std::string(100, 'x'));
  EXPECT_EQ(read_file(file, 100).value(), Bytes(100, 'x'));
  EXPECT_EQ(read_file(folder.write("none", ""), 100).value(), Bytes());
  std::filesystem::create_symlink(file, folder.path("link"));
  EXPECT_EQ(fault_of(folder.path("link")), "");
}

TEST(BoundedFile, IsARegularOneAndNeverWaitedFor) {
  const ScratchFolder folder;
  ASSERT_EQ(mkfifo(folder.path("fifo").c_str(), 0600), 0);
  for (const auto& file : {folder.path("fifo"), folder.path(), std::filesystem::path("/dev/zero"),
                           std::filesystem::path("/dev/null")}) {
    EXPECT_EQ(fault_of(file), file.string() + ": it is not a regular file");
    EXPECT_FALSE(check_bounded(file, 100));
  }
}

TEST(BoundedFile, HasALimitedSize) {
  const ScratchFolder folder;
  EXPECT_NE(fault_of(folder.write("f", std::string(101, 'x'))).find("larger than 100 bytes"),
            std::string::npos);
  // Of no size, as the kernel says.
  EXPECT_NE(fault_of("/proc/self/environ").find(": "), std::string::npos);
  EXPECT_TRUE(read_file("/proc/self/cmdline", 100'000));
}

TEST(BoundedFile, IsNamedWhereItIsMissing) {
  const auto content = read_file("/none/none", 1);
  ASSERT_FALSE(content);
  EXPECT_TRUE(content.error().missing);
  EXPECT_EQ(content.error().sentence.rfind("/none/none: ", 0), 0U);
}

}  // namespace
}  // namespace signet
