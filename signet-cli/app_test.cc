#include "signet-cli/app.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "signet-cli/output.h"
#include "signet-cli/testing/run.h"

namespace signet::cli {
namespace {

std::string manual() {
  std::ostringstream text;
  text << std::ifstream(SIGNET_SOURCE_DIR "/packaging/man/signet.1").rdbuf();
  return text.str();
}

// Calls `check` for each subcommand with its words ("config check").
template <typename Check>
void for_each_command(const CLI::App& app, const std::string& words, Check check) {
  for (const CLI::App* below : app.get_subcommands({})) {
    const std::string name = words.empty() ? below->get_name() : words + " " + below->get_name();
    if (below->get_subcommands({}).empty()) check(*below, name);
    for_each_command(*below, name, check);
  }
}

TEST(App, HelpAndVersionSucceed) {
  EXPECT_EQ(outcome_of({"--help"}).exit_code, exit_ok);
  EXPECT_NE(outcome_of({"--help"}).out.find("config"), std::string::npos);
  EXPECT_EQ(outcome_of({"config", "seal", "--help"}).exit_code, exit_ok);
  EXPECT_EQ(outcome_of({"--version"}).exit_code, exit_ok);
  EXPECT_EQ(outcome_of({"--version"}).out.rfind("signet ", 0), 0U);
}

TEST(App, WrongUsageIsTwoAndSaysWhy) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{},
        {"config"},
        {"nonsense"},
        {"config", "check", "--nonsense"},
        {"config", "check", "a", "b"},
        {"config", "seal"},
        {"pin", "show"},
        {"key"},
        {"key", "generate"},
        {"key", "list", "--pin", "1234"},
        {"key", "delete"},
        {"csr", "seal"},
        {"csr", "seal", "--subject", "CN=a", "--like", "b"},
        {"csr", "seal", "--subject", "CN=a", "--hash", "SHA1"},
        {"cert", "import"},
        {"pin", "show", "http://h"},
        {"pin", "show", "https://h", "--timeout", "soon"}}) {
    const Outcome outcome = outcome_of(arguments);
    EXPECT_EQ(outcome.exit_code, exit_usage);
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err, "");
  }
}

TEST(App, AnUnknownCommandIsNamed) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"nonsense"},
                                                    {"key", "nonsense"},
                                                    {"config", "nonsense", "--json"}}) {
    const Outcome outcome = outcome_of(arguments);
    EXPECT_EQ(outcome.exit_code, exit_usage);
    EXPECT_NE(outcome.err.find("there is no command \"nonsense\""), std::string::npos)
        << outcome.err;
  }
}

TEST(Table, HasLinesOfAnyLengthUnlessAWidthIsGiven) {
  Table table({"LABEL", "URI"});
  table.add({"a label", std::string(200, 'x')});
  std::ostringstream out;
  table.print(out, 0);
  EXPECT_EQ(out.str(), "LABEL    URI\na label  " + std::string(200, 'x') + "\n");
}

TEST(Table, WrapsTheWidestCellsAndLosesNothing) {
  Table table({"LABEL", "ID", "URI"});
  table.add({"Úřad", "01", "abcdefghijklmnopqrstuvwxyz"});
  std::ostringstream out;
  table.print(out, 25);
  EXPECT_EQ(out.str(),
            "LABEL  ID  URI\n"
            "Úřad   01  abcdefghijklmn\n"
            "           opqrstuvwxyz\n");
}

TEST(App, EveryCommandAndOptionIsInTheManual) {
  std::ostringstream unused;
  Context context{unused, unused, unused};
  const auto app = make_app(context);
  const std::string text = manual();
  ASSERT_FALSE(text.empty());
  int commands = 0;
  for_each_command(*app, "", [&](const CLI::App& command, const std::string& name) {
    if (command.get_group().empty()) return;  // a former name, which is told with the present one
    ++commands;
    EXPECT_NE(text.find(".It Cm " + name + "\n"), std::string::npos) << name;
    for (const CLI::Option* option : command.get_options()) {
      for (const std::string& long_name : option->get_lnames()) {
        EXPECT_NE(text.find("Fl -" + long_name), std::string::npos) << name << " --" << long_name;
      }
    }
  });
  EXPECT_GE(commands, 15);
}

TEST(App, TheManualNamesNoOptionThatIsNotThere) {
  std::ostringstream unused;
  Context context{unused, unused, unused};
  const auto app = make_app(context);
  std::string known = " --help --version ";
  for_each_command(*app, "", [&](const CLI::App& command, const std::string&) {
    for (const CLI::Option* option : command.get_options()) {
      for (const std::string& long_name : option->get_lnames()) known += "--" + long_name + " ";
    }
  });
  const std::string text = manual();
  for (std::size_t at = text.find("Fl -"); at != std::string::npos;
       at = text.find("Fl -", at + 1)) {
    const std::size_t start = at + 4;
    const std::string name = text.substr(start, text.find_first_of(" \n", start) - start);
    EXPECT_NE(known.find(" --" + name + " "), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace signet::cli
