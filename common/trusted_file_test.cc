#include "common/trusted_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "common/testing/scratch_folder.h"

namespace signet {
namespace {

namespace fs = std::filesystem;

class TrustedFile : public testing::Test {
 protected:
  // "" where the file is accepted.
  static std::string fault_of(const fs::path& file, const FileDemands& demands = {.most = 100}) {
    const auto content = read_trusted(file, demands);
    return content.has_error() ? content.error().sentence : "";
  }

  ScratchFolder folder_;
};

TEST_F(TrustedFile, GivesTheWholeContent) {
  const auto content = read_trusted(folder_.write("f", std::string("a\0b", 3)), {.most = 3});
  ASSERT_TRUE(content.has_value());
  EXPECT_EQ(text_of(content.value()), std::string_view("a\0b", 3));
}

TEST_F(TrustedFile, MayBeReadableButNotWritableByOthers) {
  EXPECT_EQ(fault_of(folder_.write("f", "x", 0644)), "");
  for (const mode_t mode : {0620U, 0602U, 0666U, 0777U}) {
    EXPECT_NE(fault_of(folder_.write("f", "x", mode)).find("can be changed by others"),
              std::string::npos);
  }
}

TEST_F(TrustedFile, OwnerOnlyMeansOwnerOnly) {
  const FileDemands demands{.most = 100, .readers = Readers::owner_only};
  EXPECT_EQ(fault_of(folder_.write("f", "x", 0400), demands), "");
  EXPECT_NE(fault_of(folder_.write("f", "x", 0640), demands).find("can be read by others"),
            std::string::npos);
  EXPECT_NE(fault_of(folder_.write("f", "x", 0604), demands), "");
}

TEST_F(TrustedFile, OwnerAndGroupMeansNobodyElse) {
  const FileDemands demands{.most = 100, .readers = Readers::owner_group};
  EXPECT_EQ(fault_of(folder_.write("f", "x", 0440), demands), "");
  EXPECT_NE(fault_of(folder_.write("f", "x", 0444), demands), "");
  EXPECT_NE(fault_of(folder_.write("f", "x", 0660), demands), "");
}

TEST_F(TrustedFile, ItsFolderMayNotBeWritableByOthers) {
  const fs::path file = folder_.write("f", "x");
  ::chmod(folder_.path().c_str(), 0777);
  const std::string fault = fault_of(file);
  EXPECT_NE(fault.find("its folder " + folder_.path().string()), std::string::npos) << fault;
  ::chmod(folder_.path().c_str(), 0770);
  EXPECT_NE(fault_of(file), "");
  ::chmod(folder_.path().c_str(), 01777);
  EXPECT_EQ(fault_of(file), "");
}

TEST_F(TrustedFile, BelongsToRootOrToThisUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const fs::path file = folder_.write("f", "x");
  ASSERT_EQ(::chown(file.c_str(), 12345, 0), 0);
  EXPECT_NE(fault_of(file).find("belongs to user 12345"), std::string::npos);
  ASSERT_EQ(::chown(file.c_str(), 0, 0), 0);
  ASSERT_EQ(::chown(folder_.path().c_str(), 12345, 0), 0);
  EXPECT_NE(fault_of(file).find("its folder"), std::string::npos);
}

TEST_F(TrustedFile, AFileForRootAloneMayNotBelongToThisUser) {
  const fs::path file = folder_.write("f", "x");
  const std::string fault = fault_of(file, {.most = 100, .owners = Owners::root});
  EXPECT_EQ(fault.empty(), geteuid() == 0) << fault;
}

TEST_F(TrustedFile, IsFollowedThroughALinkWhoseFolderIsSafe) {
  folder_.write("f", "x");
  fs::create_directory(folder_.path("links"));
  fs::create_symlink(folder_.path("f"), folder_.path("links/l"));
  ::chmod(folder_.path("links").c_str(), 0755);
  EXPECT_EQ(fault_of(folder_.path("links/l")), "");
  ::chmod(folder_.path("links").c_str(), 0777);
  EXPECT_NE(fault_of(folder_.path("links/l")).find("its folder"), std::string::npos);
}

// Each of these lets somebody else exchange a folder further down.
TEST_F(TrustedFile, NoFolderAboveMayBeAnotherUsers) {
  fs::create_directories(folder_.path("a/b"));
  const fs::path file = folder_.write("a/b/f", "x");
  EXPECT_EQ(fault_of(file), "");
  ::chmod(folder_.path().c_str(), 0777);
  EXPECT_NE(fault_of(file).find("its folder " + folder_.path().string() + " can be changed"),
            std::string::npos);
  ::chmod(folder_.path().c_str(), 0755);
  if (geteuid() != 0) return;
  ASSERT_EQ(::chown(folder_.path("a").c_str(), 12345, 0), 0);
  EXPECT_NE(fault_of(file).find("its folder " + folder_.path("a").string() + " belongs to"),
            std::string::npos);
}

TEST_F(TrustedFile, EachFolderOfALinkOnTheWayIsLookedAt) {
  fs::create_directories(folder_.path("safe"));
  fs::create_directories(folder_.path("open/links"));
  folder_.write("safe/f", "x");
  fs::create_symlink("../../safe", folder_.path("open/links/l"));
  EXPECT_EQ(fault_of(folder_.path("open/links/l/f")), "");
  fs::create_symlink(folder_.path("open/links/l/f"), folder_.path("safe/outer"));
  ::chmod(folder_.path("open").c_str(), 0777);
  for (const char* name : {"open/links/l/f", "safe/outer", "open/links/../../safe/f"}) {
    EXPECT_NE(fault_of(folder_.path(name)).find("its folder " + folder_.path("open").string()),
              std::string::npos)
        << name;
  }
  EXPECT_EQ(fault_of(folder_.path("safe/../safe/./f")), "");
}

TEST_F(TrustedFile, ALinkInASharedFolderBelongsToRootOrToThisUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give links away";
  const fs::path link = folder_.path("l");
  fs::create_symlink(folder_.write("f", "x"), link);
  ::chmod(folder_.path().c_str(), 01777);
  EXPECT_EQ(fault_of(link), "");
  ASSERT_EQ(::lchown(link.c_str(), 12345, 0), 0);
  EXPECT_NE(fault_of(link).find("the link " + link.string() + " belongs to user 12345"),
            std::string::npos);
}

TEST_F(TrustedFile, LinksInACircleEnd) {
  fs::create_symlink("b", folder_.path("a"));
  fs::create_symlink("a", folder_.path("b"));
  EXPECT_NE(fault_of(folder_.path("a")), "");
}

TEST_F(TrustedFile, IsARegularFileAndNeverWaitsForAWriter) {
  ASSERT_EQ(mkfifo(folder_.path("fifo").c_str(), 0600), 0);
  EXPECT_NE(fault_of(folder_.path("fifo")).find("not a regular file"), std::string::npos);
  EXPECT_NE(fault_of(folder_.path()).find("not a regular file"), std::string::npos);
  EXPECT_NE(fault_of("/dev/null"), "");
}

TEST_F(TrustedFile, HasALimitedSize) {
  EXPECT_EQ(fault_of(folder_.write("f", std::string(100, 'x'))), "");
  EXPECT_NE(fault_of(folder_.write("f", std::string(101, 'x'))).find("larger than 100 bytes"),
            std::string::npos);
}

TEST_F(TrustedFile, IsReportedAsMissingWhereItIs) {
  for (const char* name : {"none", "none/none"}) {
    const auto content = read_trusted(folder_.path(name), {.most = 1});
    ASSERT_TRUE(content.has_error());
    EXPECT_TRUE(content.error().missing);
    EXPECT_EQ(content.error().sentence.rfind(folder_.path(name).string() + ": ", 0), 0U);
  }
}

}  // namespace
}  // namespace signet
