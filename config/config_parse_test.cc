#include <gtest/gtest.h>

#include <string>

#include "config/config.h"
#include "config/config_reader.h"

namespace signet::config {
namespace {

using namespace std::chrono_literals;

const std::string kPin1 = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const std::string kPin2 = "sha256//AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

std::string member(const std::string& url = "https://dsa1.example:8081/dsa/v1") {
  return "[[token.member]]\nurl = \"" + url + "\"\npins = [\"" + kPin1 + "\"]\n";
}

// A token of which `lines` are the keys besides label and user.
std::string token(const std::string& lines = "", const std::string& label = "seal") {
  return "[[token]]\nlabel = \"" + label + "\"\nuser = \"seal\"\n" + lines + "\n" + member();
}

std::string fault_of(const std::string& toml) {
  const auto config = parse_config(toml, "f.toml");
  return config.has_error() ? config.error().sentence : "none";
}

Config config_of(const std::string& toml) {
  auto config = parse_config(toml, "f.toml");
  EXPECT_TRUE(config.has_value()) << config.error().sentence;
  return config.has_value() ? std::move(config).value() : Config{};
}

TEST(ConfigParse, AnEmptyTextIsAConfigurationWithoutTokens) {
  const Config config = config_of("");
  EXPECT_TRUE(config.tokens.empty());
  EXPECT_EQ(config.log.level, log::Level::warn);
  EXPECT_EQ(config.log.to, "stderr");
}

TEST(ConfigParse, ReadsEveryKey) {
  const Config config = config_of(
      "cache_dir = \"/var/cache/x\"\n"
      "[log]\nlevel = \"debug\"\nto = \"/var/log/signet\"\nformat = \"json\"\n"
      "[metrics]\ndir = \"/run/signet\"\ninterval = \"1m\"\n"
      "[[token]]\nlabel = \"pečeť\"\nuser = \"seal\"\ncredential = \"file:/etc/pin\"\nserial = "
      "\"A-1\"\n"
      "client_certificate = \"/c.pem\"\nclient_key = \"/k.pem\"\nsha1_signatures = true\n"
      "ec_point = \"der\"\n"
      "[token.limits]\ncall = \"20s\"\nkey_generation = \"90s\"\nconnect = \"500ms\"\n"
      "sign_attempt = \"4s\"\ngenerate_attempt = \"40s\"\nidle = \"10s\"\nconnections = 4\n"
      "[[token.member]]\nurl = \"https://a:1/p/\"\npins = [\"" +
      kPin1 + "\", \"" + kPin2 + "\"]\nca_file = \"/ca.pem\"\n" + member("https://b:2/p"));
  EXPECT_EQ(config.cache_dir, "/var/cache/x");
  EXPECT_EQ(config.log.level, log::Level::debug);
  EXPECT_EQ(config.log.to, "/var/log/signet");
  EXPECT_EQ(config.log.format, log::Format::json);
  EXPECT_EQ(config.metrics.dir, "/run/signet");
  EXPECT_EQ(config.metrics.interval, 60s);
  ASSERT_EQ(config.tokens.size(), 1U);
  const TokenConfig& only = config.tokens[0];
  EXPECT_EQ(only.label, "pečeť");
  EXPECT_EQ(only.user, "seal");
  EXPECT_EQ(only.serial, "A-1");
  EXPECT_EQ(only.credential->kind, CredentialSource::Kind::file);
  EXPECT_EQ(only.credential->name, "/etc/pin");
  EXPECT_EQ(only.client_certificate->certificate, "/c.pem");
  EXPECT_EQ(only.client_certificate->key, "/k.pem");
  EXPECT_TRUE(only.sha1_signatures);
  EXPECT_EQ(only.ec_point, TokenConfig::EcPoint::der);
  EXPECT_EQ(only.limits.call, 20s);
  EXPECT_EQ(only.limits.key_generation, 90s);
  EXPECT_EQ(only.limits.connect, 500ms);
  EXPECT_EQ(only.limits.sign_attempt, 4s);
  EXPECT_EQ(only.limits.generate_attempt, 40s);
  EXPECT_EQ(only.limits.idle, 10s);
  EXPECT_EQ(only.limits.connections, 4U);
  ASSERT_EQ(only.members.size(), 2U);
  EXPECT_EQ(only.members[0].url, "https://a:1/p");
  EXPECT_EQ(only.members[0].pins.text(), kPin1 + ";" + kPin2);
  EXPECT_EQ(only.members[0].ca_file, "/ca.pem");
  EXPECT_EQ(only.members[1].url, "https://b:2/p");
}

TEST(ConfigParse, KeepsTheDefaultsOfWhatIsNotGiven) {
  const TokenConfig only = config_of(token()).tokens.at(0);
  const Limits defaults;
  EXPECT_FALSE(only.credential);
  EXPECT_FALSE(only.client_certificate);
  EXPECT_FALSE(only.sha1_signatures);
  EXPECT_EQ(only.ec_point, TokenConfig::EcPoint::raw);
  EXPECT_EQ(only.limits.call, defaults.call);
  EXPECT_EQ(only.limits.connections, defaults.connections);
}

TEST(ConfigParse, ATokenWithoutASerialNumberGetsOneOfItsLabelAndUser) {
  const TokenConfig only = config_of(token()).tokens.at(0);
  EXPECT_EQ(only.serial, serial_of(only.label, only.user));
  // Names that programs have stored depend on this very value.
  EXPECT_EQ(serial_of("seal", "seal"), "a4f20da92f63b157");
  EXPECT_NE(serial_of("a", "bc"), serial_of("ab", "c"));
}

TEST(ConfigParse, ASerialNumberFitsIntoThePlaceThatTokensHaveForIt) {
  for (const char* bad : {"", "12345678901234567", "a b", "\\t", "č"}) {
    EXPECT_NE(fault_of(token(std::string("serial = \"") + bad + "\"")).find("must be 1 to 16"),
              std::string::npos)
        << bad;
  }
  EXPECT_EQ(fault_of(token("serial = \"1234567890123456\"")), "none");
}

TEST(ConfigParse, TwoTokensHaveTwoSerialNumbers) {
  const auto table = [](const std::string& label) {
    return "[[token]]\nlabel = \"" + label + "\"\nuser = \"u\"\nserial = \"7\"\n" +
           member("https://" + label + ":1/p");
  };
  EXPECT_NE(fault_of(table("a") + table("b")).find("two tokens have the serial number \"7\""),
            std::string::npos);
}

TEST(ConfigParse, SaysFileLineAndColumnOfBrokenText) {
  EXPECT_EQ(fault_of("[log]\nlevel = \n").rfind("f.toml:2:", 0), 0U)
      << fault_of("[log]\nlevel = \n");
  EXPECT_NE(fault_of("a = 1\na = 2").find("not TOML"), std::string::npos);
  EXPECT_NE(fault_of("a = \"\xFF\"").find("not TOML"), std::string::npos);
}

TEST(ConfigParse, UnknownKeysAreErrorsWithTheNearestKey) {
  EXPECT_EQ(fault_of("[log]\nlevle = \"info\"\n"),
            "f.toml:2:1: there is no key \"levle\" in [log] (did you mean \"level\"?)");
  EXPECT_EQ(fault_of("[[tokens]]\n")
                .find("f.toml:1:3: there is no key \"tokens\" at the top of the file "
                      "(did you mean \"token\"?)"),
            0U)
      << fault_of("[[tokens]]\n");
  EXPECT_NE(fault_of(token("insecure = true")).find("there is no key \"insecure\" in [token]"),
            std::string::npos);
}

TEST(ConfigParse, AKeyInTheWrongTableIsSentToItsOwn) {
  EXPECT_NE(fault_of(token("connections = 4")).find("(it belongs to [token.limits])"),
            std::string::npos);
}

TEST(ConfigParse, EachValueHasItsType) {
  EXPECT_EQ(fault_of("[log]\nlevel = 3\n"),
            "f.toml:2:9: \"level\" is a whole number, but must be a string in quotes");
  EXPECT_NE(fault_of(token("ec_point = \"hex\"")).find("must be \"raw\" or \"der\""),
            std::string::npos);
  EXPECT_NE(fault_of(token("sha1_signatures = \"no\"")).find("must be true or false"),
            std::string::npos);
  EXPECT_NE(fault_of("[token]\nlabel = \"x\"").find("write [[token]] above each"),
            std::string::npos);
  EXPECT_NE(fault_of("log = \"info\"").find("write [log]"), std::string::npos);
  EXPECT_NE(fault_of("token = [1]").find("write [[token]]"), std::string::npos);
  EXPECT_NE(fault_of(token("[token.limits]\nconnect = 3")).find("must be a duration in quotes"),
            std::string::npos);
  EXPECT_NE(fault_of(token("[token.limits]\nconnections = 1.5")).find("a number with a fraction"),
            std::string::npos);
  EXPECT_NE(fault_of(token("credential = 2026-01-01")).find("is a date or time"),
            std::string::npos);
}

TEST(ConfigParse, LabelsAreUniqueShortAndPrintable) {
  EXPECT_NE(fault_of(token("", std::string(33, 'x'))).find("takes 33 bytes"), std::string::npos);
  EXPECT_EQ(fault_of(token("", std::string(32, 'x'))), "none");
  EXPECT_NE(fault_of(token("", "")).find("takes 0 bytes"), std::string::npos);
  EXPECT_NE(fault_of(token("", "žžžžžžžžžžžžžžžžž")).find("takes 34 bytes"), std::string::npos);
  EXPECT_NE(fault_of(token("", "seal ")).find("blank"), std::string::npos);
  EXPECT_NE(fault_of(token("", "a\\u0000b")).find("control character"), std::string::npos);
  EXPECT_NE(fault_of(token() + token()).find("two tokens have the label \"seal\""),
            std::string::npos);
  EXPECT_EQ(fault_of(token() + token("", "other")), "none");
}

TEST(ConfigParse, UsersAreWhatHttpBasicCanCarry) {
  const auto with_user = [](const std::string& user) {
    return fault_of("[[token]]\nlabel = \"l\"\nuser = \"" + user + "\"\n" + member());
  };
  EXPECT_EQ(with_user("pečeť@úřad"), "none");
  EXPECT_NE(with_user("a:b").find("colon"), std::string::npos);
  EXPECT_NE(with_user("a\\nb").find("control"), std::string::npos);
  EXPECT_NE(with_user("").find("takes 0 bytes"), std::string::npos);
}

TEST(ConfigParse, MissingKeysAreNamed) {
  EXPECT_NE(fault_of("[[token]]\nuser = \"x\"\n").find("[token] has no \"label\""),
            std::string::npos);
  EXPECT_NE(fault_of("[[token]]\nlabel = \"x\"\n").find("[token] has no \"user\""),
            std::string::npos);
  EXPECT_NE(fault_of("[[token]]\nlabel = \"x\"\nuser = \"x\"\n").find("[token] has no \"member\""),
            std::string::npos);
  EXPECT_NE(fault_of(token() + "[[token.member]]\nurl = \"https://b:1/p\"\n")
                .find("[token.member] has no \"pins\""),
            std::string::npos);
  EXPECT_NE(fault_of(token() + "[[token.member]]\npins = [\"" + kPin1 + "\"]\n")
                .find("[token.member] has no \"url\""),
            std::string::npos);
}

TEST(ConfigParse, EveryMemberIsPinned) {
  const auto with_pins = [](const std::string& pins) {
    return fault_of(token() + "[[token.member]]\nurl = \"https://b:1/p\"\npins = " + pins + "\n");
  };
  EXPECT_EQ(with_pins("[\"" + kPin1 + "\"]"), "none");
  EXPECT_NE(with_pins("[]").find("\"pins\" is empty"), std::string::npos);
  EXPECT_NE(with_pins("\"" + kPin1 + "\"").find("must be a list of strings"), std::string::npos);
  EXPECT_NE(with_pins("[\"sha256//short=\"]").find("is not a pin"), std::string::npos);
  EXPECT_NE(with_pins("[\"*\"]").find("is not a pin"), std::string::npos);
  EXPECT_NE(with_pins("[\"" + kPin1 + "\", \"" + kPin1 + "\"]").find("appears twice"),
            std::string::npos);
}

TEST(ConfigParse, UrlsAreCompleteAndHttps) {
  const auto with_url = [](const std::string& url) {
    return fault_of("[[token]]\nlabel = \"l\"\nuser = \"u\"\n" + member(url));
  };
  EXPECT_EQ(with_url("https://[::1]:8081/dsa/v1/"), "none");
  EXPECT_NE(with_url("http://a:1/p").find("\"url\" does not begin with https://"),
            std::string::npos);
  EXPECT_NE(with_url("https://a/p").find("\"url\" has no port"), std::string::npos);
  EXPECT_NE(with_url("https://a:1").find("\"url\" has no path"), std::string::npos);
  EXPECT_NE(with_url("https://a:1/p?x").find("query"), std::string::npos);
  EXPECT_EQ(with_url("https://u:secret@a:1/p").find("secret"), std::string::npos);
}

TEST(ConfigParse, ATokenHasOneToEightDifferentMembers) {
  std::string members;
  for (int i = 0; i < 7; ++i) members += member("https://h" + std::to_string(i) + ":1/p");
  EXPECT_EQ(fault_of(token() + members), "none");
  EXPECT_NE(fault_of(token() + members + member("https://h9:1/p")).find("8 at most"),
            std::string::npos);
  EXPECT_NE(fault_of(token() + member()).find("appears twice"), std::string::npos);
  EXPECT_NE(fault_of("[[token]]\nlabel=\"l\"\nuser=\"u\"\nmember = []").find("\"member\" is empty"),
            std::string::npos);
}

TEST(ConfigParse, LimitsHaveLimits) {
  const auto with = [](const std::string& line) {
    return fault_of(token("[token.limits]\n" + line));
  };
  EXPECT_EQ(with("call = \"10m\""), "none");
  EXPECT_NE(with("call = \"11m\"").find("\"call\" is 11m, but must be from 1s to 10m"),
            std::string::npos);
  EXPECT_NE(with("call = \"0s\"").find("must be from"), std::string::npos);
  EXPECT_NE(with("connections = 0").find("\"connections\" is 0, but must be from 1 to 256"),
            std::string::npos);
  EXPECT_NE(with("connections = 9223372036854775807").find("must be from"), std::string::npos);
  for (const char* bad :
       {"", "3", "s", "3 s", "-3s", "3sec", "1.5s", "99999999999999999999s", "3S"}) {
    EXPECT_NE(with("call = \"" + std::string(bad) + "\"").find("whole number with its unit"),
              std::string::npos)
        << bad;
  }
}

TEST(ConfigParse, APartIsNoLongerThanItsWhole) {
  EXPECT_NE(fault_of(token("[token.limits]\ncall = \"5s\"\nconnect = \"6s\""))
                .find("\"connect\" (6s) is longer than \"call\" (5s)"),
            std::string::npos);
  const Limits limits = config_of(token("[token.limits]\ncall = \"2s\"")).tokens.at(0).limits;
  EXPECT_EQ(limits.connect, 2s);
  EXPECT_EQ(limits.sign_attempt, 2s);
}

TEST(ConfigParse, ClientCertificateAndKeyBelongTogether) {
  EXPECT_NE(fault_of(token("client_certificate = \"/c\"")).find("add \"client_key\""),
            std::string::npos);
  EXPECT_NE(fault_of(token("client_key = \"/k\"")).find("add \"client_certificate\""),
            std::string::npos);
}

TEST(ConfigParse, PathsAreAbsolute) {
  EXPECT_NE(fault_of("cache_dir = \"here\"").find("absolute path"), std::string::npos);
  EXPECT_NE(fault_of(token("client_certificate = \"c\"")).find("absolute path"), std::string::npos);
  EXPECT_NE(fault_of("[log]\nto = \"log.txt\"").find("absolute path"), std::string::npos);
  EXPECT_NE(fault_of("cache_dir = \"/a\\u0000b\"").find("absolute path"), std::string::npos);
}

TEST(ConfigParse, NamesASuiteOfAlgorithms) {
  EXPECT_EQ(config_of("").suite, "119312-2.1.1");
  EXPECT_EQ(Config().suite, "119312-2.1.1");
  EXPECT_EQ(config_of("suite = \"119312-1.5.1\"").suite, "119312-1.5.1");
  EXPECT_EQ(config_of("suite = \"/etc/signet/suite.json\"").suite, "/etc/signet/suite.json");
  EXPECT_NE(fault_of("suite = \"119312-2.1.2\"").find("did you mean \"119312-2.1.1\"?"),
            std::string::npos);
  EXPECT_NE(fault_of("suite = \"suite.json\"").find("or a file's absolute path"),
            std::string::npos);
  EXPECT_NE(fault_of("suite = \"\"").find("but must be"), std::string::npos);
}

TEST(ConfigParse, FiguresNeedAFolder) {
  EXPECT_TRUE(config_of("").metrics.dir.empty());
  EXPECT_NE(fault_of("[metrics]\ninterval = \"1m\"").find("\"dir\""), std::string::npos);
  EXPECT_NE(fault_of("[metrics]\ndir = \"here\"").find("absolute path"), std::string::npos);
  EXPECT_NE(fault_of("[metrics]\ndir = \"/d\"\ninterval = \"10ms\"").find("interval"),
            std::string::npos);
}

TEST(ConfigParse, WordsOfTheLogAreKnown) {
  EXPECT_NE(fault_of("[log]\nlevel = \"warning\"").find("did you mean \"warn\"?"),
            std::string::npos);
  EXPECT_NE(fault_of("[log]\nto = \"journal\"").find("did you mean \"journald\"?"),
            std::string::npos);
  EXPECT_NE(fault_of("[log]\nformat = \"xml\"").find("must be \"text\" or \"json\""),
            std::string::npos);
}

TEST(ConfigParse, AnErrorNeverRepeatsAPasswordInTheWrongPlace) {
  const std::string fault = fault_of(token("credential = \"Tr0ub4dor\""));
  EXPECT_NE(fault.find("\"file:/path\""), std::string::npos);
  EXPECT_EQ(fault.find("Tr0ub4dor"), std::string::npos);
}

TEST(Duration, HasOneShortestText) {
  for (const char* text : {"0ms", "1ms", "1500ms", "3s", "90s", "2m"}) {
    ASSERT_TRUE(parse_duration(text));
    EXPECT_EQ(duration_text(*parse_duration(text)), text);
  }
  EXPECT_EQ(duration_text(60s), "1m");
}

}  // namespace
}  // namespace signet::config
