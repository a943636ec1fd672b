#include "seal-server/register/thinning.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "seal-server/register/audit.h"
#include "seal-server/register/entry.h"
#include "seal-server/testing/records_scene.h"

namespace signet::sealserver {
namespace {

class RegisterThinning : public RecordsScene {
 protected:
  // A transaction as seals/ keeps it, which ended now.
  void seal(const std::string& id) {
    sequencer_->write([&](Group& group) {
      const Receipt receipt =
          group.add({.kind = "opened",
                     .client = "c",
                     .seal = id,
                     .content = R"({"client":"c","transaction":")" + id + "\"}"});
      group.add({.kind = "sealed",
                 .client = "c",
                 .seal = id,
                 .content = R"({"client":"c","transaction":")" + id + R"(","state":"sealed"})"});
      group.sql().run(
          "INSERT INTO seal (id, client, number, opened_at, ended_at, kind, reference, digest,"
          " format, level, certificate, state, signature_digest, sealed_digest, signed_at,"
          " timestamped_at, used_certificate, reason) VALUES (:id, 'c', :number, :opened, :ended,"
          " 'seal', '', '', '', '', '', 'sealed', '', '', '', '', '', '')",
          {id, static_cast<std::int64_t>(receipt.sequence), group.time(), group.time()});
    });
  }
};

TEST_F(RegisterThinning, DeletesWhatOldEventsTellAndNothingElse) {
  seal("old");
  const LogIdentity log = identity_of_log();
  now_ += std::chrono::hours(24);
  const std::string before = now();
  seal("new");
  EXPECT_EQ(old_transactions(*sql_, before, 10), std::vector<std::string>{"old"});
  const std::string lines = exported(*sql_, "old");
  EXPECT_EQ(sequencer_->write([&](Group& group) { return thin(group, {"old"}, before); }), 2U);
  EXPECT_TRUE(old_transactions(*sql_, before, 10).empty());
  EXPECT_EQ(old_transactions(*sql_, before + "z", 10), std::vector<std::string>{"new"});
  EXPECT_EQ(newest_event().substr(newest_event().find(' ') + 1),
            R"({"before":")" + before + R"(","events":2})");
  const Audit found = audit_register(*sql_, log, {});
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.thinned, 2U);
  EXPECT_EQ(found.events, 5U);
  // Whoever keeps the export can show what the entries say.
  std::istringstream each(lines);
  int events = 0;
  for (std::string line; std::getline(each, line); ++events) {
    const auto event = boost::json::parse(line).as_object();
    const auto text = [&](const char* name) { return std::string(event.at(name).as_string()); };
    EXPECT_EQ(entry_of(text("entry"))->content,
              commitment(*from_hex(text("random")), text("content")));
  }
  EXPECT_EQ(events, 2);
}

TEST_F(RegisterThinning, OfNothingIsNoEvent) {
  EXPECT_EQ(sequencer_->write([&](Group& group) { return thin(group, {}, now()); }), 0U);
  EXPECT_EQ(events(), 0);
}

}  // namespace
}  // namespace signet::sealserver
