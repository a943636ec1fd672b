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
      "journal = [\"/etc/signet/journal.pem\"]\nsuite = \"119312-2.1.1\"\n"
      "profile = \"archive\"\nonline = true\n"
      "online_hosts = [\"crl.example\"]\nonline_limit = 128\n"
      "online_proxy = \"http://proxy.example:3128\"\ncache = \"/var/cache/signet/online\"\njobs = "
      "8\n"
      "batch = 100\n",
      "c.toml");
  ASSERT_TRUE(config) << config.error().sentence;
  const PreserveConfig expected{.register_file = "/var/lib/archive/register.db",
                                .margin = 120,
                                .trust = {"/etc/signet/roots"},
                                .trusted_lists = "/var/lib/lists",
                                .journal = {"/etc/signet/journal.pem"},
                                .suite = "119312-2.1.1",
                                .profile = "archive",
                                .online = true,
                                .online_hosts = {"crl.example"},
                                .online_limit = 128,
                                .online_proxy = "http://proxy.example:3128",
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
  for (const char* const line : {"cache = \"/a\"\n", "online_hosts = [\"h\"]\n",
                                 "online_limit = 64\n", "online_proxy = \"http://h:1\"\n"})
    EXPECT_THAT(refusal_of_preserve(line), HasSubstr("belongs to \"online\"")) << line;
  EXPECT_THAT(refusal_of_preserve("online = true\nonline_limit = 1025\n"), HasSubstr("c.toml:3:"));
  EXPECT_THAT(refusal_of_preserve("online = true\nonline_proxy = \"https://h:1\"\n"),
              HasSubstr("\"online_proxy\" does not begin with http://"));
  EXPECT_THAT(refusal_of_preserve("suite = \"119312-2.1.2\"\n"), HasSubstr("did you mean"));
  EXPECT_THAT(refusal_of_preserve("margins = 1\n"), HasSubstr("margin"));
}

}  // namespace
}  // namespace signet::config
