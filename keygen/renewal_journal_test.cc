#include "keygen/renewal_journal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "common/testing/scratch_folder.h"

namespace signet::keygen {
namespace {

namespace fs = std::filesystem;

RenewalRecord some_record() {
  RenewalRecord record;
  record.step = RenewalStep::requested;
  record.token = "seal";
  record.old_certificate = {0x30, 0x01, 0xff};
  record.certificate_label = "seal \xff\x01";  // a label may be any bytes
  record.key_label = "key";
  record.key_type = "ec:P-256";
  record.key_type_reason = "the old kind is not good any more";
  record.new_id = {1, 2, 3};
  record.abandoned_ids = {{4}, {5, 6}};
  record.new_public_key = {7, 8};
  return record;
}

class RenewalJournalTest : public testing::Test {
 protected:
  RenewalJournal open() {
    auto journal = RenewalJournal::open(folder());
    EXPECT_TRUE(journal) << journal.error().sentence;
    return std::move(journal).value();
  }
  fs::path folder() const { return scratch_.path("state/renewal"); }

  ScratchFolder scratch_;
};

TEST_F(RenewalJournalTest, GivesBackWhatWasWritten) {
  const RenewalRecord record = some_record();
  ASSERT_TRUE(open().write(record));
  const auto records = open().records();
  ASSERT_TRUE(records) << records.error().sentence;
  ASSERT_EQ(records.value().readable.size(), 1U);
  const RenewalRecord& read = records.value().readable.front();
  EXPECT_EQ(read.step, record.step);
  EXPECT_EQ(read.token, record.token);
  EXPECT_EQ(read.old_certificate, record.old_certificate);
  EXPECT_EQ(read.certificate_label, record.certificate_label);
  EXPECT_EQ(read.key_label, record.key_label);
  EXPECT_EQ(read.key_type, record.key_type);
  EXPECT_EQ(read.key_type_reason, record.key_type_reason);
  EXPECT_EQ(read.new_id, record.new_id);
  EXPECT_EQ(read.abandoned_ids, record.abandoned_ids);
  EXPECT_EQ(read.new_public_key, record.new_public_key);
}

TEST_F(RenewalJournalTest, HasOneRecordACertificate) {
  RenewalJournal journal = open();
  RenewalRecord record = some_record();
  for (const RenewalStep step :
       {RenewalStep::planned, RenewalStep::key_made, RenewalStep::requested, RenewalStep::answered,
        RenewalStep::imported, RenewalStep::done}) {
    record.step = step;
    ASSERT_TRUE(journal.write(record));
    ASSERT_EQ(journal.records().value().readable.size(), 1U);
    EXPECT_EQ(journal.records().value().readable.front().step, step);
  }
  record.old_certificate.push_back(1);
  ASSERT_TRUE(journal.write(record));
  EXPECT_EQ(journal.records().value().readable.size(), 2U);
}

TEST_F(RenewalJournalTest, IsForItsOwnerOnly) {
  RenewalJournal journal = open();
  ASSERT_TRUE(journal.write(some_record()));
  ASSERT_TRUE(journal.write_request(some_record(), Bytes{1}));
  struct stat status {};
  ASSERT_EQ(::stat(folder().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  for (const auto& entry : fs::directory_iterator(folder())) {
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << entry.path();
  }
}

TEST_F(RenewalJournalTest, RefusesAFolderThatOthersMayChange) {
  { RenewalJournal journal = open(); }
  fs::permissions(folder(), fs::perms::group_write, fs::perm_options::add);
  EXPECT_FALSE(RenewalJournal::open(folder()));
}

TEST_F(RenewalJournalTest, BelongsToOneAtATime) {
  {
    const RenewalJournal first = open();
    const auto second = RenewalJournal::open(folder());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().reason, Reason::exists);
  }
  EXPECT_TRUE(RenewalJournal::open(folder()));
}

TEST_F(RenewalJournalTest, KeepsTheFormerRecordWhereANewOneWasCutOff) {
  RenewalJournal journal = open();
  const RenewalRecord record = some_record();
  ASSERT_TRUE(journal.write(record));
  std::ofstream(folder() / (record.name() + ".json.new")) << "{\"step\":";
  ASSERT_EQ(journal.records().value().readable.size(), 1U);
  ASSERT_TRUE(journal.write(record));
  EXPECT_FALSE(fs::exists(folder() / (record.name() + ".json.new")));
}

TEST_F(RenewalJournalTest, NamesAFileThatIsNoRecordAndGivesTheOthers) {
  RenewalJournal journal = open();
  ASSERT_TRUE(journal.write(some_record()));
  for (const std::string text :
       {"", "{}", "[]", "{\"format\":2}", "{\"format\":1,\"step\":\"asleep\"}", "\xff"}) {
    std::ofstream(folder() / "broken.json", std::ios::trunc) << text;
    const auto records = journal.records();
    ASSERT_TRUE(records) << records.error().sentence;
    EXPECT_EQ(records.value().readable.size(), 1U);
    ASSERT_EQ(records.value().broken.size(), 1U) << text;
    const BrokenRecord& broken = records.value().broken.front();
    EXPECT_EQ(broken.name, "broken");
    EXPECT_EQ(broken.error.reason, Reason::unreadable);
    EXPECT_NE(broken.error.sentence.find((folder() / "broken.json").string()), std::string::npos);
  }
}

TEST_F(RenewalJournalTest, WaitsForNoFifoAndReadsNoDeviceAndNoLargeFile) {
  RenewalJournal journal = open();
  ASSERT_TRUE(journal.write(some_record()));
  ASSERT_EQ(::mkfifo((folder() / "fifo.json").c_str(), 0600), 0);
  fs::create_symlink("/dev/zero", folder() / "zero.json");
  fs::create_directory(folder() / "folder.json");
  std::ofstream(folder() / "large.json").close();
  fs::resize_file(folder() / "large.json", std::uintmax_t{1} << 30U);
  const auto records = journal.records();
  ASSERT_TRUE(records) << records.error().sentence;
  EXPECT_EQ(records.value().readable.size(), 1U);
  ASSERT_EQ(records.value().broken.size(), 4U);
  for (const BrokenRecord& each : records.value().broken)
    EXPECT_NE(each.error.sentence.find((folder() / (each.name + ".json")).string()),
              std::string::npos)
        << each.error.sentence;
}

TEST_F(RenewalJournalTest, KeepsRequestAndAnswerBesideTheRecord) {
  RenewalJournal journal = open();
  const RenewalRecord record = some_record();
  ASSERT_TRUE(journal.write_request(record, Bytes{1, 2, 3}));
  ASSERT_TRUE(journal.write_answer(record, view_of("pem")));
  EXPECT_EQ(fs::file_size(journal.request_file(record)), 3U);
  EXPECT_EQ(fs::file_size(journal.answer_file(record)), 3U);
  EXPECT_TRUE(journal.records().value().readable.empty());
}

}  // namespace
}  // namespace signet::keygen
