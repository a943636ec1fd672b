#include "config/trust_anchor.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/testing/scratch_folder.h"
#include "config/testing/test_keys.h"

namespace signet::config {
namespace {

class TrustAnchorTest : public testing::Test {
 protected:
  std::filesystem::path none() const { return folder_.path("none"); }

  ScratchFolder folder_;
  TestKeyPair keys_ = make_test_key_pair();
  TestKeyPair other_keys_ = make_test_key_pair();
};

TEST_F(TrustAnchorTest, NoneDemandsNothing) {
  const auto anchor = find_anchor(none(), "");
  ASSERT_TRUE(anchor.has_value());
  EXPECT_FALSE(anchor.value());
}

TEST_F(TrustAnchorTest, ANamedOneCountsWhereNoneIsInstalled) {
  const auto file = folder_.write("named", keys_.public_pem);
  const auto anchor = find_anchor(none(), file);
  ASSERT_TRUE(anchor.has_value());
  ASSERT_TRUE(anchor.value());
  EXPECT_EQ(anchor.value()->file, file);
  EXPECT_EQ(anchor.value()->key, parse_public_key(keys_.public_pem).value());
}

TEST_F(TrustAnchorTest, TheInstalledOneCannotBeReplacedByAName) {
  if (geteuid() != 0) GTEST_SKIP() << "an installed anchor belongs to root";
  const auto installed = folder_.write("installed", keys_.public_pem, 0644);
  const auto named = folder_.write("named", other_keys_.public_pem);
  for (const std::string& name : {named.string(), std::string(), none().string()}) {
    const auto anchor = find_anchor(installed, name);
    ASSERT_TRUE(anchor.has_value()) << anchor.error().sentence;
    EXPECT_EQ(anchor.value()->key, parse_public_key(keys_.public_pem).value());
  }
}

TEST_F(TrustAnchorTest, AnInstalledOneThatOthersMayChangeIsAnErrorAndNotAbsent) {
  const auto installed = folder_.write("installed", keys_.public_pem, 0666);
  EXPECT_TRUE(find_anchor(installed, "").has_error());
}

TEST_F(TrustAnchorTest, AnInstalledOneThatIsNotRootsIsAnError) {
  const auto installed = folder_.write("installed", keys_.public_pem, 0644);
  if (geteuid() == 0) {
    ASSERT_EQ(::chown(installed.c_str(), 12345, 0), 0);
  }
  EXPECT_TRUE(find_anchor(installed, "").has_error());
}

TEST_F(TrustAnchorTest, ADamagedOneIsAnErrorAndNotAbsent) {
  if (geteuid() == 0) {
    EXPECT_TRUE(find_anchor(folder_.write("installed", "", 0644), "").has_error());
  }
  EXPECT_TRUE(find_anchor(none(), folder_.write("named", "x")).has_error());
}

TEST_F(TrustAnchorTest, TheFormerNameCountsWhereTheNewOneIsMissing) {
  if (geteuid() != 0) GTEST_SKIP() << "an installed anchor belongs to root";
  const auto former = folder_.write("seal.pub", keys_.public_pem, 0644);
  const auto installed = folder_.path("config.pub");
  const auto anchor = find_anchor(installed, "");
  ASSERT_TRUE(anchor.has_value() && anchor.value());
  EXPECT_EQ(anchor.value()->file, former);
  folder_.write("config.pub", other_keys_.public_pem, 0644);
  EXPECT_EQ(find_anchor(installed, "").value()->key,
            parse_public_key(other_keys_.public_pem).value());
}

TEST_F(TrustAnchorTest, TheFormerVariableCountsWhereTheNewOneIsUnset) {
  setenv("SIGNET_SEAL_ANCHOR", "/former", 1);
  EXPECT_EQ(named_anchor_file(), "/former");
  setenv("SIGNET_CONFIG_ANCHOR", "/new", 1);
  EXPECT_EQ(named_anchor_file(), "/new");
  unsetenv("SIGNET_CONFIG_ANCHOR");
  unsetenv("SIGNET_SEAL_ANCHOR");
}

TEST_F(TrustAnchorTest, ANamedOneThatIsNotThereIsAnError) {
  const auto anchor = find_anchor(none(), folder_.path("nowhere"));
  ASSERT_TRUE(anchor.has_error());
  EXPECT_NE(anchor.error().sentence.find("SIGNET_CONFIG_ANCHOR"), std::string::npos);
}

}  // namespace
}  // namespace signet::config
