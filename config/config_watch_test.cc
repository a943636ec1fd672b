// A configuration that changes while it is in force.
#include "config/config_watch.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "config/testing/test_home.h"
#include "config/testing/test_keys.h"

namespace signet::config {
namespace {

using namespace std::chrono_literals;

std::string watched_toml(const std::string& more) {
  return "[[token]]\nlabel = \"l\"\nuser = \"u\"\n" + more +
         "\n[[token.member]]\nurl = \"https://h:1/p\"\n"
         "pins = [\"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]\n";
}

class ConfigWatchTest : public testing::Test {
 protected:
  using Seen = std::optional<Result<Config, ConfigError>>;

  Config load() const { return load_config_file(file_).value(); }

  // A moment at which nothing that this test has written is fresh any more.
  static ConfigWatch::WallTime later() { return std::chrono::system_clock::now() + 10s; }

  static std::string refusal(const Seen& seen) {
    return seen && seen->has_error() ? seen->error().sentence : "none";
  }

  TestHome home_;
  const std::filesystem::path file_ = home_.write("c.toml", watched_toml(""));
};

TEST_F(ConfigWatchTest, SaysNothingWhileNothingChanges) {
  ConfigWatch watch(load(), later());
  EXPECT_FALSE(watch.look(later()));
}

TEST_F(ConfigWatchTest, GivesTheChangedConfigurationOnce) {
  ConfigWatch watch(load(), later());
  home_.write("c.toml", watched_toml("[token.limits]\ncall = \"7s\""));
  const Seen seen = watch.look(later());
  ASSERT_TRUE(seen && *seen) << refusal(seen);
  EXPECT_EQ(seen->value().tokens.at(0).limits.call, 7s);
  EXPECT_FALSE(watch.look(later()));
}

TEST_F(ConfigWatchTest, WaitsWhileSomebodyMayStillBeWriting) {
  ConfigWatch watch(load(), later());
  home_.write("c.toml", watched_toml("[token.limits]\ncall = \"7s\""));
  EXPECT_FALSE(watch.look(std::chrono::system_clock::now()));
  EXPECT_TRUE(watch.look(later()));
}

TEST_F(ConfigWatchTest, LooksAgainAtAFileThatChangedJustAsItWasLoaded) {
  ConfigWatch watch(load(), std::chrono::system_clock::now());
  EXPECT_TRUE(watch.look(later()));
}

TEST_F(ConfigWatchTest, RefusesABrokenFileOnceAndTakesTheMendedOne) {
  ConfigWatch watch(load(), later());
  home_.write("c.toml", watched_toml("colour = \"red\""));
  EXPECT_NE(refusal(watch.look(later())).find("colour"), std::string::npos);
  EXPECT_FALSE(watch.look(later())) << "the same refusal is not worth a second line";
  home_.write("c.toml", watched_toml("sha1_signatures = true"));
  const Seen mended = watch.look(later());
  ASSERT_TRUE(mended && *mended) << refusal(mended);
}

TEST_F(ConfigWatchTest, RefusesAFileThatIsGoneOrThatOthersMayWrite) {
  ConfigWatch watch(load(), later());
  std::filesystem::remove(file_);
  EXPECT_NE(refusal(watch.look(later())), "none");
  home_.write("c.toml", watched_toml(""), 0666);
  EXPECT_NE(refusal(watch.look(later())).find("changed by others"), std::string::npos);
}

TEST_F(ConfigWatchTest, NoticesARenewedClientCertificate) {
  home_.write("c.toml", watched_toml("client_certificate = \"" + home_.path("cert").string() +
                                     "\"\nclient_key = \"" + home_.path("key").string() + "\""));
  home_.write("cert", "one");
  ConfigWatch watch(load(), later());
  EXPECT_FALSE(watch.look(later()));
  home_.write("cert", "another");
  EXPECT_TRUE(watch.look(later()));
}

class SignedConfigWatchTest : public ConfigWatchTest {
 protected:
  void SetUp() override {
    setenv("SIGNET_CONFIG_ANCHOR", home_.write("config.pub", keys_.public_pem).c_str(), 1);
    sign(watched_toml(""), 7);
  }

  void sign(const std::string& content, std::uint64_t counter) const {
    home_.write("c.toml", content);
    const auto made = sign_config(view_of(keys_.private_pem), view_of(content), "default", counter);
    home_.write("c.toml.sig", made.value().text());
  }

  const TestKeyPair keys_ = make_test_key_pair();
};

TEST_F(SignedConfigWatchTest, TakesAChangeWithItsSignatureOnly) {
  ConfigWatch watch(load(), later());
  const std::string changed = watched_toml("sha1_signatures = true");
  home_.write("c.toml", changed);
  EXPECT_NE(refusal(watch.look(later())).find("after it was signed"), std::string::npos);
  sign(changed, 8);
  const Seen changed_file = watch.look(later());
  ASSERT_TRUE(changed_file && *changed_file) << refusal(changed_file);
  EXPECT_TRUE(changed_file->value().tokens.at(0).sha1_signatures);
}

TEST_F(SignedConfigWatchTest, RefusesAnOlderConfigurationWithItsOlderSignature) {
  ConfigWatch watch(load(), later());
  sign(watched_toml("sha1_signatures = true"), 6);
  EXPECT_NE(refusal(watch.look(later())).find("it is older"), std::string::npos);
}

TEST_F(SignedConfigWatchTest, IsNotTalkedOutOfTheSignatureByAnAnchorThatVanishes) {
  ConfigWatch watch(load(), later());
  unsetenv("SIGNET_CONFIG_ANCHOR");
  home_.write("c.toml", watched_toml("sha1_signatures = true"));
  EXPECT_NE(refusal(watch.look(later())).find("has no signature now"), std::string::npos);
}

}  // namespace
}  // namespace signet::config
