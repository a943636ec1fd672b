// [seal] of the configuration: its values, its profiles, and its mistakes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.h"
#include "config/config_keys.h"

namespace signet::config {
namespace {

using testing::HasSubstr;

SealConfig seal_of(const std::string& toml) {
  const auto config = parse_config(toml, "file");
  EXPECT_TRUE(config.has_value()) << config.error().sentence;
  return config ? config.value().seal : SealConfig();
}

std::string seal_fault_of(const std::string& toml) {
  const auto config = parse_config(toml, "file");
  EXPECT_FALSE(config.has_value()) << toml;
  return config ? "" : config.error().sentence;
}

TEST(SealConfig, HasEveryValue) {
  const SealConfig seal = seal_of(
      "[seal]\nkey = \"seal\"\nform = \"internal\"\nber = true\njobs = 16\n"
      "[[seal.tsa]]\nurl = \"https://tsa.example/tsr\"\nuser = \"u\"\npassword = \"env:TSA\"\n"
      "policy = \"1.2.3\"\nlimit = \"2s\"\nclock_distance = \"1m\"\nca_file = \"/ca.pem\"\n"
      "[[seal.tsa]]\nurl = \"http://other.example/\"\n");
  EXPECT_EQ(seal.common.key, "seal");
  EXPECT_EQ(seal.common.form, "internal");
  EXPECT_EQ(seal.common.ber, true);
  EXPECT_EQ(seal.common.pss, std::nullopt);
  EXPECT_EQ(seal.common.jobs, 16U);
  ASSERT_EQ(seal.common.tsa.size(), 2U);
  const TsaConfig& first = seal.common.tsa[0];
  EXPECT_EQ(first.user, "u");
  EXPECT_EQ(first.password, (CredentialSource{CredentialSource::Kind::environment, "TSA"}));
  EXPECT_EQ(first.policy, "1.2.3");
  EXPECT_EQ(first.limit, Milliseconds(2'000));
  EXPECT_EQ(first.clock_distance, Milliseconds(60'000));
  EXPECT_EQ(first.ca_file, "/ca.pem");
}

TEST(SealConfig, AProfileCountsOverTheCommonValues) {
  const SealConfig seal = seal_of(
      "[seal]\nkey = \"seal\"\nlevel = \"B-B\"\n[[seal.tsa]]\nurl = \"http://one/\"\n"
      "[seal.profile.invoice]\nkey = \"invoices\"\n"
      "[[seal.profile.invoice.tsa]]\nurl = \"http://two/\"\n[seal.profile.\"two words\"]\n");
  const SealSettings invoice = merged(seal.profiles.at("invoice"), seal.common);
  EXPECT_EQ(invoice.key, "invoices");
  EXPECT_EQ(invoice.level, "B-B");
  ASSERT_EQ(invoice.tsa.size(), 1U);
  EXPECT_EQ(invoice.tsa[0].url, "http://two/");
  EXPECT_EQ(merged(seal.profiles.at("two words"), seal.common), seal.common);
}

TEST(SealConfig, SaysWhatIsWrong) {
  EXPECT_THAT(seal_fault_of("[seal]\nlevle = \"B-B\""), HasSubstr("did you mean \"level\"?"));
  EXPECT_THAT(seal_fault_of("[seal]\nlevel = \"B-LT\""), HasSubstr("must be \"B-B\" or \"B-T\""));
  EXPECT_THAT(seal_fault_of("[seal]\npss = \"yes\""), HasSubstr("true or false"));
  EXPECT_THAT(seal_fault_of("[seal]\njobs = 0"), HasSubstr("from 1 to 256"));
  EXPECT_THAT(seal_fault_of("[seal]\ncert = \"here.pem\""), HasSubstr("absolute path"));
  EXPECT_THAT(seal_fault_of("[seal]\nkey = \"a\\nb\""), HasSubstr("control characters"));
  EXPECT_THAT(seal_fault_of("[seal.profile.a.profile.b]\nkey = \"x\""),
              HasSubstr("no profiles of its own"));
  EXPECT_THAT(seal_fault_of("[seal.profile]\na = 1"), HasSubstr("[seal.profile.NAME]"));
  const auto tsa = [](const std::string& rest) { return seal_fault_of("[[seal.tsa]]\n" + rest); };
  EXPECT_THAT(tsa("policy = \"1.2\""), HasSubstr("has no \"url\""));
  EXPECT_THAT(tsa("url = \"ftp://x/\""), HasSubstr("https://HOST/PATH"));
  EXPECT_THAT(tsa("url = \"https://x/\"\nuser = \"u\""), HasSubstr("belong together"));
  EXPECT_THAT(tsa("url = \"http://x/\"\nuser = \"u\"\npassword = \"env:P\""),
              HasSubstr("must begin with https://"));
  EXPECT_THAT(tsa("url = \"https://x/\"\nlimit = \"1ms\""), HasSubstr("limit"));
  EXPECT_THAT(tsa("url = \"csc:seal\""), HasSubstr("or be \"csc:\""));
  for (const char* const more :
       {"user = \"u\"\npassword = \"env:P\"", "tls_ca_file = \"/ca.pem\"",
        "pins = [\"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]"}) {
    EXPECT_THAT(tsa("url = \"csc:\"\n" + std::string(more)),
                HasSubstr("beside the url \"csc:\" stand"));
  }
}

TEST(SealConfig, TheServiceOfTheKeysTokenMayBeAnAuthority) {
  const SealConfig seal = seal_of(
      "[[seal.tsa]]\nurl = \"csc:\"\nca_file = \"/ca.pem\"\npolicy = \"1.2.3\"\nlimit = \"2s\"\n"
      "clock_distance = \"1m\"\n[[seal.tsa]]\nurl = \"https://tsa.example/\"\n");
  ASSERT_EQ(seal.common.tsa.size(), 2U);
  EXPECT_EQ(seal.common.tsa[0].url, kTokenAuthority);
  EXPECT_EQ(seal.common.tsa[0].policy, "1.2.3");
}

// The lists of keys are one: what is read is what is known.
TEST(SealConfig, EveryValueIsAKnownKey) {
  for (const SealText& text : seal_texts()) EXPECT_NE(find_rule("seal", text.key), nullptr);
  for (const SealFlag& flag : seal_flags()) EXPECT_NE(find_rule("seal", flag.key), nullptr);
  EXPECT_EQ(seal_texts().size() + seal_flags().size() + 3, keys_of("seal").size());
}

}  // namespace
}  // namespace signet::config
