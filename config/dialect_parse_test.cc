#include <gtest/gtest.h>

#include <string>

#include "config/config.h"

namespace signet::config {
namespace {

const std::string kDialectPin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

// A token of which `lines` are the keys besides label and user, and `tables` what stands below it.
std::string dialect_token(const std::string& lines, const std::string& tables,
                          const std::string& url = "https://qtsp.example:443/csc/v2") {
  return "[[token]]\nlabel = \"qtsp\"\nuser = \"seal\"\n" + lines + tables +
         "[[token.member]]\nurl = \"" + url + "\"\npins = [\"" + kDialectPin + "\"]\n";
}

std::string csc_token(const std::string& keys, const std::string& lines = "") {
  return dialect_token("dialect = \"csc\"\n" + lines, "[token.csc]\n" + keys);
}

std::string sapiws_token(const std::string& keys) {
  return dialect_token("dialect = \"sapiws\"\n", "[token.sapiws]\n" + keys,
                       "https://dsa1.example:8080/SAPIWS");
}

std::string dialect_fault(const std::string& toml) {
  const auto config = parse_config(toml, "f.toml");
  return config.has_error() ? config.error().sentence : "none";
}

TokenConfig token_of(const std::string& toml) {
  const auto config = parse_config(toml, "f.toml");
  EXPECT_TRUE(config.has_value()) << config.error().sentence;
  return config.has_value() ? config.value().tokens.at(0) : TokenConfig{};
}

TEST(DialectParse, WithoutAWordItIsTheNativeOne) {
  EXPECT_EQ(token_of(dialect_token("", "")).dialect, Dialect::native);
}

TEST(DialectParse, ReadsEveryKeyOfCsc) {
  const TokenConfig token = token_of(
      csc_token("access = \"oauth2\"\nclient_id = \"client\"\nsecret = \"file:/etc/secret\"\n"
                "scope = \"service x\"\noauth2_url = \"https://id.example:443/token\"\n"
                "oauth2_pins = [\"" +
                kDialectPin +
                "\"]\nasynchronous = true\n"
                "[[token.csc.key]]\ncredential = \"c/1\"\nlabel = \"pečeť\"\n"));
  EXPECT_EQ(token.dialect, Dialect::csc);
  EXPECT_EQ(token.csc.access, CscConfig::Access::oauth2);
  EXPECT_EQ(token.csc.client_id, "client");
  ASSERT_TRUE(token.csc.secret);
  EXPECT_EQ(token.csc.secret->name, "/etc/secret");
  EXPECT_EQ(token.csc.scope, "service x");
  EXPECT_EQ(token.csc.oauth2_url, "https://id.example:443/token");
  EXPECT_EQ(token.csc.oauth2_pins.text(), kDialectPin);
  EXPECT_TRUE(token.csc.asynchronous);
  EXPECT_EQ(token.csc.keys, (std::vector<CscConfig::Key>{{"c/1", "pečeť"}}));
}

TEST(DialectParse, ReadsEveryKeyOfSapiws) {
  const TokenConfig token =
      token_of(sapiws_token("domain = \"OFFICE\"\nselector = \"issuer-serial\"\npkcs1_flag = "
                            "true\npss = true\nprompt_for_sign = true\n"));
  EXPECT_EQ(token.dialect, Dialect::sapiws);
  EXPECT_EQ(token.sapiws.domain, "OFFICE");
  EXPECT_EQ(token.sapiws.selector, SapiwsConfig::Selector::issuer_serial);
  EXPECT_TRUE(token.sapiws.pkcs1_flag);
  EXPECT_TRUE(token.sapiws.pss);
  EXPECT_TRUE(token.sapiws.prompt_for_sign);
}

TEST(DialectParse, EachWayOfAccessNeedsItsOwn) {
  const std::string certificate = "client_certificate = \"/c.pem\"\nclient_key = \"/k.pem\"\n";
  const std::string secret = "secret = \"env:S\"\n";
  for (const char* access : {"oauth2", "login", "bearer"}) {
    const std::string line = "access = \"" + std::string(access) + "\"\n";
    EXPECT_NE(dialect_fault(csc_token(line)).find("needs \"secret\""), std::string::npos) << access;
    EXPECT_EQ(dialect_fault(csc_token(line + secret)), "none");
  }
  EXPECT_EQ(dialect_fault(csc_token("access = \"oauth2\"\n", certificate)), "none");
  EXPECT_NE(dialect_fault(csc_token("access = \"certificate\"\n")).find("client_certificate"),
            std::string::npos);
  EXPECT_EQ(dialect_fault(csc_token("access = \"certificate\"\n", certificate)), "none");
  EXPECT_EQ(dialect_fault(csc_token("access = \"none\"\n")), "none");
}

TEST(DialectParse, RefusesWhatMakesNoSense) {
  struct Row {
    std::string toml;
    const char* sentence;
  };
  for (const Row& row : {
           Row{dialect_token("dialect = \"soap\"\n", ""),
               "must be \"native\", \"csc\" or \"sapiws\""},
           Row{dialect_token("dialect = \"csc\"\n", ""), "csc"},
           Row{dialect_token("", "[token.csc]\naccess = \"none\"\n"),
               "[token.csc] is there, but \"dialect\" is not \"csc\""},
           Row{dialect_token("", "[token.sapiws]\n"), "[token.sapiws] is there"},
           Row{dialect_token("dialect = \"csc\"\n", "[token.csc]\naccess = \"none\"\n",
                             "https://h:1/csc"),
               "ends in its version"},
           Row{dialect_token("dialect = \"sapiws\"\n", "", "https://h:1/SAPIWS/dss.asmx"),
               "without \"dss.asmx\""},
           Row{csc_token("access = \"none\"\noauth2_url = \"https://h:1/t\"\n"), "oauth2_pins"},
           Row{csc_token("access = \"none\"\nscope = \"\"\n"), "\"scope\" must be 1 to 256 bytes"},
           Row{csc_token("access = \"none\"\n[[token.csc.key]]\nlabel = \"x\"\n"), "credential"},
           Row{csc_token("access = \"none\"\n"
                         "[[token.csc.key]]\ncredential = \"c\"\nlabel = \"x\"\n"
                         "[[token.csc.key]]\ncredential = \"c\"\nlabel = \"y\"\n"),
               "appears twice"},
       }) {
    EXPECT_NE(dialect_fault(row.toml).find(row.sentence), std::string::npos)
        << row.toml << "\n"
        << dialect_fault(row.toml);
  }
}

}  // namespace
}  // namespace signet::config
