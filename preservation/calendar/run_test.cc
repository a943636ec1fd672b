#include "preservation/calendar/run.h"

#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <set>

#include "common/testing/scratch_folder.h"
#include "preservation/calendar/file_digest.h"
#include "preservation/calendar/recovery.h"
#include "preservation/calendar/replacement.h"
#include "preservation/calendar/testing/documents.h"

// What fchmod() fails with; 0: it does its work. It takes the place of the C library's.
static int fchmod_fails_with = 0;

extern "C" int fchmod(int file, mode_t mode) noexcept {
  if (fchmod_fails_with == 0) return static_cast<int>(syscall(SYS_fchmod, file, mode));
  errno = fchmod_fails_with;
  return -1;
}

namespace signet::preservation {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

DocumentState state_until(Time until, Level level) {
  DocumentState state;
  state.format = validation::Format::pades;
  state.level = level;
  state.signatures = 1;
  state.verdict.indication = validation::Indication::passed;
  state.verifiable_until = until;
  return state;
}

// Without revocation data.
DocumentState without_data() {
  DocumentState state;
  state.format = validation::Format::pades;
  state.level = Level::b_t;
  state.signatures = 1;
  state.verdict.indication = validation::Indication::indeterminate;
  state.verdict.sub_indication = validation::SubIndication::try_later;
  return state;
}

// Documents are files of plain text; extending one appends to it.
class RunTest : public testing::Test {
 protected:
  RunTest() {
    work_.suite = "a suite";
    work_.clock = [this] { return now_; };
    work_.examine = [this](const KeptDocument& document) -> ExtensionResult<DocumentState> {
      examined_.insert(name(document));
      if (unreachable_) return without_data();
      return state_until(ends_[name(document)], Level::b_t);
    };
    work_.extend = [this](const KeptDocument& document,
                          const std::filesystem::path& out) -> ExtensionResult<Extended> {
      extended_.push_back(name(document));
      if (failing_.contains(name(document)))
        return ExtensionError{ExtensionFault::no_time_stamp, "no authority gave a time-stamp"};
      folder_.write(out.filename().string(), folder_.read(name(document)) + " extended");
      Extended extended;
      extended.changed = true;
      extended.after = state_until(new_end_, new_level_);
      return extended;
    };
  }

  static std::string name(const KeptDocument& document) {
    return std::filesystem::path(document.path).filename();
  }

  KeptDocument add(const std::string& file, Time until) {
    KeptDocument document;
    document.path = folder_.write(file, "document " + file);
    ends_[file] = until;
    KeptDocument examined = registered(document, work_).value();
    EXPECT_TRUE(register_->put(std::array{examined}));
    return found(file);
  }

  KeptDocument found(const std::string& file) {
    return register_->find(folder_.path(file)).value().value();
  }

  RunSummary go(RunOptions options = {}) {
    told_.clear();
    options.within = 10h;
    options.done = [this](const DocumentReport& report) {
      told_[name(report.before)] = report.outcome;
      sentences_[name(report.before)] = report.sentence;
    };
    return run(*register_, work_, options).value();
  }

  // Whether row and file are of one state.
  bool agree(const std::string& file) {
    return found(file).condition.digest == digest_of_file(folder_.path(file)).value().sha256;
  }

