#include "dsa-transport/testing/fake_appliance.h"

#include <gtest/gtest.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include <thread>

namespace signet::transport {
namespace {

using namespace std::chrono_literals;
using Call = FakeAppliance::Call;

class FakeApplianceTest : public testing::Test {
 protected:
  static Deadline soon() { return Deadline::after(10s); }

  SignRequest request_for(const KeyInfo& key, Scheme algorithm) const {
    SignRequest request;
    request.key_id = key.id;
    request.algorithm = algorithm;
    request.digests = {Bytes(32, 0x5A)};
    return request;
  }

  Failure failure_of_login(const std::string& password) {
    auto answer = appliance_.account({"seal", Secret(password)}, soon());
    return answer ? throw std::logic_error("the login succeeded") : answer.error().failure;
  }

  FakeAppliance appliance_;
  const Credential who_{"seal", Secret("secret")};
};

bool verifies(EVP_PKEY* key, int padding, const Bytes& signature, const Bytes& digest) {
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key, nullptr);
  EVP_PKEY_verify_init(context);
  if (padding != 0) EVP_PKEY_CTX_set_rsa_padding(context, padding);
  EVP_PKEY_CTX_set_signature_md(context, EVP_sha256());
  const int result =
      EVP_PKEY_verify(context, signature.data(), signature.size(), digest.data(), digest.size());
  EVP_PKEY_CTX_free(context);
  return result == 1;
}

TEST_F(FakeApplianceTest, SignsWithRsa) {
  const KeyInfo key = appliance_.add_rsa_key();
  const PkeyPtr pkey = appliance_.private_key(key.id);
  const auto pkcs1 = appliance_.sign(who_, request_for(key, Scheme::rsa_pkcs1), soon());
  ASSERT_TRUE(pkcs1);
  EXPECT_TRUE(verifies(pkey.get(), RSA_PKCS1_PADDING, pkcs1.value().values[0], Bytes(32, 0x5A)));
  SignRequest pss = request_for(key, Scheme::rsa_pss);
  pss.salt_length = 32;
  const auto padded = appliance_.sign(who_, pss, soon());
  ASSERT_TRUE(padded);
  EXPECT_TRUE(
      verifies(pkey.get(), RSA_PKCS1_PSS_PADDING, padded.value().values[0], Bytes(32, 0x5A)));
}

TEST_F(FakeApplianceTest, PadsReadyBytesWithoutHash) {
  const KeyInfo key = appliance_.add_rsa_key();
  SignRequest request = request_for(key, Scheme::rsa_pkcs1);
  request.hash = Hash::none;
  request.digests = {Bytes(51, 1)};
  const auto answer = appliance_.sign(who_, request, soon());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().values[0].size(), 256U);
}

TEST_F(FakeApplianceTest, GivesEcdsaSignaturesOfFixedSize) {
  const KeyInfo key = appliance_.add_ec_key(Curve::p521);
  const auto answer = appliance_.sign(who_, request_for(key, Scheme::ecdsa), soon());
  ASSERT_TRUE(answer);
  const Bytes& fixed = answer.value().values[0];
  ASSERT_EQ(fixed.size(), 132U);
  ECDSA_SIG* parsed = ECDSA_SIG_new();
  ECDSA_SIG_set0(parsed, BN_bin2bn(fixed.data(), 66, nullptr),
                 BN_bin2bn(fixed.data() + 66, 66, nullptr));
  Bytes der(150);
  unsigned char* out = der.data();
  der.resize(static_cast<std::size_t>(i2d_ECDSA_SIG(parsed, &out)));
  ECDSA_SIG_free(parsed);
  EXPECT_TRUE(verifies(appliance_.private_key(key.id).get(), 0, der, Bytes(32, 0x5A)));
}

TEST_F(FakeApplianceTest, SpoilsOneSignatureOnDemand) {
  const KeyInfo key = appliance_.add_rsa_key();
  const PkeyPtr pkey = appliance_.private_key(key.id);
  for (const auto spoil : {FakeAppliance::Spoil::bit_flip, FakeAppliance::Spoil::other_key,
                           FakeAppliance::Spoil::other_digest, FakeAppliance::Spoil::cut_short}) {
    appliance_.spoil_next_signature(spoil);
    for (const bool good : {false, true}) {
      const auto answer = appliance_.sign(who_, request_for(key, Scheme::rsa_pkcs1), soon());
      ASSERT_TRUE(answer);
      EXPECT_EQ(verifies(pkey.get(), RSA_PKCS1_PADDING, answer.value().values[0], Bytes(32, 0x5A)),
                good);
    }
  }
}

TEST_F(FakeApplianceTest, LocksTheAccountAfterFiveWrongPasswords) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(failure_of_login("wrong"), Failure::wrong_password);
  EXPECT_EQ(failure_of_login("secret"), Failure::account_locked);
}

TEST_F(FakeApplianceTest, FailsOnDemandAsOftenAsAsked) {
  appliance_.fail_next(Call::account, Failure::busy, 2);
  EXPECT_EQ(failure_of_login("secret"), Failure::busy);
  EXPECT_EQ(failure_of_login("secret"), Failure::busy);
  EXPECT_TRUE(appliance_.account(who_, soon()));
  EXPECT_EQ(appliance_.calls(Call::account), 3U);
}

TEST_F(FakeApplianceTest, TellsWhetherTheObjectsChanged) {
  auto first = appliance_.objects(who_, "", soon());
  ASSERT_TRUE(first && first.value());
  const std::string etag = first.value()->etag;
  EXPECT_FALSE(appliance_.objects(who_, etag, soon()).value());
  ASSERT_TRUE(appliance_.generate_key(who_, {KeyType::ec, 0, Curve::p256, {}, {}}, soon()));
  auto second = appliance_.objects(who_, etag, soon());
  ASSERT_TRUE(second && second.value());
  EXPECT_EQ(second.value()->keys.size(), 1U);
}

TEST_F(FakeApplianceTest, WantsTheSecondCredentialWhereTheAccountHasOne) {
  const KeyInfo key = appliance_.add_ec_key();
  appliance_.set_account({.user = "seal",
                          .password = "secret",
                          .sign_credential = SignCredential::password,
                          .sign_password = "again"});
  SignRequest request = request_for(key, Scheme::ecdsa);
  EXPECT_EQ(appliance_.sign(who_, request, soon()).error().failure,
            Failure::sign_credential_missing);
  request.sign_password = Secret("wrong");
  EXPECT_EQ(appliance_.sign(who_, request, soon()).error().failure, Failure::sign_credential_wrong);
  request.sign_password = Secret("again");
  EXPECT_TRUE(appliance_.sign(who_, request, soon()));
}

TEST_F(FakeApplianceTest, ChangesPasswords) {
  ASSERT_TRUE(appliance_.change_password(who_, Secret("next"), soon()));
  EXPECT_EQ(failure_of_login("secret"), Failure::wrong_password);
  EXPECT_TRUE(appliance_.account({"seal", Secret("next")}, soon()));
}

TEST_F(FakeApplianceTest, ServesManyThreads) {
  const KeyInfo key = appliance_.add_ec_key();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) {
        EXPECT_TRUE(appliance_.sign(who_, request_for(key, Scheme::ecdsa), soon()));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(appliance_.calls(Call::sign), 160U);
}

}  // namespace
}  // namespace signet::transport
