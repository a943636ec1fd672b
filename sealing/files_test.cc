// Documents as files: whole outputs or none.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <fstream>
#include <thread>

#include "common/testing/scratch_folder.h"
#include "crypto/testing/test_key.h"
#include "sealing/input.h"
#include "sealing/output.h"

namespace signet::sealing {
namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t files_in(const std::filesystem::path& folder) {
  const std::filesystem::directory_iterator all(folder);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

Bytes all_of(const Input& input) {
  Bytes bytes;
  EXPECT_TRUE(input.each_piece([&](ByteView piece) {
    bytes.insert(bytes.end(), piece.begin(), piece.end());
    return true;
  }));
  return bytes;
}

class Files : public testing::Test {
 protected:
  ScratchFolder folder_;
};

TEST_F(Files, AnOutputIsThereOnlyAfterItsCommit) {
  {
    auto out = Output::file(folder_ / "out", Output::Existing::refuse);
    ASSERT_TRUE(out);
    ASSERT_TRUE(out.value().write(view_of("sealed")));
    EXPECT_FALSE(exists(folder_ / "out"));
    ASSERT_TRUE(out.value().commit());
  }
  EXPECT_EQ(content_of(folder_ / "out"), "sealed");
  EXPECT_EQ(files_in(folder_.path()), 1U);
}

TEST_F(Files, WithoutACommitNothingIsLeft) {
  {
    auto out = Output::file(folder_ / "out", Output::Existing::refuse);
    ASSERT_TRUE(out.value().write(Bytes(1'000'000)));
  }
  EXPECT_EQ(files_in(folder_.path()), 0U);
}

TEST_F(Files, AnExistingOutputIsReplacedOnlyWhereThatIsSaid) {
  folder_.write("out", "before", 0640);
  EXPECT_EQ(Output::file(folder_ / "out", Output::Existing::refuse).error().failure,
            Failure::exists);
  auto out = Output::file(folder_ / "out", Output::Existing::replace);
  ASSERT_TRUE(out.value().write(view_of("after")));
  EXPECT_EQ(content_of(folder_ / "out"), "before");
  ASSERT_TRUE(out.value().commit());
  EXPECT_EQ(content_of(folder_ / "out"), "after");
  struct stat status {};
  ASSERT_EQ(stat((folder_ / "out").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
}

TEST_F(Files, AnOutputThatAppearedMeanwhileIsKept) {
  auto out = Output::file(folder_ / "out", Output::Existing::refuse);
  ASSERT_TRUE(out.value().write(view_of("sealed")));
  folder_.write("out", "another's");
  EXPECT_EQ(out.value().commit().error().failure, Failure::exists);
  EXPECT_EQ(content_of(folder_ / "out"), "another's");
}

TEST_F(Files, ALinkStaysALink) {
  folder_.write("real", "before");
  std::filesystem::create_symlink("real", folder_ / "link");
  auto out = Output::file(folder_ / "link", Output::Existing::replace);
  ASSERT_TRUE(out.value().write(view_of("after")));
  ASSERT_TRUE(out.value().commit());
  EXPECT_TRUE(is_symlink(folder_ / "link"));
  EXPECT_EQ(content_of(folder_ / "real"), "after");
}

TEST_F(Files, TheLongestNameIsTakenAndALongerOneIsFoundOutBeforeAnythingIsWritten) {
  const auto longest = folder_ / std::string(NAME_MAX, 'n');
  for (const auto existing : {Output::Existing::refuse, Output::Existing::replace}) {
    auto out = Output::file(longest, existing);
    ASSERT_TRUE(out) << out.error().sentence;
    ASSERT_TRUE(out.value().write(view_of("sealed")));
    const auto done = out.value().commit();
    EXPECT_TRUE(done) << done.error().sentence;
  }
  EXPECT_EQ(files_in(folder_.path()), 1U);
  const auto refused = Output::file(longest.native() + "n", Output::Existing::refuse);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().sentence, testing::HasSubstr("File name too long"));
}

TEST_F(Files, WhatWasReservedAndNotNeededIsGivenBack) {
  auto out = Output::file(folder_ / "out", Output::Existing::refuse).value();
  ASSERT_TRUE(out.reserve(10'000'000));
  ASSERT_TRUE(out.write(view_of("sealed")));
  ASSERT_TRUE(out.commit());
  struct stat status {};
  ASSERT_EQ(stat((folder_ / "out").c_str(), &status), 0);
  EXPECT_EQ(status.st_size, 6);
  EXPECT_LT(status.st_blocks, 1'000'000 / 512);
}

TEST_F(Files, AFolderThatIsMissingIsNamed) {
  const auto out = Output::file(folder_ / "none" / "out", Output::Existing::refuse);
  ASSERT_FALSE(out);
  EXPECT_THAT(out.error().sentence, testing::HasSubstr("No such file"));
}

TEST_F(Files, PiecesOfEverySizeKeepTheirOrder) {
  std::string whole;
  auto out = Output::file(folder_ / "out", Output::Existing::refuse);
  ASSERT_TRUE(out);
  for (const std::size_t size : {3U, 65'535U, 1U, 65'536U, 0U, 300'000U, 40'000U, 40'000U, 5U}) {
    const std::string piece(size, static_cast<char>('a' + size % 23));
    ASSERT_TRUE(out.value().write(view_of(piece)));
    whole += piece;
  }
  ASSERT_TRUE(out.value().commit());
  EXPECT_EQ(content_of(folder_ / "out"), whole);
}

TEST_F(Files, AFullDiskIsToldByTheCommitWhereLittleWasWritten) {
  Output out = Output::descriptor(open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(out.write(view_of("sealed")));
  const auto written = out.commit();
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().sentence, testing::HasSubstr("No space left"));
}

TEST_F(Files, AFullDiskIsToldAndLeavesNothing) {
  Output out = Output::descriptor(open("/dev/full", O_WRONLY | O_CLOEXEC));
  auto written = out.write(Bytes(1'000'000));
  if (written) written = out.commit();
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().sentence, testing::HasSubstr("No space left"));
}

TEST_F(Files, WhatIsNoFileIsNotRead) {
  ASSERT_EQ(mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  for (const auto& name : {folder_ / "fifo", folder_.path(), std::filesystem::path("/dev/zero")})
    EXPECT_THAT(Input::file(name).error().sentence, testing::HasSubstr("not a regular file"));
  EXPECT_THAT(Input::file(folder_ / "none").error().sentence, testing::HasSubstr("No such file"));
}

TEST_F(Files, AChangeWhileItIsOpenShows) {
  const auto file = folder_.write("in", "content");
  const auto input = Input::file(file);
  ASSERT_TRUE(input);
  EXPECT_TRUE(input.value().check_unchanged());
  EXPECT_FALSE(input.value().change_would_show());  // it was written just now
  std::ofstream(file, std::ios::app) << "more";
  EXPECT_EQ(input.value().check_unchanged().error().failure, Failure::changed);
}

TEST_F(Files, AFileThatBecomesShorterIsNotReadToItsEnd) {
  const auto file = folder_.write("in", std::string(100'000, 'x'));
  const auto input = Input::file(file);
  std::filesystem::resize_file(file, 10);
  const auto read = input.value().each_piece([](ByteView) { return true; });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().failure, Failure::changed);
}

TEST_F(Files, AnInputThatVanishesIsStillRead) {
  const auto file = folder_.write("in", "content");
  const auto input = Input::file(file);
  std::filesystem::remove(file);
  EXPECT_EQ(text_of(all_of(input.value())), "content");
}

TEST_F(Files, APipeIsKeptWithoutAName) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const Bytes content = crypto::patterned(3'000'000);
  std::thread writer([&] {
    for (std::size_t at = 0; at < content.size();) {
      const ssize_t written =
          write(ends[1], content.data() + at, std::min<std::size_t>(50'000, content.size() - at));
      if (written > 0) at += static_cast<std::size_t>(written);
    }
    close(ends[1]);
  });
  const auto input = Input::spooled(ends[0], folder_.path());
  writer.join();
  close(ends[0]);
  ASSERT_TRUE(input);
  EXPECT_EQ(files_in(folder_.path()), 0U);
  EXPECT_TRUE(input.value().change_would_show());
  EXPECT_EQ(all_of(input.value()), content);
}

TEST_F(Files, AFolderThatTakesNoSpoolIsNamed) {
  const auto input = Input::spooled(0, folder_ / "none");
  ASSERT_FALSE(input);
  EXPECT_THAT(input.error().sentence, testing::HasSubstr("TMPDIR"));
}

}  // namespace
}  // namespace signet::sealing