  const ScratchFolder folder_;
  std::unique_ptr<Register> register_ =
      Register::open(folder_.path("register.db"), Register::Mode::create).value();
  Time now_ = kTestDay;
  Time new_end_ = kTestDay + 1000h;
  Level new_level_ = Level::b_lta;
  std::map<std::string, Time> ends_;
  std::set<std::string> failing_, examined_;
  bool unreachable_ = false;  // the network is down: nothing can be verified
  std::vector<std::string> extended_;
  std::map<std::string, Outcome> told_;
  std::map<std::string, std::string> sentences_;
  DocumentWork work_;
};

TEST_F(RunTest, ExtendsWhatIsDueTheMostUrgentFirst) {
  add("late.pdf", now_ + 10h);
  add("not-yet.pdf", now_ + 11h);
  add("early.pdf", now_ + 1h);
  chmod(folder_.path("early.pdf").c_str(), 0640);
  const RunSummary summary = go();
  EXPECT_EQ(summary.all, 2U);
  EXPECT_EQ(summary.extended, 2U);
  EXPECT_TRUE(summary.clean());
  EXPECT_THAT(extended_, ElementsAre("early.pdf", "late.pdf"));
  EXPECT_EQ(folder_.read("early.pdf"), "document early.pdf extended");
  EXPECT_EQ(folder_.read("not-yet.pdf"), "document not-yet.pdf");
  EXPECT_EQ(found("early.pdf").condition.level, "B-LTA");
  EXPECT_EQ(found("early.pdf").condition.until, new_end_);
  EXPECT_TRUE(agree("early.pdf"));
  struct stat status {};
  ASSERT_EQ(stat(folder_.path("early.pdf").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & ALLPERMS, 0640U);
  EXPECT_EQ(go().all, 0U);
}

TEST_F(RunTest, ReportsWhatIsMissingOrChangedAndLeavesItAlone) {
  add("gone.pdf", now_ + 1h);
  add("edited.pdf", now_ + 1h);
  std::filesystem::remove(folder_.path("gone.pdf"));
  folder_.write("edited.pdf", "something else");
  const RunSummary summary = go();
  EXPECT_THAT(told_, UnorderedElementsAre(Pair("gone.pdf", Outcome::missing),
                                          Pair("edited.pdf", Outcome::changed)));
  EXPECT_FALSE(summary.clean());
  EXPECT_THAT(extended_, IsEmpty());
  EXPECT_EQ(folder_.read("edited.pdf"), "something else");
  EXPECT_EQ(found("gone.pdf").standing, Standing::missing);
  EXPECT_EQ(found("edited.pdf").standing, Standing::changed);
  EXPECT_THAT(found("edited.pdf").note, HasSubstr("another file"));
  // Whoever reads a sentence is told of which document.
  for (const char* const file : {"gone.pdf", "edited.pdf"})
    EXPECT_THAT(sentences_[file], Not(HasSubstr(file)));
}

TEST_F(RunTest, GoesOnAfterAFailure) {
  failing_ = {"one.pdf"};
  add("one.pdf", now_ + 1h);
  add("two.pdf", now_ + 2h);
  const RunSummary summary = go({.batch = 1});
  EXPECT_EQ(summary.failed, 1U);
  EXPECT_EQ(summary.extended, 1U);
  EXPECT_EQ(found("one.pdf").note, "no authority gave a time-stamp");
  EXPECT_TRUE(agree("one.pdf"));
  failing_.clear();
  EXPECT_EQ(go().extended, 1U);
  EXPECT_EQ(found("one.pdf").standing, Standing::kept);
  EXPECT_EQ(found("one.pdf").note, "");
}

// As long as the file system takes.
TEST_F(RunTest, ExtendsDocumentsWithLongNames) {
  const std::string one = std::string(250, 'n') + ".pdf";
  const std::string two = std::string(250, 'm') + ".pdf";
  add(one, now_ + 1h);
  add(two, now_ + 1h);
  EXPECT_EQ(go().extended, 2U);
  EXPECT_EQ(folder_.read(one), "document " + one + " extended");
  EXPECT_EQ(folder_.read(two), "document " + two + " extended");
}

TEST_F(RunTest, PaysForNothingWhereItsReadersWouldLoseADocument) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become others";
  constexpr uid_t kOther = 51'236;
  const auto document = folder_.write("one.pdf", "document");
  ASSERT_EQ(chown(folder_.path().c_str(), kOther, kOther), 0);
  const pid_t child = fork();
  if (child == 0) {
    if (setgroups(0, nullptr) != 0 || setgid(kOther) != 0 || setuid(kOther) != 0) _exit(9);
    const auto possible = try_replacement(document, replacement_of(document));
    _exit(!possible && possible.error().sentence.starts_with("who owns or reads it") ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_FALSE(std::filesystem::exists(replacement_of(document)));
}

// Readers are one reason why a file cannot take another's place. The disk is another.
TEST_F(RunTest, SaysWhyAFileCannotTakeTheDocumentsPlace) {
  const auto document = folder_.write("one.pdf", "document");
  const auto replacement = replacement_of(document);
  fchmod_fails_with = EIO;
  const auto possible = try_replacement(document, replacement);
  const bool is_left = std::filesystem::exists(replacement);
  folder_.write(replacement.filename().string(), "extended");
  const auto replaced = replace_file(document, replacement, FileStamp::of(document));
  fchmod_fails_with = 0;
  ASSERT_FALSE(possible);
  EXPECT_EQ(possible.error().sentence, "Input/output error");
  EXPECT_FALSE(is_left);
  ASSERT_FALSE(replaced);
  EXPECT_EQ(replaced.error().sentence, "Input/output error");
  EXPECT_EQ(folder_.read("one.pdf"), "document");
}

TEST_F(RunTest, LeavesAloneWhatExtendingWouldNotHelp) {
  new_end_ = now_ + 1h;
  new_level_ = Level::b_t;
  add("one.pdf", now_ + 1h);
  EXPECT_EQ(go().failed, 1U);
  EXPECT_THAT(sentences_["one.pdf"], HasSubstr("would not help"));
  EXPECT_EQ(folder_.read("one.pdf"), "document one.pdf");
  EXPECT_FALSE(std::filesystem::exists(replacement_of(folder_.path("one.pdf"))));
}

TEST_F(RunTest, ResumesWithWhatWasNotTried) {
  failing_ = {"one.pdf"};
  add("one.pdf", now_ + 1h);
  add("two.pdf", now_ + 2h);
  add("three.pdf", now_ + 3h);
  EXPECT_EQ(go({.most = 1}).left, 2U);
  EXPECT_EQ(go({.most = 1, .resume = true}).left, 1U);
  const RunSummary last = go({.resume = true});
  EXPECT_EQ(last.all, 1U);
  EXPECT_THAT(extended_, ElementsAre("one.pdf", "two.pdf", "three.pdf"));
  EXPECT_EQ(go({.resume = true}).failed, 1U) << "the run has ended, so that this is a new one";
}

TEST_F(RunTest, PutsOffWhatItIsStoppedAt) {
  std::atomic<bool> stop = false;
  add("one.pdf", now_ + 1h);
  add("two.pdf", now_ + 2h);
  add("three.pdf", now_ + 3h);
  const auto extend = work_.extend;
  work_.extend = [&](const KeptDocument& document, const std::filesystem::path& out) {
    stop = name(document) == "two.pdf";
    if (stop)
      return ExtensionResult<Extended>(ExtensionError{ExtensionFault::cancelled, "cancelled"});
    return extend(document, out);
  };
  const RunSummary summary = go({.stop = &stop});
  EXPECT_EQ(summary.extended, 1U);
  EXPECT_EQ(summary.left, 2U);
  EXPECT_EQ(found("two.pdf").standing, Standing::kept);
  EXPECT_EQ(found("three.pdf").standing, Standing::kept);
  stop = false;
  work_.extend = extend;
  EXPECT_EQ(go({.resume = true}).extended, 2U);
}

TEST_F(RunTest, MeasuresAgainWhatAnotherSuiteWasAskedFor) {
  add("one.pdf", now_ + 5000h);
  ends_["one.pdf"] = now_ + 2h;
  EXPECT_EQ(go().all, 0U);
  work_.suite = "a stricter suite";
  const RunSummary summary = go();
  EXPECT_EQ(summary.all, 1U);
  EXPECT_EQ(summary.extended, 1U);
  EXPECT_EQ(found("one.pdf").condition.suite, "a stricter suite");
}

TEST_F(RunTest, KeepsTheEndOfADocumentThatCouldNotBeExaminedForWantOfData) {
  add("one.pdf", now_ + 50h);
  unreachable_ = true;
  work_.suite = "a stricter suite";
  const RunSummary summary = go();
  EXPECT_EQ(summary.all, 0U);
  EXPECT_EQ(summary.failed, 1U);
  EXPECT_FALSE(summary.clean());
  EXPECT_THAT(sentences_["one.pdf"], HasSubstr("INDETERMINATE/TRY_LATER"));
  EXPECT_EQ(found("one.pdf").condition.until, now_ + 50h);
  EXPECT_EQ(found("one.pdf").condition.suite, "a suite");
  unreachable_ = false;
  ends_["one.pdf"] = now_ + 2h;
  EXPECT_EQ(go().extended, 1U);
}

TEST_F(RunTest, TellsOnceOfADueDocumentThatDoesNotValidate) {
  add("one.pdf", now_ + 1h);
  ASSERT_TRUE(inspect(*register_, work_, register_->all().value(), 1, nullptr));
  unreachable_ = true;
  failing_ = {"one.pdf"};
  ASSERT_TRUE(inspect(*register_, work_, register_->all().value(), 1, nullptr));
  const RunSummary summary = go();
  EXPECT_EQ(summary.all, 1U);
  EXPECT_EQ(summary.failed, 1U);
}

TEST_F(RunTest, ExaminesAgainWhatWasRegisteredWhileTheNetworkWasDown) {
  unreachable_ = true;
  add("one.pdf", now_ + 1h);
  EXPECT_FALSE(found("one.pdf").condition.until);
  EXPECT_EQ(go().failed, 1U);
  unreachable_ = false;
  EXPECT_EQ(go().extended, 1U);
}

TEST_F(RunTest, RefusesADocumentThatChangesWhileItIsExtended) {
  add("one.pdf", now_ + 1h);
  const auto extend = work_.extend;
  work_.extend = [&](const KeptDocument& document, const std::filesystem::path& out) {
    auto extended = extend(document, out);
    folder_.write("one.pdf", "meanwhile edited");
    return extended;
  };
  EXPECT_EQ(go().failed, 1U);
  EXPECT_EQ(folder_.read("one.pdf"), "meanwhile edited");
  EXPECT_FALSE(std::filesystem::exists(replacement_of(folder_.path("one.pdf"))));
}

// What a program leaves that is killed after the files were made, after they took their places, and before either.
TEST_F(RunTest, MakesTheRegisterAgreeWithTheFilesAfterAKill) {
  std::vector<Announcement> announced;
  for (const char* const file : {"made.pdf", "replaced.pdf", "begun.pdf"}) {
    const KeptDocument document = add(file, now_ + 1h);
    const auto out =
        folder_.write(replacement_of(file).filename().string(), "new " + document.path);
    Condition after = document.condition;
    after.level = "B-LTA";
    after.digest = digest_of_file(out).value().sha256;
    announced.push_back({document.id, document.path, out, after});
  }
  announced[2].condition = {};
  ASSERT_TRUE(register_->announce(announced));
  ASSERT_TRUE(
      replace_file(announced[1].path, announced[1].replacement, FileStamp::of(announced[1].path)));
  EXPECT_FALSE(agree("replaced.pdf"));

  EXPECT_EQ(recover(*register_, now_).value(), 3U);
  for (const char* const file : {"made.pdf", "replaced.pdf", "begun.pdf"}) {
    EXPECT_TRUE(agree(file)) << file;
    EXPECT_FALSE(std::filesystem::exists(replacement_of(folder_.path(file)))) << file;
  }
  EXPECT_EQ(found("made.pdf").condition.level, "B-T");
  EXPECT_EQ(found("replaced.pdf").condition.level, "B-LTA");
  EXPECT_EQ(found("begun.pdf").condition.level, "B-T");
  EXPECT_EQ(recover(*register_, now_).value(), 0U);
}

TEST_F(RunTest, DeletesWhatAKillLeftOfAnUnfinishedExtension) {
  const KeptDocument document = add("one.pdf", now_ + 1h);
  const auto out = replacement_of(document.path);
  const std::string name = out.filename().string();
  ASSERT_TRUE(register_->announce(std::array{Announcement{document.id, document.path, out, {}}}));
  folder_.write(name, "half");
  folder_.write("." + name + ".0123456789abcdef", "half");
  // None of them is this extension's.
  const std::set<std::string> others = {"." + name + ".0123456789abcde",
                                        "." + name + ".0123456789ABCDEF",
                                        ".one.pdf.0123456789abcdef", name + ".bak"};
  for (const std::string& other : others) folder_.write(other, "another's");
  EXPECT_EQ(recover(*register_, now_).value(), 1U);
  EXPECT_FALSE(std::filesystem::exists(out));
  EXPECT_FALSE(std::filesystem::exists(folder_.path("." + name + ".0123456789abcdef")));
  for (const std::string& other : others)
    EXPECT_TRUE(std::filesystem::exists(folder_.path(other))) << other;
}

// Killed after the document took its place, and run again while its disk is not there.
TEST_F(RunTest, DecidesAboutADocumentOnceItCanBeRead) {
  const KeptDocument document = add("one.pdf", now_ + 1h);
  const auto out = folder_.write(replacement_of("one.pdf").string(), "extended");
  Condition after = document.condition;
  after.level = "B-LTA";
  after.until = new_end_;
  after.digest = digest_of_file(out).value().sha256;
  ASSERT_TRUE(
      register_->announce(std::array{Announcement{document.id, document.path, out, after}}));
  std::filesystem::rename(out, folder_.path("elsewhere"));
  std::filesystem::remove(document.path);
  EXPECT_EQ(recover(*register_, now_).value(), 0U);
  const RunSummary summary = go();
  EXPECT_EQ(summary.all, 1U);
  EXPECT_EQ(summary.missing, 1U);
  EXPECT_EQ(summary.left, 0U);
  EXPECT_EQ(found("one.pdf").standing, Standing::missing);
  std::filesystem::rename(folder_.path("elsewhere"), document.path);
  EXPECT_EQ(go().all, 0U);
  EXPECT_EQ(found("one.pdf").standing, Standing::kept);
  EXPECT_EQ(found("one.pdf").condition, after);
  EXPECT_EQ(found("one.pdf").extensions, 1U);
}

TEST_F(RunTest, InspectionSeesWhatHasBecomeOfDocuments) {
  add("same.pdf", now_ + 100h);
  add("edited.pdf", now_ + 100h);
  ends_["same.pdf"] = now_ + 50h;
  folder_.write("edited.pdf", "something else");
  examined_.clear();
  const auto all = register_->all().value();
  std::map<std::string, Outcome> seen;
  ASSERT_TRUE(inspect(*register_, work_, all, 1, nullptr, [&](const DocumentReport& report) {
    seen[name(report.before)] = report.outcome;
  }));
  EXPECT_THAT(seen, UnorderedElementsAre(Pair("same.pdf", Outcome::kept),
                                         Pair("edited.pdf", Outcome::changed)));
  EXPECT_THAT(examined_, ElementsAre("same.pdf"));
  EXPECT_EQ(found("same.pdf").condition.until, now_ + 50h);
  folder_.write("edited.pdf", "document edited.pdf");
  ASSERT_TRUE(inspect(*register_, work_, register_->all().value(), 10, nullptr));
  EXPECT_EQ(found("edited.pdf").standing, Standing::kept);
}

}  // namespace
}  // namespace signet::preservation
