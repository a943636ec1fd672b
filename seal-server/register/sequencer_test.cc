#include "seal-server/register/sequencer.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "seal-server/register/checkpoint.h"
#include "seal-server/register/entry.h"
#include "seal-server/register/tree_store.h"
#include "seal-server/testing/scratch_database.h"

namespace signet::sealserver {
namespace {

class Register : public testing::Test {
 protected:
  std::unique_ptr<Sequencer> start() {
    return std::make_unique<Sequencer>(
        LogKey::read("log", key_file_),
        Sequencer::Options{.database = database_.address(), .checkpoint_file = checkpoint_file_});
  }

  static Event event(const std::string& content) {
    return {.kind = "opened", .client = "c1", .seal = "", .content = content};
  }

  Receipt add(Sequencer& sequencer, const std::string& content) {
    return sequencer.write([&](Group& group) { return group.add(event(content)); });
  }

  crypto::TreeState tree() {
    const auto newest = newest_checkpoint(*sql_);
    if (!newest) return {0, crypto::empty_tree_root()};
    return open_checkpoint(identity_of(LogKey::read("log", key_file_)), newest->note).value();
  }

  std::int64_t count(const std::string& table) {
    return sql_->query("SELECT count(*) FROM " + table).front().number(0);
  }

  // It is where the receipt says, and the checkpoint proves it.
  void expect_proved(const Receipt& receipt) {
    const crypto::TreeState now = tree();
    const auto proof =
        crypto::inclusion_proof(receipt.sequence, now.size, stored_nodes(*sql_)).value();
    EXPECT_TRUE(crypto::includes(now.root, now.size, receipt.sequence,
                                 crypto::leaf_hash(view_of(receipt.entry)), proof))
        << receipt.entry;
  }

  ScratchDatabase database_;
  std::unique_ptr<storage::SqlConnection> sql_ = database_.connect();
  const std::filesystem::path key_file_ = database_.folder() / "log.key";
  const std::filesystem::path checkpoint_file_ = database_.folder() / "checkpoint";

