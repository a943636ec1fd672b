// Random changes to the register's tables, one at a time: the audit finds each, and names what was changed. As many as
// SIGNET_TAMPERING says, or 50.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>

#include "seal-server/register/audit.h"
#include "seal-server/register/sequencer.h"
#include "seal-server/register/time_stamps.h"
#include "seal-server/testing/scratch_database.h"

namespace signet::sealserver {
namespace {

constexpr std::int64_t kGroup = 10;     // events of a group, which has a checkpoint
constexpr std::int64_t kGroups = 60;    // two full tiles, and more
constexpr std::int64_t kThinned = 100;  // of the first events the content was deleted

struct Change {
  std::string what;                // in words, for whoever reads a failure
  std::vector<std::string> names;  // one of these is in the audit's sentence
};

class RegisterTampering : public testing::Test {
 protected:
  RegisterTampering() {
    LogKey key = LogKey::generate("log");
    log_ = identity_of(key);
    Sequencer sequencer(std::move(key), {.database = database_.address(),
                                         .checkpoint_file = database_.folder() / "checkpoint"});
    for (std::int64_t group = 0; group < kGroups; ++group)
      sequencer.write([&](Group& events) { fill(events, group); });
    sql_ = database_.connect();
    sql_->run(
        "UPDATE event SET content = NULL, random = NULL, client = NULL, seal = NULL"
        " WHERE sequence < :thinned",
        {kThinned});
    events_ = kGroup * kGroups;
    database_.save();
  }

  static void fill(Group& group, std::int64_t number) {
    const bool stamps = number % 20 == 19;
    for (std::int64_t i = stamps ? 1 : 0; i < kGroup; ++i) {
      const std::string seal = "seal-" + std::to_string(number) + "-" + std::to_string(i);
      group.add({.kind = "opened",
                 .client = "office",
                 .seal = seal,
                 .content = R"({"client":"office","transaction":")" + seal + R"("})"});
    }
    // What is stamped is not looked into here.
    if (stamps)
      keep_time_stamp(group, newest_checkpoint(group.sql()).value(),
                      view_of("a token " + std::to_string(number)));
  }

  std::int64_t below(std::int64_t end) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(end));
  }

  std::int64_t any_key(const std::string& table, const std::string& column) {
    const auto rows = sql_->query("SELECT " + column + " FROM " + table + " ORDER BY " + column);
    return rows.at(static_cast<std::size_t>(below(static_cast<std::int64_t>(rows.size()))))
        .number(0);
  }

  // One bit of one ASCII character; the text stays UTF-8.
  void flip(const std::string& table, const std::string& column, const std::string& where,
            std::int64_t key) {
    std::string text =
        sql_->query("SELECT " + column + " FROM " + table + " WHERE " + where + " = :key", {key})
            .front()
            .text(0);
    std::size_t at = 0;
    do {
      at = static_cast<std::size_t>(below(static_cast<std::int64_t>(text.size())));
    } while (static_cast<unsigned char>(text[at]) >= 0x80);
    text[at] = static_cast<char>(text[at] ^ (1 << below(3)));
    set(table, column, where, key, text);
  }

  void set(const std::string& table, const std::string& column, const std::string& where,
           std::int64_t key, const storage::SqlValue& value) {
    EXPECT_EQ(
        sql_->run("UPDATE " + table + " SET " + column + " = :value WHERE " + where + " = :key",
                  {value, key}),
        1);
  }

  static std::string event(std::int64_t sequence) {
    return "Event " + std::to_string(sequence) + " ";
  }
  static std::string size(std::int64_t size) { return " size " + std::to_string(size); }
  static std::string hash(std::int64_t position) {
    return "Hash " + std::to_string(position) + " of the tiles of level 1 ";
  }
  // The checkpoint of the group of an event, which shows what the event alone does not.
  static std::string group_of(std::int64_t sequence) {
    return size((sequence / kGroup + 1) * kGroup) + " is not that of the events before it";
  }

  Change change_event();
  Change insert_event(std::int64_t sequence);
  Change replace_event(std::int64_t sequence);
  Change change_node();
  Change change_checkpoint();
  Change change_time_stamp();

  Change make_change() {
    switch (below(4)) {
      case 0:
        return change_node();
      case 1:
        return change_checkpoint();
      case 2:
        return change_time_stamp();
      default:
        return change_event();
    }
  }

