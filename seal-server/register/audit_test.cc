#include "seal-server/register/audit.h"

#include <gtest/gtest.h>

#include <random>

#include "seal-server/register/sequencer.h"
#include "seal-server/register/tree_store.h"
#include "seal-server/testing/scratch_database.h"

namespace signet::sealserver {
namespace {

constexpr int kEvents = 300;  // one full tile

class RegisterAudit : public testing::Test {
 protected:
  RegisterAudit() {
    LogKey key = LogKey::generate("log");
    log_ = identity_of(key);
    Sequencer sequencer(std::move(key), {.database = database_.address(),
                                         .checkpoint_file = database_.folder() / "checkpoint"});
    for (int i = 0; i < kEvents; i += 10) {
      sequencer.write([&](Group& group) {
        for (int j = i; j < i + 10; ++j)
          group.add({.kind = "opened",
                     .client = "c",
                     .seal = "",
                     .content = R"({"client":"c","n":)" + std::to_string(j) + "}"});
      });
    }
    sql_ = database_.connect();
    database_.save();
  }

  Audit audit(const std::optional<crypto::TreeState>& kept = {}) {
    return audit_register(*sql_, log_, kept);
  }

  // What the audit says after a change to the tables; they are restored behind it.
  std::string fault_of(const std::string& change) {
    EXPECT_GT(sql_->run(change), 0) << change;
    const std::string fault = audit().fault;
    database_.restore();
    return fault;
  }

  crypto::TreeState tree() { return open_checkpoint(log_, newest_checkpoint(*sql_)->note).value(); }

  ScratchDatabase database_;
  LogIdentity log_;
  std::unique_ptr<storage::SqlConnection> sql_;
};

TEST_F(RegisterAudit, FindsNothingInAnUntouchedRegister) {
  const Audit found = audit(tree());
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.events, std::uint64_t{kEvents});
  EXPECT_EQ(found.checkpoints, std::uint64_t{kEvents / 10});
  EXPECT_EQ(found.thinned, 0U);
}

TEST_F(RegisterAudit, NamesWhatWasChanged) {
  EXPECT_EQ(fault_of("UPDATE event SET content = 'x' WHERE sequence = 17"),
            "Event 17 has another content than its entry says.");
  EXPECT_EQ(fault_of("UPDATE event SET random = '00' WHERE sequence = 17"),
            "Event 17 has another content than its entry says.");
  EXPECT_EQ(fault_of("UPDATE event SET random = NULL WHERE sequence = 17"),
            "Event 17 has lost its content or its random octets.");
  EXPECT_EQ(fault_of("UPDATE event SET entry = (SELECT entry FROM event WHERE sequence = 18)"
                     " WHERE sequence = 17"),
            "Event 17 has an entry that is not its own.");
  EXPECT_EQ(fault_of("UPDATE event SET entry = replace(entry, 'opened', 'sealed')"
                     " WHERE sequence = 17"),
            "Event 17 is not the leaf of its entry.");
  EXPECT_EQ(fault_of("DELETE FROM event WHERE sequence = 17"), "Event 17 is missing.");
  EXPECT_EQ(fault_of("DELETE FROM event WHERE sequence = 0"), "Event 0 is missing.");
  EXPECT_EQ(fault_of("UPDATE event SET sequence = 999 WHERE sequence = 17"),
            "Event 17 is missing.");
  EXPECT_EQ(
      fault_of("DELETE FROM event WHERE sequence = 299"),
      "The checkpoint of size 300 is of more than the 299 events that are there, or of none.");
  EXPECT_EQ(fault_of("UPDATE node SET hash = (SELECT leaf FROM event WHERE sequence = 0)"),
            "Hash 0 of the tiles of level 1 is wrong.");
  EXPECT_EQ(fault_of("DELETE FROM node"), "Hash 0 of the tiles of level 1 is missing.");
  EXPECT_EQ(fault_of("INSERT INTO node (level, position, hash) VALUES (2, 0, 'x')"),
            "Hash 0 of the tiles of level 2 belongs to no event.");
  EXPECT_EQ(fault_of("UPDATE checkpoint SET note = replace(note, 'log', 'lag') WHERE size = 100"),
            "The checkpoint of size 100 is not signed by the log's key.");
  EXPECT_EQ(fault_of("UPDATE checkpoint SET size = 95 WHERE size = 100"),
            "The checkpoint of size 95 is one of size 100.");
  EXPECT_EQ(fault_of("DELETE FROM checkpoint WHERE size = 300"),
            "No checkpoint is of all 300 events.");
  EXPECT_EQ(fault_of("DELETE FROM checkpoint WHERE size = 100"),
            "The checkpoint of size 100 is missing before that of size 110.");
  EXPECT_EQ(fault_of("UPDATE checkpoint SET previous = 80 WHERE size = 100"),
            "The checkpoint of size 100 does not follow that of size 90.");
  EXPECT_EQ(fault_of("UPDATE event SET client = 'd' WHERE sequence = 17"),
            "Event 17 is said to be of another client or transaction.");
  EXPECT_EQ(fault_of("INSERT INTO event SELECT -5, client, seal, content, random, entry, leaf"
                     " FROM event WHERE sequence = 17"),
            "Event -5 has no place in the tree.");
  EXPECT_EQ(audit().fault, "");
}

// An event that is exchanged with all that follows from it, but for the signatures.
TEST_F(RegisterAudit, SeesAnEventThatWasReplacedWithItsLeaf) {
  const std::string entry =
      sql_->query("SELECT entry FROM event WHERE sequence = 17").front().text(0);
  std::string other = entry;
  other.replace(other.find("opened"), 6, "failed");
  sql_->run(
      "UPDATE event SET entry = :entry, leaf = :leaf, content = NULL, random = NULL,"
      " client = NULL WHERE sequence = 17",
      {other, to_hex(crypto::leaf_hash(view_of(other)))});
  EXPECT_EQ(audit().fault, "The checkpoint of size 20 is not that of the events before it.");
}

TEST_F(RegisterAudit, OfThinnedEventsChecksTheEntries) {
  sql_->run("UPDATE event SET content = NULL, random = NULL, client = NULL WHERE sequence < 100");
  const Audit found = audit();
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.thinned, 100U);
}

