#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.h"

namespace signet::config {
namespace {

using testing::HasSubstr;

std::string refusal_of_preserve(const std::string& lines) {
  const auto config = parse_config("[preserve]\n" + lines, "c.toml");
  return config ? "accepted" : config.error().sentence;
}

TEST(PreserveTable, HasEveryValue) {
  const auto config = parse_config(
      "[preserve]\nregister = \"/var/lib/archive/register.db\"\nmargin = 120\n"
      "trust = [\"/etc/signet/roots\"]\ntrusted_lists = \"/var/lib/lists\"\n"
      "journal = [\"/etc/signet/journal.pem\"]\nprofile = \"archive\"\nonline = true\n"
      "online_hosts = [\"crl.example\"]\ncache = \"/var/cache/signet/online\"\njobs = 8\n"
      "batch = 100\n",
      "c.toml");
  ASSERT_TRUE(config) << config.error().sentence;
  const PreserveConfig expected{.register_file = "/var/lib/archive/register.db",
                                .margin = 120,
                                .trust = {"/etc/signet/roots"},
                                .trusted_lists = "/var/lib/lists",
                                .journal = {"/etc/signet/journal.pem"},
                                .profile = "archive",
                                .online = true,
                                .online_hosts = {"crl.example"},
                                .cache = "/var/cache/signet/online",
                                .jobs = 8,
                                .batch = 100};
  EXPECT_EQ(config.value().preserve, expected);
}

TEST(PreserveTable, RefusesWhatCannotBe) {
  EXPECT_THAT(refusal_of_preserve("register = \"register.db\"\n"), HasSubstr("absolute"));
  EXPECT_THAT(refusal_of_preserve("trust = [\"roots\"]\n"), HasSubstr("absolute paths"));
  EXPECT_THAT(refusal_of_preserve("trust = [\"\"]\n"), HasSubstr("is empty"));
  EXPECT_THAT(refusal_of_preserve("margin = 0\n"), HasSubstr("c.toml:2:"));
  EXPECT_THAT(refusal_of_preserve("batch = 10001\n"), HasSubstr("c.toml:2:"));
  EXPECT_THAT(refusal_of_preserve("journal = [\"/a\"]\n"), HasSubstr("belongs to"));
  EXPECT_THAT(refusal_of_preserve("cache = \"/a\"\n"), HasSubstr("belong to \"online\""));
  EXPECT_THAT(refusal_of_preserve("margins = 1\n"), HasSubstr("margin"));
}

}  // namespace
}  // namespace signet::config