  ScratchDatabase database_;
  LogIdentity log_;
  std::unique_ptr<storage::SqlConnection> sql_;
  std::int64_t events_ = 0;
  std::mt19937_64 random_{2026};  // any, but the same each time
};

Change RegisterTampering::change_event() {
  const std::int64_t sequence = below(events_);
  switch (below(5)) {
    case 0: {
      const bool is_thin = sequence < kThinned;
      const bool is_stamp = !is_thin && sequence % (20 * kGroup) == 20 * kGroup - 1;
      const char* const columns[] = {"entry", "leaf", "content", "random", "client", "seal"};
      const std::string column = columns[below(is_thin ? 2 : is_stamp ? 4 : 6)];
      flip("event", column, "sequence", sequence);
      return {"a bit of " + column, {event(sequence)}};
    }
    case 1:
      EXPECT_EQ(sql_->run("DELETE FROM event WHERE sequence = :sequence", {sequence}), 1);
      return {"an event deleted",
              {event(sequence),
               size(events_) + " is of more than the " + std::to_string(events_ - 1) + " events"}};
    case 2: {
      const std::int64_t to = below(2) == 0 ? -1 - below(1000) : events_ + 1 + below(1000);
      set("event", "sequence", "sequence", sequence, to);
      return {"an event moved", {event(sequence), event(to)}};
    }
    case 3:
      return insert_event(sequence);
    default:
      return replace_event(sequence);
  }
}

// A copy of another event, with or without what is behind it moved on.
Change RegisterTampering::insert_event(std::int64_t sequence) {
  std::int64_t at = events_;
  if (below(2) == 0) {
    at = below(events_);
    sql_->run("UPDATE event SET sequence = -2 - sequence WHERE sequence >= :at", {at});
    sql_->run("UPDATE event SET sequence = -1 - sequence WHERE sequence < 0");
    if (sequence >= at) ++sequence;
  }
  sql_->run(
      "INSERT INTO event (sequence, client, seal, content, random, entry, leaf)"
      " SELECT :at, client, seal, content, random, entry, leaf FROM event WHERE sequence = "
      ":sequence",
      {at, sequence});
  return {"an event inserted", {event(at)}};
}

// By another event, or by one whose entry and leaf fit each other.
Change RegisterTampering::replace_event(std::int64_t sequence) {
  if (below(2) == 0) {
    const std::int64_t other = (sequence + 1 + below(events_ - 1)) % events_;
    const auto rows = sql_->query("SELECT entry, leaf FROM event WHERE sequence = :other", {other});
    set("event", "entry", "sequence", sequence, rows.front().text(0));
    set("event", "leaf", "sequence", sequence, rows.front().text(1));
    return {"an event replaced by another one", {event(sequence)}};
  }
  std::string entry =
      sql_->query("SELECT entry FROM event WHERE sequence = :sequence", {sequence}).front().text(0);
  const auto kind = entry.find("\"kind\":\"") + std::string_view("\"kind\":\"").size();
  entry.replace(kind, entry.find('"', kind) - kind, "failed");
  set("event", "entry", "sequence", sequence, entry);
  set("event", "leaf", "sequence", sequence, to_hex(crypto::leaf_hash(view_of(entry))));
  return {"an event replaced by a made one",
          {group_of(sequence), hash(sequence / std::int64_t{crypto::kTileWidth})}};
}

Change RegisterTampering::change_node() {
  const std::int64_t position = any_key("node", "position");
  switch (below(5)) {
    case 0:
      flip("node", "hash", "position", position);
      return {"a bit of a hash", {hash(position)}};
    case 1:
      EXPECT_EQ(sql_->run("DELETE FROM node WHERE position = :position", {position}), 1);
      return {"a hash deleted", {hash(position)}};
    case 2:
      set("node", below(2) == 0 ? "position" : "level", "position", position, 7 + below(100));
      return {"a hash moved", {hash(position)}};
    case 3: {
      const std::int64_t at = 2 + below(100);
      sql_->run(
          "INSERT INTO node (level, position, hash) SELECT 1, :at, hash FROM node"
          " WHERE position = :position",
          {at, position});
      return {"a hash inserted", {hash(at)}};
    }
    default: {
      const auto leaf =
          sql_->query("SELECT leaf FROM event WHERE sequence = :any", {below(events_)});
      set("node", "hash", "position", position, leaf.front().text(0));
      return {"a hash replaced", {hash(position)}};
    }
  }
}

