// What was done leaves one line at level info, by which the appliance's journal can be searched.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "common/testing/scratch_folder.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/files.h"
#include "tests/support/module.h"

namespace signet::tests {
namespace {

class DoneLog : public testing::Test {
 protected:
  DoneLog() { use_log("json"); }

  void use_log(const std::string& format) const {
    write_file(dir_ / "client.toml", "[log]\nlevel = \"info\"\nformat = \"" + format +
                                         "\"\nto = \"" + (dir_ / "log").string() +
                                         "\"\n[[token]]\nlabel = \"seal\"\nuser = \"seal\"\n" +
                                         members_text(members_of(emulator_.client_config())));
    use_config(dir_ / "client.toml");
  }

  std::vector<std::string> lines() const {
    std::ifstream file(dir_ / "log");
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  // The messages, each of an entry whose fields are there.
  std::vector<std::string> messages() const {
    std::vector<std::string> all;
    for (const std::string& line : lines()) {
      const auto entry = boost::json::parse(line).as_object();
      all.push_back(value_to<std::string>(entry.at("message")));
      EXPECT_EQ(entry.at("level"), "info") << line;
      EXPECT_EQ(entry.at("token"), "seal") << line;
      EXPECT_EQ(entry.at("member").as_string(), members_of(emulator_.client_config()).front().url)
          << line;
      EXPECT_FALSE(entry.at("request_id").as_string().empty()) << line;
      EXPECT_GE(entry.at("milliseconds").to_number<int>(), 0) << line;
      EXPECT_TRUE(entry.contains("label")) << line;
    }
    return all;
  }

  ScratchFolder dir_;
  const Emulator emulator_{{"ec:P-256:ec"}};
};

TEST_F(DoneLog, HasOneLineForEachThingThatWasDone) {
  const Module module;
  Session session(module);
  session.login(emulator_.pin());
  session.sign(CKM_ECDSA_SHA256, session.find_one({CKO_PRIVATE_KEY, "ec", {}}), view_of("a"));
  const auto key = session.generate(KeyKind::p256, "new", {7});
  std::string label = "renamed";
  CK_ATTRIBUTE change{CKA_LABEL, label.data(), label.size()};
  ASSERT_EQ(module->C_SetAttributeValue(session.handle(), key, &change, 1), CKR_OK);
  ASSERT_EQ(module->C_DestroyObject(session.handle(), key), CKR_OK);
  EXPECT_EQ(messages(),
            (std::vector<std::string>{
                "token \"seal\": logged in user \"seal\"", "token \"seal\": signed with key \"ec\"",
                "token \"seal\": made key \"new\"", "token \"seal\": changed key \"renamed\"",
                "token \"seal\": deleted key \"renamed\""}));
}

TEST_F(DoneLog, NamesTheRequestAsTheAppliancesJournalDoes) {
  const Module module;
  Session session(module);
  session.login(emulator_.pin());
  const auto key = session.find_one({CKO_PRIVATE_KEY, "ec", {}});
  for (const char* text : {"a", "b"}) session.sign(CKM_ECDSA_SHA256, key, view_of(text));
  const auto journal = emulator_.journal();
  const auto log = lines();
  ASSERT_EQ(journal.size(), 2U);
  ASSERT_EQ(log.size(), 3U);
  for (std::size_t i = 0; i < journal.size(); ++i) {
    const auto entry = boost::json::parse(log.at(i + 1)).as_object();
    EXPECT_EQ(entry.at("request_id").as_string(), journal[i].request_id);
  }
}

TEST_F(DoneLog, AsTextHasTheSame) {
  use_log("text");
  const Module module;
  Session session(module);
  session.login(emulator_.pin());
  session.sign(CKM_ECDSA_SHA256, session.find_one({CKO_PRIVATE_KEY, "ec", {}}), view_of("a"));
  const std::string line = lines().back();
  EXPECT_NE(line.find("info: token \"seal\": signed with key \"ec\" member=https://"),
            std::string::npos)
      << line;
  EXPECT_NE(line.find(" request_id=" + emulator_.journal().front().request_id), std::string::npos);
  EXPECT_NE(line.find(" milliseconds="), std::string::npos);
}

TEST_F(DoneLog, IsSilentAtTheDefaultLevel) {
  use_config(emulator_.client_config());
  testing::internal::CaptureStderr();
  {
    const Module module;
    Session session(module);
    session.login(emulator_.pin());
    session.sign(CKM_ECDSA_SHA256, session.find_one({CKO_PRIVATE_KEY, "ec", {}}), view_of("a"));
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace signet::tests
