// Nothing that a command prints moves a cursor, ends a line early or changes the direction of writing, whoever chose the
// arguments, labels, file names and figures in it.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "common/testing/hostile_text.h"
#include "common/testing/scratch_folder.h"
#include "dsa-transport/metrics_folder.h"
#include "pkcs11-client/testing/softhsm_token.h"
#include "signet-cli/command.h"
#include "signet-cli/testing/run.h"

namespace signet::cli {
namespace {

using Words = std::vector<std::string>;

Outcome printed_by(const Words& arguments) {
  Outcome outcome = outcome_of(arguments);
  std::string command;
  for (const std::string& word : arguments) command += printable(word) + " ";
  EXPECT_TRUE(is_fit_for_a_terminal(outcome.out)) << command << ": " << outcome.out;
  EXPECT_TRUE(is_fit_for_a_terminal(outcome.err)) << command << ": " << outcome.err;
  return outcome;
}

void collect_commands(const CLI::App& app, const Words& above, std::vector<Words>& commands) {
  for (const CLI::App* below : app.get_subcommands({})) {
    Words words = above;
    words.push_back(below->get_name());
    commands.push_back(words);
    collect_commands(*below, words, commands);
  }
}

std::vector<Words> all_commands() {
  std::ostringstream unused;
  Context context{unused, unused, unused};
  std::vector<Words> commands;
  collect_commands(*make_app(context), {}, commands);
  return commands;
}

TEST(Printed, ArgumentsAreEscapedInErrorsOfUsage) {
  EXPECT_NE(printed_by({kHostileBytes}).err.find("\\x1b"), std::string::npos);
  const auto commands = all_commands();
  EXPECT_GE(commands.size(), 15U);
  for (const Words& command : commands) {
    for (const Words& more : {Words{"--" + kHostileBytes},
                              {"--json", "--timeout", kHostileBytes},
                              {kHostileBytes, kHostileBytes, kHostileBytes, kHostileBytes},
                              {"--config", kHostileBytes},
                              {"--module", kHostileBytes, "--token", kHostileBytes, kHostileBytes},
                              {"--key", kHostileBytes, kHostileBytes}}) {
      Words words = command;
      words.insert(words.end(), more.begin(), more.end());
      const Outcome outcome = printed_by(words);
      EXPECT_NE(outcome.exit_code, exit_ok) << printable(outcome.out);
      EXPECT_NE(outcome.out + outcome.err, "");
    }
  }
}

class PrintedConfig : public testing::Test {
 protected:
  // A configuration with this label, in TOML's escapes.
  std::string write(const std::string& name, const std::string& label) const {
    const std::string text = "[metrics]\ndir = \"" + folder_.path("metrics").string() +
                             "\"\n[[token]]\nuser = \"u\\u202E\"\nlabel = \"" + label + R"("
credential = "file:/x\u202E"
[[token.member]]
url = "https://127.0.0.1:1/dsa/v1"
pins = ["sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
)";
    return folder_.write(name, text).string();
  }