Change RegisterTampering::change_checkpoint() {
  const std::int64_t of = any_key("checkpoint", "size");
  switch (below(6)) {
    case 0:
      flip("checkpoint", "note", "size", of);
      return {"a bit of a checkpoint", {size(of)}};
    case 1:
      EXPECT_EQ(sql_->run("DELETE FROM checkpoint WHERE size = :of", {of}), 1);
      return {"a checkpoint deleted",
              {size(of), "No checkpoint is of all " + std::to_string(of) + " events"}};
    case 2:
      set("checkpoint", "size", "size", of, of + 1 + below(kGroup - 1));
      return {"a checkpoint moved", {size(of)}};
    case 3: {
      const std::int64_t at = of - 1 - below(kGroup - 1);
      sql_->run(
          "INSERT INTO checkpoint (size, note, previous) SELECT :at, note, previous"
          " FROM checkpoint WHERE size = :of",
          {at, of});
      return {"a checkpoint inserted", {size(at)}};
    }
    case 4: {
      set("checkpoint", "previous", "size", of, of - kGroup + (below(2) == 0 ? -1 : 1));
      return {"a checkpoint's place changed", {size(of)}};
    }
    default: {
      const auto other = (of / kGroup + below(kGroups - 1)) % kGroups * kGroup + kGroup;
      const auto note = sql_->query("SELECT note FROM checkpoint WHERE size = :other", {other});
      set("checkpoint", "note", "size", of, note.front().text(0));
      return {"a checkpoint replaced", {size(of)}};
    }
  }
}

Change RegisterTampering::change_time_stamp() {
  const std::int64_t of = any_key("time_stamp", "size");
  switch (below(5)) {
    case 0: {
      const std::string column = below(2) == 0 ? "token" : "made_at";
      flip("time_stamp", column, "size", of);
      return {"a bit of a time-stamp's " + column, {size(of)}};
    }
    case 1:
      EXPECT_EQ(sql_->run("DELETE FROM time_stamp WHERE size = :of", {of}), 1);
      return {"a time-stamp deleted", {size(of)}};
    case 2:
      set("time_stamp", "size", "size", of, of + 1 + below(100));
      return {"a time-stamp moved", {size(of)}};
    case 3: {
      const std::int64_t at = of + 1 + below(100);
      sql_->run(
          "INSERT INTO time_stamp (size, made_at, token) SELECT :at, made_at, token"
          " FROM time_stamp WHERE size = :of",
          {at, of});
      return {"a time-stamp inserted", {size(at)}};
    }
    default:
      set("time_stamp", "token", "size", of, std::string("YW5vdGhlcg=="));
      return {"a time-stamp replaced", {size(of)}};
  }
}

TEST_F(RegisterTampering, EachChangeIsFoundAndNamed) {
  const Audit whole = audit_register(*sql_, log_, {});
  ASSERT_EQ(whole.fault, "");
  ASSERT_EQ(whole.thinned, static_cast<std::uint64_t>(kThinned));
  ASSERT_EQ(whole.time_stamps, 3U);
  const char* const wanted = std::getenv("SIGNET_TAMPERING");
  const int changes = wanted != nullptr ? std::atoi(wanted) : 50;
  ASSERT_GT(changes, 0);
  std::map<std::string, int> made;
  for (int i = 0; i < changes; ++i) {
    const Change change = make_change();
    const std::string fault = audit_register(*sql_, log_, {}).fault;
    const bool named = std::ranges::any_of(change.names, [&](const std::string& name) {
      return fault.find(name) != std::string::npos;
    });
    EXPECT_TRUE(named) << "change " << i << ", " << change.what << ", " << change.names.front()
                       << ": \"" << fault << "\"";
    ++made[change.what];
    database_.restore();
  }
  EXPECT_EQ(audit_register(*sql_, log_, {}).fault, "");
  for (const auto& [what, count] : made) std::cout << count << " times " << what << "\n";
}

}  // namespace
}  // namespace signet::sealserver
