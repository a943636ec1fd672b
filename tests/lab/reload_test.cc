// The configuration changes under a running module.
#include <gtest/gtest.h>

#include "tests/lab/laboratory.h"
#include "tests/lab/signing_threads.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

constexpr int kReloadThreads = 8;
constexpr Milliseconds kReloadPause{20};
constexpr Milliseconds kSoon{30'000};

// Of a key that nobody has.
constexpr char kNobodysPin[] = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

class ReloadTest : public testing::Test {
 protected:
  bool log_says(const std::string& words) {
    return comes_true(kSoon, [&] {
      (void)sign_once(session_, key_, "to let the module look");
      return lab_.log().find(words) != std::string::npos;
    });
  }
  bool is_in_force() { return log_says("the changed configuration is in force"); }

  void expect_no_failure(SigningThreads& signers) {
    const int before = signers.successes();
    EXPECT_TRUE(comes_true(kSoon, [&] { return signers.successes() > before + 100; }));
    const auto calls = signers.stop();
    for (const auto& [code, count] : by_code(calls)) EXPECT_EQ(code, CKR_OK) << count << " calls";
  }

  Member with_pin(Member member, const std::string& pin) {
    member.pins.push_back(pin);
    return member;
  }

  Laboratory lab_{Laboratory::Route::direct};
  const Module module_;
  Session session_{module_};
  CK_OBJECT_HANDLE key_ = find_key();

 private:
  CK_OBJECT_HANDLE find_key() {
    session_.login(lab_.pin());
    return session_.find_one({CKO_PRIVATE_KEY, "signer", {}});
  }
};

TEST_F(ReloadTest, AnAnnouncedPinLetsTheServersCertificateChangeWithoutAnInterruption) {
  SigningThreads signers(module_, lab_.pin(), kReloadThreads, kReloadPause);
  lab_.reconfigure(
      {with_pin(lab_.primary().member(), pin_of(lab_.tls_file("primary", "foreign.crt"))),
       with_pin(lab_.alternate().member(), pin_of(lab_.tls_file("alternate", "foreign.crt")))});
  ASSERT_TRUE(is_in_force()) << lab_.log();

  lab_.show_certificate(lab_.primary(), "primary", "foreign");
  lab_.show_certificate(lab_.alternate(), "alternate", "foreign");

  expect_no_failure(signers);
  EXPECT_EQ(lab_.log().find("the server's key has the pin"), std::string::npos);
}

TEST_F(ReloadTest, AReplacedMemberTakesOverWithoutAnInterruption) {
  SigningThreads signers(module_, lab_.pin(), kReloadThreads, kReloadPause);
  const Member other = Laboratory::through(lab_.alternate_proxy(), lab_.alternate().member());
  lab_.reconfigure({lab_.primary().member(), other});
  ASSERT_TRUE(is_in_force()) << lab_.log();

  lab_.primary().stop();

  expect_no_failure(signers);
  EXPECT_GT(lab_.alternate_proxy().connections(), 0U);
}

TEST_F(ReloadTest, ABrokenFileChangesNothingAndIsReportedOnce) {
  SigningThreads signers(module_, lab_.pin(), kReloadThreads, kReloadPause);
  lab_.write_broken_config();
  ASSERT_TRUE(log_says("the changed configuration is refused")) << lab_.log();

  expect_no_failure(signers);
  const std::string log = lab_.log();
  const auto first = log.find("the changed configuration is refused");
  EXPECT_EQ(log.find("the changed configuration is refused", first + 1), std::string::npos);
  EXPECT_NE(log.find("client.toml:2"), std::string::npos) << "the line of the mistake";
}

TEST_F(ReloadTest, AWithdrawnPinEndsTheConnectionsThatWereMadeUnderIt) {
  ASSERT_EQ(sign_once(session_, key_, "before").code, CKR_OK);
  Member primary = lab_.primary().member();
  Member alternate = lab_.alternate().member();
  primary.pins = alternate.pins = {kNobodysPin};
  lab_.reconfigure({primary, alternate});
  ASSERT_TRUE(is_in_force()) << lab_.log();

  EXPECT_EQ(sign_once(session_, key_, "after").code, CKR_DEVICE_ERROR);
  EXPECT_NE(lab_.log().find("the server's key has the pin"), std::string::npos);
}

}  // namespace
}  // namespace signet::tests
