#include "seal-client/outbox.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace signet::sealclient {
namespace {

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "signet-outbox.XXXXXX").string();
    root_ = mkdtemp(pattern.data());
    folder_ = root_ / "outbox";
  }
  ~OutboxTest() override { std::filesystem::remove_all(root_); }

  std::unique_ptr<Outbox> open() { return Outbox::open(folder_).value(); }

  static NamedResult result(const std::string& id) {
    NamedResult named;
    named.id = id;
    named.result.sealed = true;
    named.result.reason = "of " + id;
    return named;
  }

  std::filesystem::path root_;
  std::filesystem::path folder_;
};

TEST_F(OutboxTest, KeepsResultsForTheNextProcess) {
  {
    const auto outbox = open();
    EXPECT_TRUE(outbox->empty());
    EXPECT_TRUE(outbox->add(result("a")));
    EXPECT_TRUE(outbox->add(result("b")));
    EXPECT_TRUE(outbox->add(result("c")));
    outbox->remove("b");
  }
  const auto outbox = open();
  EXPECT_EQ(outbox->first(9), (std::vector<NamedResult>{result("a"), result("c")}));
  EXPECT_EQ(outbox->first(1), std::vector<NamedResult>{result("a")});
}

TEST_F(OutboxTest, WhatIsSetAsideIsNotReportedAgain) {
  {
    const auto outbox = open();
    EXPECT_TRUE(outbox->add(result("a")));
    outbox->set_aside("a");
    EXPECT_TRUE(outbox->empty());
  }
  EXPECT_TRUE(open()->empty());
  EXPECT_TRUE(std::filesystem::exists(folder_ / "a.refused"));
}

TEST_F(OutboxTest, PassesOverOtherFiles) {
  open();
  std::ofstream(folder_ / "half.result") << "{\"state\":";
  std::ofstream(folder_ / "note.txt") << "x";
  std::filesystem::create_symlink("/dev/zero", folder_ / "zero.result");
  EXPECT_TRUE(open()->empty());
  EXPECT_TRUE(std::filesystem::exists(folder_ / "half.result"));
}

TEST_F(OutboxTest, ReportsWhatItCannotWriteWhileTheProcessLives) {
  const auto outbox = open();
  std::filesystem::remove(folder_);
  EXPECT_FALSE(outbox->add(result("a")));
  EXPECT_EQ(outbox->first(9), std::vector<NamedResult>{result("a")});
}

TEST_F(OutboxTest, TakesNoIdThatWouldLeadElsewhere) {
  const auto outbox = open();
  for (const char* id : {"", "../a", "a/b", ".", "a b"}) {
    EXPECT_FALSE(outbox->add(result(id))) << id;
    EXPECT_TRUE(outbox->empty());
  }
}

TEST_F(OutboxTest, WantsAFolderOfItsOwn) {
  open();
  std::filesystem::permissions(folder_, std::filesystem::perms::all);
  EXPECT_FALSE(Outbox::open(folder_));
}

}  // namespace
}  // namespace signet::sealclient
