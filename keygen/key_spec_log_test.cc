// What key_spec() lets pass is said in the log where a program may be wrong about its key.
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

#include "common/log.h"
#include "common/testing/scratch_folder.h"
#include "keygen/key_spec.h"

namespace signet::keygen {
namespace {

class KeySpecLog : public testing::Test {
 protected:
  KeySpecLog() { EXPECT_EQ(log::open({.level = log::Level::info, .to = folder_.path("log")}), ""); }
  ~KeySpecLog() override { log::close(); }

  // The log of a pair whose halves are told this of CKA_TOKEN and CKA_LABEL.
  std::string log_of(std::optional<CK_BBOOL> open_token, std::optional<CK_BBOOL> secret_token,
                     std::string_view open_label = "", std::string_view secret_label = "") {
    constexpr std::array<std::uint8_t, 10> kP256{6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7};
    std::vector<TemplateEntry> open{{CKA_EC_PARAMS, kP256}, {CKA_LABEL, view_of(open_label)}};
    std::vector<TemplateEntry> secret{{CKA_LABEL, view_of(secret_label)}};
    if (open_token) open.push_back({CKA_TOKEN, {&*open_token, 1}});
    if (secret_token) secret.push_back({CKA_TOKEN, {&*secret_token, 1}});
    EXPECT_TRUE(key_spec(CKM_EC_KEY_PAIR_GEN, open, secret));
    return folder_.read("log");
  }

  const ScratchFolder folder_;
};

TEST_F(KeySpecLog, IsEmptyWhereTheTemplatesSayWhatIs) {
  EXPECT_EQ(log_of(CK_TRUE, CK_TRUE, "a", "a"), "");
  EXPECT_EQ(log_of(std::nullopt, CK_TRUE, "", "a"), "");
}

TEST_F(KeySpecLog, WarnsOfAKeyThatIsKeptThoughNothingSaidSo) {
  EXPECT_NE(log_of(std::nullopt, std::nullopt).find("warn: the private template has no CKA_TOKEN"),
            std::string::npos);
}

TEST_F(KeySpecLog, TellsThatThePublicHalfIsKeptToo) {
  EXPECT_NE(log_of(CK_FALSE, CK_TRUE).find("info: CKA_TOKEN false in the public template"),
            std::string::npos);
}

TEST_F(KeySpecLog, WarnsOfNamesThatDiffer) {
  EXPECT_NE(log_of(CK_TRUE, CK_TRUE, "public", "private").find("warn: CKA_LABEL differs"),
            std::string::npos);
}

}  // namespace
}  // namespace signet::keygen
