#include "config/config.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "config/default_folders.h"
#include "config/signature.h"
#include "config/testing/test_home.h"
#include "config/testing/test_keys.h"

namespace signet::config {
namespace {

namespace fs = std::filesystem;

std::string toml_of(const std::string& label) {
  return "[[token]]\nlabel = \"" + label +
         "\"\nuser = \"u\"\n[[token.member]]\nurl = \"https://h:1/p\"\n"
         "pins = [\"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]\n";
}

// Each test has a home of its own and no other part of the environment.
class ConfigTest : public testing::Test {
 protected:
  fs::path write(const std::string& name, const std::string& content, mode_t mode = 0600) const {
    fs::create_directories(folder_.path(name).parent_path());
    fs::permissions(folder_.path(name).parent_path(), fs::perms::owner_all);
    return folder_.write(name, content, mode);
  }

  static std::string fault_of(const Result<Config, ConfigError>& config) {
    return config.has_error() ? config.error().sentence : "none";
  }

  static std::string label_of(const Result<Config, ConfigError>& config) {
    return config.has_error() ? config.error().sentence : config.value().tokens.at(0).label;
  }

  TestHome folder_;
};

TEST_F(ConfigTest, NoFileIsAConfigurationWithoutTokens) {
  if (fs::exists(kSystemConfigFile)) GTEST_SKIP() << "this machine has a configuration";
  const auto config = load_config();
  ASSERT_TRUE(config.has_value()) << config.error().sentence;
  EXPECT_TRUE(config.value().tokens.empty());
  EXPECT_TRUE(config.value().file.empty());
}

TEST_F(ConfigTest, TheVariableComesFirstThenTheXdgFolderThenTheHome) {
  write(".config/signet/signet.toml", toml_of("home"));
  EXPECT_EQ(label_of(load_config()), "home");
  write("xdg/signet/signet.toml", toml_of("xdg"));
  setenv("XDG_CONFIG_HOME", folder_.path("xdg").c_str(), 1);
  EXPECT_EQ(label_of(load_config()), "xdg");
  setenv("SIGNET_CONFIG", write("named.toml", toml_of("named")).c_str(), 1);
  EXPECT_EQ(label_of(load_config()), "named");
  setenv("SIGNET_CONFIG", "", 1);
  EXPECT_EQ(label_of(load_config()), "xdg");
}

TEST_F(ConfigTest, ARelativeXdgFolderIsIgnored) {
  write(".config/signet/signet.toml", toml_of("home"));
  setenv("XDG_CONFIG_HOME", "relative", 1);
  EXPECT_EQ(label_of(load_config()), "home");
}

TEST_F(ConfigTest, AVariableThatNamesNoFileIsAnError) {
  write(".config/signet/signet.toml", toml_of("home"));
  setenv("SIGNET_CONFIG", folder_.path("none.toml").c_str(), 1);
  EXPECT_EQ(fault_of(load_config()).rfind(folder_.path("none.toml").string() + ": ", 0), 0U);
}

TEST_F(ConfigTest, ADanglingLinkIsAnErrorAndNotPassedOver) {
  fs::create_directories(folder_.path(".config/signet"));
  fs::create_symlink(folder_.path("none"), folder_.path(".config/signet/signet.toml"));
  EXPECT_NE(fault_of(load_config()), "none");
}

TEST_F(ConfigTest, KnowsItsFile) {
  const auto file = write("c.toml", toml_of("l"));
  EXPECT_EQ(load_config_file(file).value().file, file);
}

TEST_F(ConfigTest, AFileThatOthersMayChangeIsRefused) {
  EXPECT_NE(fault_of(load_config_file(write("c.toml", toml_of("l"), 0666))).find("chmod go-w"),
            std::string::npos);
  EXPECT_EQ(fault_of(load_config_file(write("c.toml", toml_of("l"), 0644))), "none");
}

TEST_F(ConfigTest, AFileOverOneMebibyteIsRefused) {
  const std::string comment = "#" + std::string(kLargestConfig - 2, 'x') + "\n";
  EXPECT_EQ(fault_of(load_config_file(write("c.toml", comment))), "none");
  EXPECT_NE(fault_of(load_config_file(write("c.toml", comment + "\n"))).find("larger than"),
            std::string::npos);
}

TEST_F(ConfigTest, TheCacheFolderFollowsXdgThenTheHomeThenTheSystem) {
  EXPECT_EQ(default_cache_dir(), folder_.path(".cache/signet"));
  setenv("XDG_CACHE_HOME", "/x", 1);
  EXPECT_EQ(default_cache_dir(), "/x/signet");
  unsetenv("XDG_CACHE_HOME");
  unsetenv("HOME");
  EXPECT_EQ(default_cache_dir(), "/var/cache/signet");
  EXPECT_EQ(user_config_file(), "");
}

class SignedConfigTest : public ConfigTest {
 protected:
  void SetUp() override {
    setenv("SIGNET_CONFIG_ANCHOR", write("anchor/config.pub", keys_.public_pem).c_str(), 1);
  }

