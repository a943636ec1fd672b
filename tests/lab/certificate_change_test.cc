// A member shows another certificate: expected beforehand it is no event, unexpected it gets
// nothing.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <iostream>
#include <memory>

#include "tests/lab/crew.h"
#include "tests/lab/laboratory.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

constexpr int kThreads = 8;
constexpr Milliseconds kPause{20};

// Of a certificate in PEM, as configurations have it.
std::string pin_of(const std::filesystem::path& file) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_file(file.c_str(), "r"), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr), &X509_free);
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  Bytes der(static_cast<std::size_t>(i2d_PUBKEY(key, nullptr)));
  auto* out = der.data();
  i2d_PUBKEY(key, &out);
  return "sha256//" + base64(sha256(der));
}

class CertificateChangeTest : public testing::Test {
 protected:
  // Both members, one after the other, come back with another key and certificate: "backup" is
  // pinned, "foreign" is not.
  void change_to(const std::string& name) {
    change(lab_.primary(), "primary", name);
    change(lab_.alternate(), "alternate", name);
  }

  void change(EmulatorMember& member, const std::string& role, const std::string& name) {
    using std::filesystem::copy_options;
    member.stop();
    for (const char* kind : {".key", ".crt"}) {
      copy_file(lab_.tls_file(role, name + kind), lab_.tls_file(role, std::string("live") + kind),
                copy_options::overwrite_existing);
    }
    member.start();
  }

  Laboratory lab_{Laboratory::Route::direct};
};

TEST_F(CertificateChangeTest, APinnedBackupKeyTakesOverWithoutAnInterruption) {
  const Module module;
  Session session(module);
  session.login(lab_.pin());
  Crew crew(module, lab_.pin(), kThreads, kPause);
  EXPECT_TRUE(comes_true(Milliseconds(10'000), [&] { return crew.successes() > 100; }));

  change_to("backup");

  const int before = crew.successes();
  EXPECT_TRUE(comes_true(Milliseconds(10'000), [&] { return crew.successes() > before + 100; }));
  const auto calls = crew.stop();
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
  Crew crew(module, lab_.pin(), kThreads, kPause);
  EXPECT_TRUE(comes_true(Milliseconds(10'000), [&] { return crew.successes() > 100; }));

  change(lab_.primary(), "primary", "foreign");

  const int before = crew.successes();
  EXPECT_TRUE(comes_true(Milliseconds(10'000), [&] { return crew.successes() > before + 100; }));
  for (const auto& [code, count] : by_code(crew.stop())) EXPECT_EQ(code, CKR_OK) << count;
  EXPECT_EQ(lab_.primary().counters().requests, 0U);
  EXPECT_NE(lab_.log().find("the server's key has the pin "), std::string::npos);
}

}  // namespace
}  // namespace signet::tests
