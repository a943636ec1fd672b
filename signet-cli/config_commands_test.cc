// `signet config check`, `show` and `sign`, as an administrator uses them.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>
#include <string>

#include "config/config.h"
#include "config/testing/test_home.h"
#include "config/testing/test_keys.h"
#include "signet-cli/testing/run.h"

namespace signet::cli {
namespace {

const std::string kConfig =
    "[log]\nlevel = \"info\"\n"
    "[[token]]\nlabel = \"pečeť \\\"1\\\"\"\nuser = \"u\"\ncredential = \"command:/bin/pin "
    "hunter2\"\n"
    "client_certificate = \"/c.pem\"\nclient_key = \"/k.pem\"\nec_point = \"der\"\n"
    "[token.limits]\ncall = \"20s\"\n"
    "[[token.member]]\nurl = \"https://a:1/p\"\nca_file = \"/ca.pem\"\n"
    "pins = [\"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\", "
    "\"sha256//AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\"]\n"
    "[[token.member]]\nurl = \"https://b:1/p\"\n"
    "pins = [\"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]\n";

class ConfigCommands : public testing::Test {
 protected:
  int call(const std::vector<std::string>& arguments) {
    const Outcome outcome = outcome_of(arguments);
    out_ = outcome.out;
    err_ = outcome.err;
    return outcome.exit_code;
  }

  bool says(std::string_view text) const { return (out_ + err_).find(text) != std::string::npos; }

  std::string file() const { return folder_.path("c.toml"); }

  config::TestHome folder_;
  std::string out_;
  std::string err_;
};

TEST_F(ConfigCommands, CheckAcceptsACorrectFile) {
  folder_.write("c.toml", kConfig);
  EXPECT_EQ(call({"config", "check", file()}), exit_ok) << err_;
  EXPECT_TRUE(says("correct; tokens: 1, members: 2, not signed"));
  EXPECT_TRUE(says("https://b:1/p has no backup pin"));
  EXPECT_FALSE(says("https://a:1/p has no backup pin"));
}

TEST_F(ConfigCommands, CheckTakesTheFileOfTheModule) {
  folder_.write("c.toml", kConfig);
  setenv("SIGNET_CONFIG", file().c_str(), 1);
  EXPECT_EQ(call({"config", "check"}), exit_ok);
  EXPECT_TRUE(says(file()));
}

TEST_F(ConfigCommands, CheckSaysWhatIsWrongAndFails) {
  folder_.write("c.toml", "[log]\nlevle = \"info\"\n");
  EXPECT_EQ(call({"config", "check", file()}), exit_failed);
  EXPECT_TRUE(says("c.toml:2:1: there is no key \"levle\""));
  EXPECT_EQ(call({"config", "check", folder_.path("none")}), exit_failed);
}

TEST_F(ConfigCommands, CheckFailsWhereThereIsNoConfiguration) {
  if (std::filesystem::exists("/etc/signet/signet.toml")) GTEST_SKIP() << "this machine has one";
  EXPECT_EQ(call({"config", "check"}), exit_failed);
  EXPECT_TRUE(says("there is no configuration"));
}

TEST_F(ConfigCommands, CheckInJsonIsOneObject) {
  folder_.write("c.toml", kConfig);
  EXPECT_EQ(call({"config", "check", "--json", file()}), exit_ok);
  EXPECT_EQ(boost::json::parse(out_).at("tokens"), 1);
  folder_.write("c.toml", "x");
  EXPECT_EQ(call({"config", "check", "--json", file()}), exit_failed);
  EXPECT_EQ(boost::json::parse(out_).at("correct"), false);
}

TEST_F(ConfigCommands, ShowPrintsACharacterThatTomlForbids) {
  folder_.write("c.toml", "cache_dir = \"/cache/\\u007F\"\n");
  ASSERT_EQ(call({"config", "show", file()}), exit_ok) << err_;
  const auto config = config::parse_config(out_, "shown");
  ASSERT_TRUE(config.has_value()) << config.error().sentence << "\n" << out_;
  EXPECT_EQ(config.value().cache_dir, "/cache/\x7F");
}

TEST_F(ConfigCommands, ShowPrintsHowDocumentsArePreserved) {
  folder_.write("c.toml",
                "[preserve]\nregister = \"/r.db\"\nmargin = 120\ntrust = [\"/a\", \"/b\"]\n"
                "trusted_lists = \"/l\"\njournal = [\"/j\"]\nprofile = \"p\"\nonline = true\n"
                "suite = \"119312-2.1.1\"\n"
                "online_hosts = [\"h\"]\nonline_limit = 7\nonline_proxy = \"http://p:1\"\ncache = "
                "\"/c\"\njobs = 8\nbatch = 100\n");
  ASSERT_EQ(call({"config", "show", file()}), exit_ok) << err_;
  const auto shown = config::parse_config(out_, "shown");
  ASSERT_TRUE(shown.has_value()) << shown.error().sentence << "\n" << out_;
  EXPECT_EQ(shown.value().preserve, config::load_config_file(file()).value().preserve);
  EXPECT_EQ(shown.value().preserve.trust.size(), 2U);
}

TEST_F(ConfigCommands, ShowPrintsATomlThatMeansTheSame) {
  folder_.write("c.toml", kConfig);
  ASSERT_EQ(call({"config", "show", file()}), exit_ok) << err_;
  const auto config = config::parse_config(out_, "shown");
  ASSERT_TRUE(config.has_value()) << config.error().sentence << "\n" << out_;
  const auto& token = config.value().tokens.at(0);
  EXPECT_EQ(config.value().log.level, log::Level::info);
  EXPECT_EQ(config.value().cache_dir, folder_.path(".cache/signet"));
  EXPECT_EQ(config.value().suite, "119312-2.1.1");
  EXPECT_EQ(token.label, "pečeť \"1\"");
  EXPECT_EQ(token.serial, config::serial_of(token.label, "u"));
  EXPECT_EQ(token.limits.call, std::chrono::seconds(20));
  EXPECT_EQ(token.client_certificate->key, "/k.pem");
  EXPECT_EQ(token.ec_point, config::TokenConfig::EcPoint::der);
  ASSERT_EQ(token.members.size(), 2U);
  EXPECT_EQ(token.members[0].ca_file, "/ca.pem");
  EXPECT_EQ(token.members[0].pins,
            config::parse_config(kConfig, "c").value().tokens[0].members[0].pins);
}

TEST_F(ConfigCommands, ShowNeverPrintsTheArgumentsOfACommand) {
  for (const char* blank : {" ", "\\t"}) {
    std::string config = kConfig;
    config.replace(config.find(" hunter2"), 1, blank);
    folder_.write("c.toml", config);
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"config", "show", file()},
          {"config", "show", "--json", file()}}) {
      EXPECT_EQ(call(arguments), exit_ok) << err_;
      EXPECT_TRUE(says("command:/bin/pin …"));
      EXPECT_FALSE(says("hunter2"));
    }
  }
  EXPECT_EQ(boost::json::parse(out_).at("token").at(0).at("limits").at("call"), "20s");
}