TEST_F(RegisterAudit, ATailThatWasCutOffShowsByACheckpointFromElsewhere) {
  const crypto::TreeState kept = tree();
  sql_->run("DELETE FROM event WHERE sequence >= 290");
  sql_->run("DELETE FROM checkpoint WHERE size > 290");
  EXPECT_EQ(audit().fault, "");
  EXPECT_EQ(audit(kept).fault,
            "The checkpoint from elsewhere is of size 300, and the register has 290 events.");
  crypto::TreeState forged = kept;
  forged.size = 100;
  EXPECT_EQ(audit(forged).fault,
            "The register does not continue the checkpoint from elsewhere, of size 100.");
}

// One bit of one value, anywhere.
TEST_F(RegisterAudit, FindsEachChangedBit) {
  std::mt19937 random(20);  // any, but the same each time
  const char* const columns[] = {"content", "random", "entry", "leaf"};
  for (int i = 0; i < 40; ++i) {
    const std::string column = columns[i % 4];
    const auto sequence = static_cast<std::int64_t>(random() % kEvents);
    std::string value =
        sql_->query("SELECT " + column + " FROM event WHERE sequence = :sequence", {sequence})
            .front()
            .text(0);
    char& octet = value[random() % value.size()];
    octet = static_cast<char>(octet ^ (1 << random() % 3));
    sql_->run("UPDATE event SET " + column + " = :value WHERE sequence = :sequence",
              {value, sequence});
    EXPECT_TRUE(audit().fault.starts_with("Event " + std::to_string(sequence) + " "))
        << column << " of " << sequence << ": " << audit().fault;
    database_.restore();
  }
}

}  // namespace
}  // namespace signet::sealserver