  void sign(const std::string& content, std::uint64_t counter, const TestKeyPair& keys) const {
    write("c.toml", content);
    const auto made = sign_config(view_of(keys.private_pem), view_of(content), "default", counter);
    write("c.toml.sig", made.value().text());
  }

  std::string fault() const { return fault_of(load_config_file(folder_.path("c.toml"))); }

  TestKeyPair keys_ = make_test_key_pair();
};

TEST_F(SignedConfigTest, IsAcceptedWithItsSignature) {
  sign(toml_of("l"), 7, keys_);
  const auto config = load_config_file(folder_.path("c.toml"));
  ASSERT_TRUE(config.has_value()) << config.error().sentence;
  EXPECT_EQ(config.value().signature->counter, 7U);
}

TEST_F(SignedConfigTest, IsRefusedWithoutASignature) {
  write("c.toml", toml_of("l"));
  EXPECT_NE(fault().find("demands that it be signed"), std::string::npos);
}

TEST_F(SignedConfigTest, EverySingleByteChangeIsNoticed) {
  const std::string good = toml_of("l");
  sign(good, 7, keys_);
  ASSERT_EQ(fault(), "none");
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 0x01);
    write("c.toml", changed);
    EXPECT_NE(fault().find("was changed after it was signed"), std::string::npos) << i;
  }
}

TEST_F(SignedConfigTest, ASwappedSignatureIsNoticed) {
  sign(toml_of("other"), 7, keys_);
  write("c.toml", toml_of("l"));
  EXPECT_NE(fault().find("was changed after it was signed"), std::string::npos);
}

TEST_F(SignedConfigTest, AnotherKeyIsNoticed) {
  sign(toml_of("l"), 7, make_test_key_pair());
  EXPECT_NE(fault().find("another key"), std::string::npos);
}

TEST_F(SignedConfigTest, AnOlderFileWithItsOlderSignatureIsNoticed) {
  sign(toml_of("old"), 7, keys_);
  ASSERT_EQ(fault(), "none");
  sign(toml_of("new"), 8, keys_);
  ASSERT_EQ(fault(), "none");
  sign(toml_of("old"), 7, keys_);
  EXPECT_NE(fault().find("it is older"), std::string::npos);
}

TEST_F(SignedConfigTest, AnotherPlaceNeedsItsSignatureToo) {
  sign(toml_of("l"), 7, keys_);
  setenv("SIGNET_CONFIG", write("free.toml", toml_of("free")).c_str(), 1);
  EXPECT_NE(fault_of(load_config()).find("demands that it be signed"), std::string::npos);
}

TEST_F(SignedConfigTest, AnInvalidSignatureIsNoticed) {
  sign(toml_of("l"), 7, keys_);
  write("c.toml.sig", "");
  EXPECT_NE(fault().find("c.toml.sig: this is not a signature"), std::string::npos);
}

}  // namespace
}  // namespace signet::config
