// A call that is refused for what it asks for is one line in the log that says why, at the default level.

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "common/log.h"
#include "pkcs11-module/edge/testing/module_setup.h"
#include "pkcs11-module/edge/testing/template.h"

namespace signet::edge::testing {
namespace {

class RefusalLog : public ::testing::Test {
 protected:
  RefusalLog() {
    setup_.login(session_);
    EXPECT_EQ(log::open({.to = folder_.path("log")}), "");
  }
  ~RefusalLog() override { log::close(); }

  // Those that are new.
  std::vector<std::string> lines() {
    std::ifstream file(folder_.path("log"));
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    std::vector<std::string> fresh(all.begin() + static_cast<std::ptrdiff_t>(seen_), all.end());
    seen_ = all.size();
    return fresh;
  }

  void expect_one_line(CK_RV rv, CK_RV expected, const std::string& text) {
    EXPECT_EQ(rv, expected);
    const auto fresh = lines();
    ASSERT_EQ(fresh.size(), 1U) << text;
    EXPECT_NE(fresh.front().find("warn: C_"), std::string::npos) << fresh.front();
    EXPECT_NE(fresh.front().find(text), std::string::npos) << fresh.front();
  }

  CK_RV begin_signature(CK_MECHANISM_TYPE type, const char* label) const {
    CK_MECHANISM mechanism{type, nullptr, 0};
    return C_SignInit(session_, &mechanism, ModuleSetup::find(session_, CKO_PRIVATE_KEY, label));
  }

  CK_RV generate(CK_MECHANISM_TYPE type, Template open, Template secret) const {
    CK_MECHANISM mechanism{type, nullptr, 0};
    CK_OBJECT_HANDLE one = 0;
    CK_OBJECT_HANDLE other = 0;
    return C_GenerateKeyPair(session_, &mechanism, open.data(), open.size(), secret.data(),
                             secret.size(), &one, &other);
  }

  const ScratchFolder folder_;
  ModuleSetup setup_;
  const CK_SESSION_HANDLE session_ = setup_.open();
  std::size_t seen_ = 0;
};

TEST_F(RefusalLog, SaysWhichMechanismAndWhatAllowsIt) {
  expect_one_line(begin_signature(CKM_SHA1_RSA_PKCS, "rsa"), CKR_MECHANISM_INVALID,
                  "sha1_signatures = true");
  expect_one_line(begin_signature(CKM_ECDSA_SHA1, "ec"), CKR_MECHANISM_INVALID,
                  "sha1_signatures = true");
  expect_one_line(begin_signature(CKM_AES_CBC, "ec"), CKR_MECHANISM_INVALID, "0x00001082");
  expect_one_line(begin_signature(CKM_RSA_PKCS_PSS, "rsa"), CKR_MECHANISM_PARAM_INVALID,
                  "CK_RSA_PKCS_PSS_PARAMS");
  expect_one_line(begin_signature(CKM_ECDSA, "rsa"), CKR_KEY_TYPE_INCONSISTENT, "CKM_ECDSA");
}

TEST_F(RefusalLog, SaysWhatOfATemplateCannotBe) {
  expect_one_line(
      generate(CKM_RSA_PKCS_KEY_PAIR_GEN, std::move(Template().number(CKA_MODULUS_BITS, 2048)),
               std::move(Template().flag(CKA_EXTRACTABLE, true))),
      CKR_TEMPLATE_INCONSISTENT, "CKA_EXTRACTABLE");
  expect_one_line(generate(CKM_RSA_PKCS_KEY_PAIR_GEN, Template(), Template()),
                  CKR_TEMPLATE_INCOMPLETE, "CKA_MODULUS_BITS");
  // secp256k1
  expect_one_line(
      generate(CKM_EC_KEY_PAIR_GEN,
               std::move(Template().bytes(CKA_EC_PARAMS, {0x06, 5, 0x2B, 0x81, 0x04, 0, 0x0A})),
               Template()),
      CKR_CURVE_NOT_SUPPORTED, "curve");
  Template key;
  key.number(CKA_CLASS, CKO_PRIVATE_KEY);
  CK_OBJECT_HANDLE made = 0;
  expect_one_line(C_CreateObject(session_, key.data(), key.size(), &made),
                  CKR_TEMPLATE_INCONSISTENT, "keys cannot be imported");
}

TEST_F(RefusalLog, SaysThatThereIsNoSuchService) {
  CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  expect_one_line(C_DecryptInit(session_, &mechanism, 1), CKR_FUNCTION_NOT_SUPPORTED,
                  "C_DecryptInit");
}

// What programs ask and try all the time.
TEST_F(RefusalLog, IsSilentAboutQuestions) {
  CK_MECHANISM_INFO info{};
  EXPECT_EQ(C_GetMechanismInfo(kSlot, CKM_AES_CBC, &info), CKR_MECHANISM_INVALID);
  CK_ATTRIBUTE secret{CKA_PRIVATE_EXPONENT, nullptr, 0};
  const CK_OBJECT_HANDLE key = ModuleSetup::find(session_, CKO_PRIVATE_KEY, "rsa");
  EXPECT_EQ(C_GetAttributeValue(session_, key, &secret, 1), CKR_ATTRIBUTE_SENSITIVE);
  CK_OBJECT_HANDLE made = 0;
  EXPECT_EQ(C_CopyObject(session_, key, nullptr, 0, &made), CKR_ACTION_PROHIBITED);
  constexpr CK_OBJECT_CLASS kTrustOfNss = 0xCE534353;
  Template trust;
  trust.number(CKA_CLASS, kTrustOfNss);
  EXPECT_EQ(C_CreateObject(session_, trust.data(), trust.size(), &made),
            CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(lines().size(), 0U);
}

TEST_F(RefusalLog, SaysThatNoAdministratorIsConfigured) {
  ASSERT_EQ(C_Logout(session_), CKR_OK);
  lines();
  Bytes pin = copy_of(view_of(kPin));
  expect_one_line(C_Login(session_, CKU_SO, pin.data(), pin.size()), CKR_USER_TYPE_INVALID,
                  "is not an administrator; set administrator = ");
}

}  // namespace
}  // namespace signet::edge::testing
