#include "common/file_owner.h"

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/descriptor.h"
#include "common/output_file.h"
#include "common/testing/scratch_folder.h"

namespace signet {
namespace {

constexpr uid_t kOwner = 51'234;
constexpr gid_t kGroup = 51'235;
constexpr uid_t kOther = 51'236;

struct stat former(mode_t mode, gid_t group = kGroup) {
  struct stat status {};
  status.st_mode = S_IFREG | mode;
  status.st_uid = kOwner;
  status.st_gid = group;
  return status;
}

// An account that every Debian has, in a group of its own.
constexpr uid_t kDaemon = 1;
constexpr gid_t kDaemons = 1;

// What another user comes to who is in the group: 0 where the file was taken for the former one, and has its group then.
int as_another(const ScratchFolder& folder, const struct stat& of, gid_t group = kGroup) {
  const Descriptor file(::open(folder.write("new", "").c_str(), O_RDWR | O_CLOEXEC));
  EXPECT_EQ(::fchown(file.get(), kOther, kOther), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const gid_t groups[] = {group};
    if (::setgroups(1, groups) != 0 || ::setgid(kOther) != 0 || ::setuid(kOther) != 0) ::_exit(9);
    const auto taken = take_after(file.get(), of);
    if (!taken) ::_exit(taken.error().sentence.starts_with("who owns or reads it") ? 1 : 4);
    struct stat now {};
    const bool fits =
        ::fstat(file.get(), &now) == 0 && (now.st_mode & ALLPERMS) == (of.st_mode & ALLPERMS);
    ::_exit(!fits ? 2 : now.st_gid == of.st_gid ? 0 : 3);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

TEST(FileOwner, IsGivenByRoot) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const ScratchFolder folder;
  const Descriptor file(::open(folder.write("new", "").c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_TRUE(take_after(file.get(), former(0640)));
  struct stat now {};
  ASSERT_EQ(::fstat(file.get(), &now), 0);
  EXPECT_EQ(now.st_uid, kOwner);
  EXPECT_EQ(now.st_gid, kGroup);
  EXPECT_EQ(now.st_mode & ALLPERMS, 0640U);
}

TEST(FileOwner, IsThatOfTheFileThatIsReplaced) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const ScratchFolder folder;
  const std::filesystem::path path = folder.write("document", "old", 0640);
  ASSERT_EQ(::chown(path.c_str(), kOwner, kGroup), 0);
  ASSERT_TRUE(OutputFile::create(path, OutputFile::Existing::replace).value().commit());
  struct stat now {};
  ASSERT_EQ(::stat(path.c_str(), &now), 0);
  EXPECT_EQ(now.st_uid, kOwner);
  EXPECT_EQ(now.st_gid, kGroup);
  EXPECT_EQ(now.st_mode & ALLPERMS, 0640U);
  EXPECT_EQ(folder.read("document"), "");
}

TEST(FileOwner, KeepsTheGroupWhereTheOwnerCannotBeGiven) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become others";
  const ScratchFolder folder;
  EXPECT_EQ(as_another(folder, former(0640)), 0);
}

TEST(FileOwner, RefusesToTakeAFileFromWhoCouldReadIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become others";
  const ScratchFolder folder;
  EXPECT_EQ(as_another(folder, former(0600)), 1);
  EXPECT_EQ(as_another(folder, former(0640, kOwner)), 1);
  // Anybody may read it.
  EXPECT_EQ(as_another(folder, former(0644, kOwner)), 3);
}

// The mode alone does not say it: the former owner reads the file no longer as its owner, and may not be in its group.
TEST(FileOwner, AsksWhetherTheFormerOwnerIsInTheGroup) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become others";
  const ScratchFolder folder;
  const auto of_daemon = [](mode_t mode, gid_t group) {
    struct stat status = former(mode, group);
    status.st_uid = kDaemon;
    return status;
  };
  EXPECT_EQ(as_another(folder, of_daemon(0640, kGroup)), 1);
  EXPECT_EQ(as_another(folder, of_daemon(0640, kDaemons), kDaemons), 0);
  EXPECT_EQ(as_another(folder, of_daemon(0644, kGroup)), 0);
  // Of the group, which may read less than anybody else.
  EXPECT_EQ(as_another(folder, of_daemon(0604, kDaemons), kDaemons), 1);
  EXPECT_EQ(as_another(folder, of_daemon(0604, kGroup)), 0);
}

TEST(FileOwner, SaysWhatTheSystemRefuses) {
  const auto taken = take_after(-1, former(0644));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().sentence, "Bad file descriptor");
}

}  // namespace
}  // namespace signet