class ConfigSign : public ConfigCommands {
 protected:
  void SetUp() override {
    folder_.write("c.toml", kConfig);
    folder_.write("sign.key", keys_.private_pem);
    setenv("SIGNET_CONFIG_ANCHOR", folder_.write("config.pub", keys_.public_pem).c_str(), 1);
  }

  int sign(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"config", "sign", "--key", folder_.path("sign.key"),
                                          file()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return call(arguments);
  }

  std::uint64_t counter() const {
    return config::ConfigSignature::parse(folder_.read("c.toml.sig")).value().counter;
  }

  config::TestKeyPair keys_ = config::make_test_key_pair();
};

TEST_F(ConfigSign, MakesTheConfigurationAcceptable) {
  EXPECT_EQ(call({"config", "check", file()}), exit_failed);
  ASSERT_EQ(sign(), exit_ok) << err_;
  EXPECT_EQ(call({"config", "check", file()}), exit_ok) << err_;
  EXPECT_TRUE(says("signed with counter"));
  folder_.write("c.toml", kConfig + "\n");
  EXPECT_EQ(call({"config", "check", file()}), exit_failed);
}

TEST_F(ConfigSign, TheFormerNameOfTheCommandIsTakenWithAWarning) {
  ASSERT_EQ(call({"config", "seal", "--key", folder_.path("sign.key"), file()}), exit_ok) << err_;
  EXPECT_NE(err_.find("config sign"), std::string::npos);
  EXPECT_EQ(call({"config", "check", file()}), exit_ok) << err_;
  ASSERT_EQ(sign(), exit_ok) << err_;
  EXPECT_EQ(err_, "");
}

TEST_F(ConfigSign, TheCounterGrowsEachTime) {
  ASSERT_EQ(sign(), exit_ok);
  const std::uint64_t first = counter();
  ASSERT_EQ(sign(), exit_ok);
  EXPECT_GT(counter(), first);
  ASSERT_EQ(sign({"--counter", "9000000000"}), exit_ok);
  ASSERT_EQ(sign(), exit_ok);
  EXPECT_EQ(counter(), 9000000001U);
  EXPECT_EQ(sign({"--counter", "9000000001"}), exit_failed);
  EXPECT_TRUE(says("not above"));
  ASSERT_EQ(sign({"--counter", "18446744073709551615"}), exit_ok);
  EXPECT_EQ(sign(), exit_failed) << "there is no higher one";
  EXPECT_TRUE(says("another --series"));
}

TEST_F(ConfigSign, ABrokenConfigurationIsNotSigned) {
  folder_.write("c.toml", "x");
  EXPECT_EQ(sign(), exit_failed);
  EXPECT_FALSE(std::filesystem::exists(folder_.path("c.toml.sig")));
}

TEST_F(ConfigSign, AKeyThatOthersMayReadIsRefused) {
  ::chmod(folder_.path("sign.key").c_str(), 0644);
  EXPECT_EQ(sign(), exit_failed);
  EXPECT_TRUE(says("can be read by others"));
}

TEST_F(ConfigSign, LeavesNothingButTheSignatureBehind) {
  ASSERT_EQ(sign({"--series", "office"}), exit_ok);
  EXPECT_TRUE(says("series office"));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    files += entry.is_regular_file();
  EXPECT_EQ(files, 4U);
  EXPECT_EQ(sign({"--series", "with blanks"}), exit_failed);
}

TEST(Example, ThePackagedConfigurationIsCorrect) {
  std::ostringstream text;
  text << std::ifstream(SIGNET_SOURCE_DIR "/packaging/signet.toml").rdbuf();
  const auto config = config::parse_config(text.str(), "packaging/signet.toml");
  ASSERT_TRUE(config.has_value()) << config.error().sentence;
  EXPECT_EQ(config.value().tokens.at(0).members.size(), 2U);
}

}  // namespace
}  // namespace signet::cli
