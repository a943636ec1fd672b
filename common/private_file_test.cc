#include "common/private_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "common/testing/scratch_folder.h"

namespace signet {
namespace {

namespace fs = std::filesystem;

class PrivateFileTest : public testing::Test {
 protected:
  static std::size_t files_in(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
  }

  ScratchFolder folder_;
};

TEST_F(PrivateFileTest, ReplacesAFileWholeAndForTheOwnerOnly) {
  const fs::path file = folder_.path("figures");
  for (const char* content : {"a long first content", "second"}) {
    ASSERT_TRUE(replace_private_file(file, view_of(content), Durability::none));
    EXPECT_EQ(folder_.read("figures"), content);
  }
  struct stat status {};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  EXPECT_EQ(files_in(file.parent_path()), 1U) << "a temporary file stayed behind";
}

TEST_F(PrivateFileTest, WritesThroughNoLink) {
  folder_.write("victim", "precious");
  fs::create_symlink(folder_.path("victim"), folder_.path("figures"));
  ASSERT_TRUE(replace_private_file(folder_.path("figures"), view_of("new"), Durability::durable));
  EXPECT_EQ(folder_.read("victim"), "precious");
}

TEST_F(PrivateFileTest, AFolderIsSyncedWhereItCanBe) {
  EXPECT_TRUE(sync_folder(folder_.path("figures").parent_path()));
  EXPECT_TRUE(sync_folder(""));       // the present one
  EXPECT_TRUE(sync_folder("/proc"));  // whose file system cannot
  EXPECT_FALSE(sync_folder(folder_.path("missing")));
  EXPECT_EQ(errno, ENOENT);
}

TEST_F(PrivateFileTest, LeavesNothingBehindWhereTheNameCannotBeTaken) {
  fs::create_directory(folder_.path("figures"));
  fs::create_directory(folder_.path("figures") / "inside");
  EXPECT_FALSE(replace_private_file(folder_.path("figures"), view_of("x"), Durability::none));
  EXPECT_EQ(files_in(folder_.path("figures").parent_path()), 1U);
}

TEST_F(PrivateFileTest, ALimitOnTheSizeOfFilesIsAFailureAndNotTheEndOfTheProcess) {
  folder_.write("figures", "before");
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const rlimit none = {0, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &none);
    _exit(replace_private_file(folder_.path("figures"), view_of("x"), Durability::none) ? 1 : 42);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 42);
  EXPECT_EQ(folder_.read("figures"), "before");
}

TEST_F(PrivateFileTest, MakesAFolderThatOnlyItsOwnerMayEnter) {
  const fs::path made = folder_.path("above") / "made";
  ASSERT_TRUE(prepare_folder(made, Folder::own));
  EXPECT_EQ(fs::status(made).permissions(), fs::perms::owner_all);
}

TEST_F(PrivateFileTest, FoldersAboveAreNobodyElsesToChangeWhateverTheUmask) {
  const mode_t former = umask(0);
  const bool made = make_folder(folder_.path("one") / "two" / "three");
  umask(former);
  ASSERT_TRUE(made);
  for (const fs::path& above : {folder_.path("one"), folder_.path("one") / "two"}) {
    EXPECT_EQ(fs::status(above).permissions() & (fs::perms::group_write | fs::perms::others_write),
              fs::perms::none)
        << above;
  }
}

TEST_F(PrivateFileTest, RefusesAFolderThatOthersMayWriteTo) {
  const fs::path open = folder_.path("open");
  fs::create_directory(open);
  ASSERT_EQ(chmod(open.c_str(), 0777), 0);
  EXPECT_FALSE(prepare_folder(open, Folder::own));
  EXPECT_FALSE(prepare_folder(open, Folder::shared));
  ASSERT_EQ(chmod(open.c_str(), 01777), 0);
  EXPECT_FALSE(prepare_folder(open, Folder::own));
  EXPECT_TRUE(prepare_folder(open, Folder::shared));
}

TEST_F(PrivateFileTest, ReadsRegularFilesOfBoundedSizeOnly) {
  folder_.write("file", "12345");
  fs::create_symlink(folder_.path("file"), folder_.path("link"));
  ASSERT_EQ(mkfifo(folder_.path("fifo").c_str(), 0600), 0);
  const auto content = read_plain_file(folder_.path("file"), 5);
  ASSERT_TRUE(content && content.value());
  EXPECT_EQ(text_of(content.value()->bytes), "12345");
  EXPECT_EQ(content.value()->owner, geteuid());
  EXPECT_FALSE(read_plain_file(folder_.path("file"), 4));
  EXPECT_FALSE(read_plain_file(folder_.path("link"), 5));
  EXPECT_FALSE(read_plain_file(folder_.path("fifo"), 5));
  const auto missing = read_plain_file(folder_.path("none"), 5);
  ASSERT_TRUE(missing);
  EXPECT_FALSE(missing.value());
}

}  // namespace
}  // namespace signet
