// What is set of an authority reaches it, and nobody else. Good time-stamps: tests/seal-library/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "bindings/c/testing/abi_scene.h"
#include "https/testing/tls_test_server.h"

namespace signet::c {
namespace {

class AbiAuthorities : public Abi {
 protected:
  void SetUp() override {
    open(key_);
    ASSERT_EQ(signet_seal_authority_new(context_, server_.url().c_str(), &authority_, error_), 0);
    ASSERT_EQ(signet_seal_authority_set_limit(authority_, 5000, error_), 0);
  }

  std::string file(const char* name, const std::string& content) const {
    std::ofstream(dir_ / name) << content;
    return (dir_ / name).native();
  }

  // Asks for a time-stamp in vain.
  void ask() {
    Stamper stamper;
    const signet_seal_authority* const all[] = {authority_};
    ASSERT_EQ(signet_seal_time_stamper_new(context_, all, 1, &stamper, error_), 0);
    AbiOutput output;
    EXPECT_EQ(seal(key_, output, nullptr, nullptr, stamper), SIGNET_SEAL_NO_TIME_STAMP);
    EXPECT_TRUE(bytes_in(output).empty());
  }

  Key key_;
  AbiAuthority authority_;
  https::TlsTestServer server_{
      std::make_shared<https::TestIdentity>(),
      [](const https::TestRequest&) { return https::TestReply{.status = 500}; },
      {.wants_client_certificate = true}};
};

TEST_F(AbiAuthorities, GetCredentialsBehindThePinOnly) {
  const https::TestIdentity mine("DNS:mine.example");
  const auto certificate = file("mine.pem", mine.certificate_pem());
  const auto key = file("mine.key", mine.key_pem());
  ASSERT_EQ(signet_seal_authority_set_basic(authority_, "user", "pass word", 9, error_), 0);
  ASSERT_EQ(signet_seal_authority_set_client_certificate(authority_, certificate.c_str(),
                                                         key.c_str(), error_),
            0)
      << sentence();
  const auto other = https::TestIdentity().pin().text();
  ASSERT_EQ(signet_seal_authority_add_pin(authority_, other.c_str(), error_), 0);
  ask();
  EXPECT_THAT(server_.requests(), testing::IsEmpty());
  ASSERT_EQ(signet_seal_authority_add_pin(authority_, server_.pin().text().c_str(), error_), 0);
  ask();
  EXPECT_THAT(sentence(), testing::HasSubstr("500"));
  EXPECT_THAT(sentence(), testing::Not(testing::HasSubstr("pass word")));
  ASSERT_EQ(server_.requests().size(), 1U);
  const auto request = server_.requests().front();
  EXPECT_EQ(request.headers.at("authorization"), "Basic dXNlcjpwYXNzIHdvcmQ=");
  EXPECT_EQ(request.headers.at("content-type"), "application/timestamp-query");
  EXPECT_THAT(request.headers.at("user-agent"), testing::StartsWith("signet-seal/"));
  EXPECT_EQ(server_.client_certificate(), mine.certificate_der());
}

TEST_F(AbiAuthorities, AreRecognisedByACaFile) {
  ask();  // by the authorities that the system trusts
  EXPECT_THAT(server_.requests(), testing::IsEmpty());
  const auto other = file("other.pem", https::TestIdentity().certificate_pem());
  ASSERT_EQ(signet_seal_authority_set_tls_ca_file(authority_, other.c_str(), error_), 0);
  ask();
  EXPECT_THAT(server_.requests(), testing::IsEmpty());
}

TEST_F(AbiAuthorities, TheirOwnCertificateIsAnAuthorityToo) {
  const auto identity = std::make_shared<https::TestIdentity>();
  https::TlsTestServer server(
      identity, [](const https::TestRequest&) { return https::TestReply{.status = 500}; });
  AbiAuthority authority;
  ASSERT_EQ(signet_seal_authority_new(context_, server.url().c_str(), &authority, error_), 0);
  const auto own = file("own.pem", identity->certificate_pem());
  ASSERT_EQ(signet_seal_authority_set_tls_ca_file(authority, own.c_str(), error_), 0);
  ASSERT_EQ(signet_seal_authority_set_policy(authority, "1.3.6.1.4.1.32473.1", error_), 0);
  const signet_seal_authority* const all[] = {authority};
  Stamper stamper;
  ASSERT_EQ(signet_seal_time_stamper_new(context_, all, 1, &stamper, error_), 0);
  AbiOutput output;
  EXPECT_EQ(seal(key_, output, nullptr, nullptr, stamper), SIGNET_SEAL_NO_TIME_STAMP);
  ASSERT_EQ(server.requests().size(), 1U) << sentence();
  // The policy's DER, as the request asks for it.
  EXPECT_THAT(server.requests().front().body,
              testing::HasSubstr("\x06\x09\x2B\x06\x01\x04\x01\x81\xFD\x59\x01"));
}

}  // namespace
}  // namespace signet::c
