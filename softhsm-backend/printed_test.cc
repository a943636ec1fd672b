// Nothing that the installed program prints or logs moves a cursor or ends a line early, whoever chose the words in it.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "common/testing/hostile_text.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/instance.h"
#include "softhsm-backend/journal.h"
#include "softhsm-backend/testing/instance.h"
#include "softhsm-backend/testing/server_process.h"

namespace signet::emulator {
namespace {

class PrintedTest : public testing::Test {
 protected:
  PrintedTest() : dir(make_test_instance(folder)) {}

  ScratchFolder folder;
  std::filesystem::path dir;
};

TEST_F(PrintedTest, ArgumentsAreEscapedInErrors) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{kHostileBytes},
        {"journal", kHostileBytes},
        {"run", kHostileBytes},
        {"run", dir.string(), kHostileBytes},
        {"run", dir.string(), "--role", kHostileBytes},
        {"run", dir.string(), "--listen", kHostileBytes},
        {"account", dir.string(), kHostileBytes},
        {"account", dir.string(), "seal", "--disable-key", kHostileBytes},
        {"account", dir.string(), "seal", "--password-file", kHostileBytes},
        {"init", kHostileBytes + "/x", "--key", kHostileBytes},
        {"init", folder.path("x").string(), "--softhsm", kHostileBytes},
        {"--" + kHostileBytes},
        {"--log-level", kHostileBytes, "journal", dir.string()}}) {
    std::string output;
    std::string errors;
    EXPECT_NE(run_program(words, &output, &errors), 0) << printable(words.back());
    EXPECT_NE(errors, "");
    EXPECT_TRUE(is_fit_for_a_terminal(output)) << output;
    EXPECT_TRUE(is_fit_for_a_terminal(errors)) << errors;
  }
}

TEST_F(PrintedTest, TheNameOfTheFolderIsEscaped) {
  std::string output;
  // The configuration of SoftHSM has no way to write a line end.
  const std::string hostile = kHostileBytes.substr(0, kHostileBytes.find('\n')) + "\xff";
  ASSERT_EQ(
      run_program({"init", folder.path(hostile).string(), "--listen", "127.0.0.1:0"}, &output), 0);
  EXPECT_TRUE(is_fit_for_a_terminal(output)) << output;
  EXPECT_EQ(std::ranges::count(output, '\n'), 1) << output;
}

TEST_F(PrintedTest, TheJournalHasOneLinePerSignature) {
  JournalEntry entry;
  for (std::string* text :
       {&entry.account, &entry.key_id, &entry.algorithm, &entry.hash, &entry.reference,
        &entry.request_id, &entry.idempotency_key, &entry.role, &entry.dialect}) {
    *text = kHostileBytes;
  }
  open_state(InstanceFiles(dir)).write([&](Database& database) { write_journal(database, entry); });
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"journal", dir.string()}, {"journal", dir.string(), "--json"}}) {
    std::string output;
    ASSERT_EQ(run_program(words, &output), 0);
    EXPECT_EQ(std::ranges::count(output, '\n'), 1) << output;
    EXPECT_NE(output.find("forged"), std::string::npos) << output;
    EXPECT_TRUE(is_fit_for_a_terminal(output)) << output;
  }
}

TEST_F(PrintedTest, TheLogHasOneLinePerRequest) {
  const auto log = folder.path("log");
  ServerProcess server(dir, "primary", {}, {.level = "debug", .file = log});
  HttpClient client(server.base());
  for (const char* target : {"/dsa/v1/\xc2\x9b\xe2\x80\xae", "/\xff"}) {
    EXPECT_GE(client
                  .send_text("GET", target, "",
                             {"X-Request-Id: \xc2\x9b"
                              "2J\xe2\x80\xae"})
                  .status,
              400);
  }
  EXPECT_EQ(server.end_with(SIGTERM), 0);
  const std::string text = folder.read("log");
  EXPECT_NE(text.find("GET"), std::string::npos) << text;
  EXPECT_TRUE(is_fit_for_a_terminal(text)) << text;
}

}  // namespace
}  // namespace signet::emulator
