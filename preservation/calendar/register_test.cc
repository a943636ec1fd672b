#include "preservation/calendar/register.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/testing/scratch_folder.h"
#include "preservation/calendar/testing/documents.h"

namespace signet::preservation {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RegisterTest : public testing::Test {
 protected:
  std::vector<std::string> due(Time limit, std::optional<std::int64_t> run = std::nullopt) {
    std::vector<std::string> paths;
    const auto found = register_->due(limit, run);
    for (const KeptDocument& each : found.value()) paths.push_back(each.path);
    return paths;
  }
  KeptDocument found(const std::string& path) { return register_->find(path).value().value(); }

  const ScratchFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "below" / "register.db";
  std::unique_ptr<Register> register_ = Register::open(file_, Register::Mode::create).value();
};

TEST_F(RegisterTest, GivesBackWhatWasPut) {
  const KeptDocument one = test_document("/archive/one.pdf", kTestDay + 100h);
  ASSERT_TRUE(register_->put(std::array{one}));
  KeptDocument back = found("/archive/one.pdf");
  back.id = one.id;
  EXPECT_EQ(back, one);
  EXPECT_EQ(register_->count().value(), 1U);
}

TEST_F(RegisterTest, IsReadableByItsOwnerOnly) {
  struct stat status {};
  ASSERT_EQ(stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & ALLPERMS, 0600U);
}

TEST_F(RegisterTest, IsNotMadeWhereItMustExist) {
  const auto none = Register::open(folder_.path() / "none.db", Register::Mode::open);
  ASSERT_FALSE(none);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "none.db"));
}

TEST_F(RegisterTest, KeepsTheHistoryOfADocumentThatIsPutAgain) {
  KeptDocument one = test_document("/archive/one.pdf", kTestDay + 100h);
  one.extended = kTestDay;
  one.extensions = 3;
  ASSERT_TRUE(register_->put(std::array{one}));
  KeptDocument again = test_document("/archive/one.pdf", kTestDay + 200h);
  again.added = kTestDay + 50h;
  ASSERT_TRUE(register_->put(std::array{again}));
  EXPECT_EQ(found("/archive/one.pdf").condition.until, kTestDay + 200h);
  EXPECT_EQ(found("/archive/one.pdf").added, one.added);
  EXPECT_EQ(found("/archive/one.pdf").extensions, 3U);
}

TEST_F(RegisterTest, ListsWhatEndsByTheLimitTheEarliestFirst) {
  KeptDocument endless = test_document("/archive/endless.pdf", kTestDay);
  endless.condition.until.reset();
  ASSERT_TRUE(
      register_->put(std::array{test_document("/archive/late.pdf", kTestDay + 100h),
                                test_document("/archive/early.pdf", kTestDay + 50h),
                                test_document("/archive/later.pdf", kTestDay + 101h), endless}));
  EXPECT_THAT(due(kTestDay + 100h), ElementsAre("/archive/early.pdf", "/archive/late.pdf"));
  EXPECT_THAT(due(kTestDay + 49h), IsEmpty());
}

TEST_F(RegisterTest, TakesOverWhatWasAnnouncedWhenItIsSettled) {
  ASSERT_TRUE(register_->put(std::array{test_document("/archive/one.pdf", kTestDay + 1h),
                                        test_document("/archive/two.pdf", kTestDay + 1h)}));
  const std::int64_t one = found("/archive/one.pdf").id;
  const std::int64_t two = found("/archive/two.pdf").id;
  const Condition better = test_document("", kTestDay + 900h).condition;
  ASSERT_TRUE(register_->announce(std::array{Announcement{one, "", "/archive/.one", better},
                                             Announcement{two, "", "/archive/.two", better}}));
  ASSERT_EQ(register_->announced().value().size(), 2U);
  EXPECT_EQ(register_->announced().value()[0].path, "/archive/one.pdf");
  EXPECT_EQ(register_->announced().value()[1].condition, better);

  const RecordedRun run = register_->begin_run(kTestDay + 1h, kTestDay).value();
  ASSERT_TRUE(
      register_->settle(run.id,
                        std::array{Settlement{one, true, true, Standing::kept, ""},
                                   Settlement{two, false, true, Standing::failed, "no time-stamp"}},
                        kTestDay + 5h));
  EXPECT_THAT(register_->announced().value(), IsEmpty());
  EXPECT_EQ(found("/archive/one.pdf").condition, better);
  EXPECT_EQ(found("/archive/one.pdf").extended, kTestDay + 5h);
  EXPECT_EQ(found("/archive/one.pdf").extensions, 1U);
  EXPECT_EQ(found("/archive/two.pdf").standing, Standing::failed);
  EXPECT_EQ(found("/archive/two.pdf").note, "no time-stamp");
  EXPECT_THAT(due(kTestDay + 1h, run.id), IsEmpty());
  EXPECT_THAT(due(kTestDay + 1h), ElementsAre("/archive/two.pdf"));
}

TEST_F(RegisterTest, RemembersTheRunThatDidNotEnd) {
  EXPECT_FALSE(register_->interrupted_run().value());
  const RecordedRun first = register_->begin_run(kTestDay + 1h, kTestDay).value();
  EXPECT_EQ(register_->interrupted_run().value()->id, first.id);
  const RecordedRun second = register_->begin_run(kTestDay + 2h, kTestDay).value();
  EXPECT_EQ(register_->interrupted_run().value()->id, second.id);
  EXPECT_EQ(register_->interrupted_run().value()->limit, kTestDay + 2h);
  ASSERT_TRUE(register_->end_run(second.id, kTestDay));
  EXPECT_FALSE(register_->interrupted_run().value());
}

TEST_F(RegisterTest, ForgetsWhatIsRemoved) {
  ASSERT_TRUE(register_->put(std::array{test_document("/archive/one.pdf", kTestDay)}));
  EXPECT_TRUE(register_->remove("/archive/one.pdf").value());
  EXPECT_FALSE(register_->remove("/archive/one.pdf").value());
  EXPECT_EQ(register_->count().value(), 0U);
}

TEST_F(RegisterTest, LetsOneProcessChangeIt) {
  auto held = RegisterLock::take(file_);
  ASSERT_TRUE(held);
  const auto second = RegisterLock::take(file_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr("another command"));
  { const auto released = std::move(held).value(); }
  EXPECT_TRUE(RegisterLock::take(file_));
}

}  // namespace
}  // namespace signet::preservation