  ScratchFolder folder_;
};

TEST_F(PrintedConfig, IsShownAndChecked) {
  const std::string direction = R"(h\u202E\u061C\u2028)";
  for (const std::string& file :
       {write("plain.toml", direction), write(kHostileBytes + ".toml", direction)}) {
    for (const char* command : {"check", "show"}) {
      EXPECT_EQ(printed_by({"config", command, file}).exit_code, exit_ok);
      const Outcome json = printed_by({"config", command, "--json", file});
      EXPECT_NO_THROW(boost::json::parse(json.out)) << json.out;
    }
    EXPECT_NE(printed_by({"config", "sign", "--key", file, file}).exit_code, exit_ok);
    EXPECT_NE(printed_by({"status", "--config", file}).exit_code, exit_ok);
    EXPECT_NE(printed_by({"doctor", "--config", file}).exit_code, exit_ok);
  }
}

TEST_F(PrintedConfig, IsRefusedWithItsNameAndWords) {
  const std::string file = write(kHostileBytes + ".toml", R"(h\u001B\u007F\u009B\u202E)");
  for (const char* command : {"check", "show"}) {
    EXPECT_EQ(printed_by({"config", command, file}).exit_code, exit_failed);
    EXPECT_EQ(printed_by({"config", command, "--json", file}).exit_code, exit_failed);
  }
}

TEST_F(PrintedConfig, MeansTheSameWhenItIsReadAgain) {
  const std::string file = write("first.toml", R"(h\u202E\u061C\u2028)");
  const Outcome first = printed_by({"config", "show", file});
  ASSERT_EQ(first.exit_code, exit_ok) << first.err;
  const std::string again = folder_.write("again.toml", first.out).string();
  const Outcome json = printed_by({"config", "show", "--json", again});
  ASSERT_EQ(json.exit_code, exit_ok) << json.err;
  EXPECT_EQ(boost::json::parse(json.out).at("token").at(0).at("label").as_string(),
            "h\u202E\u061C\u2028");
}

TEST_F(PrintedConfig, StatusEscapesFiguresOfOtherUsers) {
  auto process = *transport::this_process();
  process.program = kHostileBytes;
  process.version = kHostileBytes;
  process.tokens = {{kHostileBytes, {1, 0, {{"https://" + kHostileBytes, {}}}}}};
  ASSERT_TRUE(transport::write_metrics(folder_.path("metrics"), process));
  folder_.write("metrics/signet-" + kHostileBytes + ".prom", "x");
  const std::string file =
      folder_.write("s.toml", "[metrics]\ndir = \"" + folder_.path("metrics").string() + "\"\n")
          .string();
  for (const char* form : {"--json", "--prometheus"}) {
    EXPECT_EQ(printed_by({"status", "--config", file, form}).exit_code, exit_ok);
  }
  const Outcome text = printed_by({"status", "--config", file});
  EXPECT_NE(text.out.find("forged"), std::string::npos) << text.out;
}

TEST(PrintedToken, LabelsAndFileNamesAreEscaped) {
  const ScratchFolder folder;
  const pkcs11::SoftHsmToken token;
  ASSERT_TRUE(token->generate({pkcs11::KeyType::parse("ec:P-256").value(), kHostileBytes, {1}}));
  const std::string out = folder.path(kHostileBytes + ".out").string();
  const Words options = {"--module",   "/usr/lib/softhsm/libsofthsm2.so",
                         "--token",    "seal",
                         "--pin-file", folder.write("pin", "correct horse").string()};
  const std::string file = folder.write(kHostileBytes, "document").string();
  const auto run = [&](Words words) {
    words.insert(words.end(), options.begin(), options.end());
    return printed_by(words);
  };
  EXPECT_EQ(printed_by({"token", "list", options[0], options[1]}).exit_code, exit_ok);
  EXPECT_EQ(run({"key", "list"}).exit_code, exit_ok);
  EXPECT_EQ(run({"key", "list", "--json"}).exit_code, exit_ok);
  EXPECT_EQ(run({"key", "generate", "--type", "ec:P-256", "--label", kHostileBytes}).exit_code,
            exit_ok);
  EXPECT_EQ(run({"sign", kHostileBytes, file, "--out", out}).exit_code, exit_ok);
  EXPECT_EQ(run({"sign", kHostileBytes, file, "--out", out, "--json"}).exit_code, exit_ok);
  EXPECT_EQ(run({"verify", file, out, "--key", kHostileBytes}).exit_code, exit_ok);
  EXPECT_NE(run({"verify", out, out, "--key", kHostileBytes}).exit_code, exit_ok);
  EXPECT_NE(run({"cert", "show", kHostileBytes}).exit_code, exit_ok);
  EXPECT_NE(run({"cert", "import", file}).exit_code, exit_ok);
  EXPECT_NE(run({"csr", kHostileBytes, "--subject", kHostileBytes}).exit_code, exit_ok);
  EXPECT_NE(run({"csr", kHostileBytes, "--subject-file", file}).exit_code, exit_ok);
  EXPECT_NE(run({"renew", kHostileBytes, "--state", file}).exit_code, exit_ok);
  EXPECT_EQ(run({"key", "delete", kHostileBytes, "--yes"}).exit_code, exit_ok);
}

TEST(PrintedToken, SignaturesAndRequestsInDerAreNotEscaped) {
  const ScratchFolder folder;
  const pkcs11::SoftHsmToken token;
  ASSERT_TRUE(token->generate({pkcs11::KeyType::parse("ec:P-256").value(), "k", {1}}));
  const Outcome der = outcome_of({"csr", "k", "--subject", "CN=a", "--der", "--module",
                                  "/usr/lib/softhsm/libsofthsm2.so", "--token", "seal",
                                  "--pin-file", folder.write("pin", "correct horse").string()});
  ASSERT_EQ(der.exit_code, exit_ok) << der.err;
  EXPECT_EQ(der.out.front(), '\x30');
  EXPECT_FALSE(is_fit_for_a_terminal(der.out));
}

}  // namespace
}  // namespace signet::cli
