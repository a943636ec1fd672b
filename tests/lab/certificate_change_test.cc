// A member shows another certificate: expected beforehand it is no event, unexpected it gets
// nothing.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/lab/laboratory.h"
#include "tests/lab/signing_threads.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

constexpr int kThreads = 8;
constexpr Milliseconds kPause{20};

class CertificateChangeTest : public testing::Test {
 protected:
  // Both members, one after the other, come back with another key and certificate: "backup" is
  // pinned, "foreign" is not.
  void change_to(const std::string& name) {
    lab_.show_certificate(lab_.primary(), "primary", name);
    lab_.show_certificate(lab_.alternate(), "alternate", name);
  }

  Laboratory lab_{Laboratory::Route::direct};
};

TEST_F(CertificateChangeTest, APinnedBackupKeyTakesOverWithoutAnInterruption) {
  const Module module;
  Session session(module);
  session.login(lab_.pin());
  SigningThreads signers(module, lab_.pin(), kThreads, kPause);
  EXPECT_TRUE(comes_true(Milliseconds(10'000), [&] { return signers.successes() > 100; }));

  change_to("backup");

  const int before = signers.successes();
  EXPECT_TRUE(comes_true(Milliseconds(10'000), [&] { return signers.successes() > before + 100; }));
  const auto calls = signers.stop();
  for (const auto& [code, count] : by_code(calls)) EXPECT_EQ(code, CKR_OK) << count << " calls";
  EXPECT_LE(slowest(calls), kPrompt);
  EXPECT_GT(lab_.counters().requests, 0U);
  std::cout << "[ measured ] slowest of " << calls.size()
            << " signatures during the change: " << slowest(calls).count() << " ms\n";
}

TEST_F(CertificateChangeTest, AForeignKeyGetsNoRequestAndTheLogNamesBothPins) {
  const Module module;
  Session session(module);
  session.login(lab_.pin());
  const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
  EXPECT_EQ(sign_once(session, key, "before").code, CKR_OK);
  const auto pins = lab_.primary().member().pins;
  change_to("foreign");

  const auto call = sign_once(session, key, "to a stranger");

  EXPECT_EQ(call.code, CKR_DEVICE_ERROR);
  EXPECT_EQ(lab_.counters().requests, 0U);
  EXPECT_EQ(lab_.counters().request_bytes, 0U);
  const std::string log = lab_.log();
  const std::string seen = pin_of(lab_.tls_file("primary", "live.crt"));
  EXPECT_NE(log.find("the server's key has the pin " + seen), std::string::npos) << log;
  for (const auto& pin : pins) EXPECT_NE(log.find(pin), std::string::npos) << log;
  EXPECT_EQ(log.find(lab_.pin()), std::string::npos) << "the log holds the PIN";
}

TEST_F(CertificateChangeTest, OneMemberWithAForeignKeyStopsNoSignature) {
  const Module module;
  Session session(module);
  session.login(lab_.pin());
  SigningThreads signers(module, lab_.pin(), kThreads, kPause);
  EXPECT_TRUE(comes_true(Milliseconds(10'000), [&] { return signers.successes() > 100; }));

  lab_.show_certificate(lab_.primary(), "primary", "foreign");

  const int before = signers.successes();
  EXPECT_TRUE(comes_true(Milliseconds(10'000), [&] { return signers.successes() > before + 100; }));
  EXPECT_TRUE(comes_true(Milliseconds(15'000), [&] {
    return lab_.log().find("the server's key has the pin ") != std::string::npos;
  })) << "the primary's key was not looked at";
  for (const auto& [code, count] : by_code(signers.stop())) EXPECT_EQ(code, CKR_OK) << count;
  EXPECT_EQ(lab_.primary().counters().requests, 0U);
}

}  // namespace
}  // namespace signet::tests