  Register() { LogKey::generate("log").write(key_file_); }
};

TEST_F(Register, AnAcknowledgedEventIsInTheTree) {
  const auto sequencer = start();
  const Receipt receipt = add(*sequencer, "first");
  EXPECT_EQ(receipt.sequence, 0U);
  EXPECT_EQ(tree().size, 1U);
  const Entry entry = entry_of(receipt.entry).value();
  EXPECT_EQ(entry.content, commitment(receipt.random, "first"));
  EXPECT_EQ(entry.kind, "opened");
  expect_proved(receipt);
  expect_proved(add(*sequencer, "second"));
  expect_proved(receipt);
}

TEST_F(Register, EachWriteOfManyThreadsIsThereOnce) {
  constexpr int kThreads = 8;
  constexpr int kWrites = 40;  // more than 256 in all, so that the tree has a second level of tiles
  std::vector<std::vector<Receipt>> receipts(kThreads);
  {
    const auto sequencer = start();
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        for (int j = 0; j < kWrites; ++j)
          receipts[static_cast<std::size_t>(i)].push_back(
              add(*sequencer, std::to_string(i) + "/" + std::to_string(j)));
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  std::set<std::uint64_t> sequences;
  for (const auto& of_thread : receipts) {
    for (const Receipt& receipt : of_thread) {
      sequences.insert(receipt.sequence);
      expect_proved(receipt);
    }
  }
  EXPECT_EQ(sequences.size(), std::size_t{kThreads} * kWrites);
  EXPECT_EQ(*sequences.rbegin() + 1, tree().size);
  EXPECT_EQ(count("node"), 1);
}

TEST_F(Register, EachCheckpointContinuesTheOneBefore) {
  const auto sequencer = start();
  const LogIdentity log = identity_of(LogKey::read("log", key_file_));
  for (int i = 0; i < 20; ++i) {
    sequencer->write([&](Group& group) {
      for (int j = 0; j <= i; ++j) group.add(event("x"));
    });
  }
  crypto::TreeState before{0, crypto::empty_tree_root()};
  for (const auto& row : sql_->query("SELECT note FROM checkpoint ORDER BY size")) {
    const auto next = open_checkpoint(log, row.text(0)).value();
    const auto proof =
        crypto::consistency_proof(before.size, next.size, stored_nodes(*sql_)).value();
    EXPECT_TRUE(crypto::extends(before, next, proof));
    before = next;
  }
  EXPECT_EQ(before.size, 210U);
}

struct Refused : std::runtime_error {
  Refused() : std::runtime_error("refused") {}
};

TEST_F(Register, ARefusedWriteLeavesNothingBehind) {
  const auto sequencer = start();
  add(*sequencer, "before");
  EXPECT_THROW(sequencer->write([](Group& group) {
    group.add(event("never"));
    throw Refused();
  }),
               Refused);
  EXPECT_THROW(sequencer->write([](Group& group) {
    group.add(event("never"));
    group.sql().run("INSERT INTO nowhere (a) VALUES (1)");
  }),
               storage::SqlError);
  expect_proved(add(*sequencer, "after"));
  EXPECT_EQ(tree().size, 2U);
  EXPECT_EQ(count("event"), 2);
}

TEST_F(Register, AWriteWithoutAnEventMakesNoCheckpoint) {
  const auto sequencer = start();
  add(*sequencer, "one");
  EXPECT_EQ(sequencer->write([](Group& group) { return group.time().size(); }), 24U);
  EXPECT_EQ(count("checkpoint"), 1);
}

TEST_F(Register, GoesOnAfterARestart) {
  const Receipt first = add(*start(), "first");
  const auto sequencer = start();
  EXPECT_EQ(add(*sequencer, "second").sequence, 1U);
  expect_proved(first);
}

TEST_F(Register, TwoServersExtendOneTree) {
  const auto one = start();
  const auto other = start();
  std::vector<Receipt> receipts;
  for (int i = 0; i < 5; ++i) {
    receipts.push_back(add(*one, "one"));
    receipts.push_back(add(*other, "other"));
    receipts.push_back(add(*other, "other"));
  }
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    EXPECT_EQ(receipts[i].sequence, i);
    expect_proved(receipts[i]);
  }
}

std::string refusal(const std::function<void()>& start) {
  try {
    start();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

TEST_F(Register, ARestoredBackupIsNotServed) {
  {
    const auto sequencer = start();
    add(*sequencer, "in the backup");
    database_.save();
    add(*sequencer, "after it");
  }
  database_.restore();
  EXPECT_EQ(count("event"), 1);
  EXPECT_EQ(refusal([&] { start(); }),
            "The database does not continue the log of the checkpoint in " +
                checkpoint_file_.string() + ": 1 events are there, and 2 were acknowledged.");
}

TEST_F(Register, AnotherHistoryOfTheSameLengthIsNotServed) {
  add(*start(), "one");
  sql_->run("UPDATE event SET leaf = :leaf", {to_hex(crypto::leaf_hash(view_of("other")))});
  EXPECT_EQ(refusal([&] { start(); }),
            "The newest checkpoint is not that of the events in the database.");
}

TEST_F(Register, AMissingCheckpointFileIsNoEmptyLog) {
  add(*start(), "one");
  std::filesystem::remove(checkpoint_file_);
  EXPECT_EQ(refusal([&] { start(); }), "The file " + checkpoint_file_.string() +
                                           " with the newest checkpoint is missing, and the log is "
                                           "not empty.");
}

TEST_F(Register, TheKeptCheckpointIsNeverAnEarlierOne) {
  add(*start(), "one");
  const std::string first = newest_checkpoint(*sql_)->note;
  add(*start(), "two");
  const LogHistory log(identity_of(LogKey::read("log", key_file_)));
  const KeptCheckpoint kept(checkpoint_file_);
  kept.keep(log, first, 1);
  EXPECT_EQ(kept.read(log), tree());
  EXPECT_EQ(kept.read(log)->size, 2U);
}

// As `signet-seald rotate-key` does it, in a process of its own.
TEST_F(Register, GoesOnUnderAnotherKeyThatTheFormerSignsIn) {
  const LogKey former = LogKey::read("log", key_file_);
  const LogKey next = LogKey::generate("log");
  Sequencer::Options options{.database = database_.address(), .checkpoint_file = checkpoint_file_};
  options.read_key = [this] { return LogKey::read("log", key_file_); };
  Sequencer running(LogKey::read("log", key_file_), options);
  add(running, "one");
  const auto lagging = start();
  add(*lagging, "two");
  start()->write([&](Group& group) {
    const Receipt receipt =
        group.add({.kind = std::string(kNewLogKey),
                   .client = {},
                   .seal = {},
                   .content = R"({"verifier":")" + verifier_key(identity_of(next)) + R"("})"});
    replace_log(group.sql(), receipt.sequence + 1, identity_of(next));
  });
  // The one that was told nothing writes nothing, until it reads the new key.
  EXPECT_THROW(add(running, "with the former key"), storage::SqlError);
  next.write(key_file_);
  const Receipt receipt = add(running, "with the next key");
  EXPECT_EQ(receipt.sequence, 3U);
  EXPECT_THROW(add(*lagging, "never"), storage::SqlError);
  EXPECT_TRUE(open_checkpoint(identity_of(former), checkpoint_of(*sql_, 3)->note));
  EXPECT_TRUE(open_checkpoint(identity_of(next), checkpoint_of(*sql_, 4)->note));
  const LogHistory history = LogHistory::read(*sql_, identity_of(next));
  EXPECT_EQ(history.open(checkpoint_of(*sql_, 2)->note)->size, 2U);
  // Each key is good for its own time only.
  EXPECT_FALSE(history.open(signed_checkpoint(next, {3, tree().root})));
  EXPECT_FALSE(history.open(signed_checkpoint(former, {4, tree().root})));
  add(*start(), "in a new process");
}

TEST_F(Register, AnotherKeyIsAnotherLog) {
  add(*start(), "one");
  LogKey::generate("log").write(key_file_);
  EXPECT_EQ(refusal([&] { start(); }),
            "The database is that of another log, log, or its key is another one.");
}

}  // namespace
}  // namespace signet::sealserver
