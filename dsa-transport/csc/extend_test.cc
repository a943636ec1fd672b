// Transactions of several requests under one authorisation (CSC API 2.0, 11.11).
#include "dsa-transport/csc/testing/csc_test_scene.h"

namespace signet::transport::csc {
namespace {

using namespace std::chrono_literals;
using Ending = TestReply::Ending;

constexpr const char* kExtend = "credentials/extendTransaction";

class ExtendTest : public CscTest {
 protected:
  ExtendTest() {
    on("info", R"({"specs":"2.0.0.2","name":"Trial","methods":["credentials/list",
      "credentials/info","credentials/authorize","credentials/extendTransaction",
      "signatures/signHash"]})");
    on("credentials/info", credential_body("2"));  // three signatures
    on(kExtend, R"({"SAD":"sad-extended","expiresIn":300})");
  }

  std::string sad_of_last_signature() const {
    return std::string(json_of(requests_of("signatures/signHash").back()).at("SAD").as_string());
  }
};

TEST_F(ExtendTest, OneAuthorisationServesAsManySignaturesAsTheCredentialAllows) {
  const auto client = make_appliance(settings());
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(sign(*client));
  EXPECT_EQ(count("credentials/authorize"), 2U);
  EXPECT_EQ(count(kExtend), 4U);
  const auto authorised = json_of(requests_of("credentials/authorize").front());
  EXPECT_EQ(authorised.at("numSignatures"), 3);
  EXPECT_EQ(authorised.at("hashes").as_array().size(), 1U);
  const auto extended = json_of(requests_of(kExtend).front());
  EXPECT_EQ(extended.at("credentialID"), "cred");
  EXPECT_EQ(extended.at("SAD"), "sad-1");
  EXPECT_EQ(extended.at("hashes").as_array().size(), 1U);
  EXPECT_EQ(extended.at("hashAlgorithmOID"), "2.16.840.1.101.3.4.2.1");
  EXPECT_FALSE(extended.contains("authData")) << "the PIN is sent once";
  EXPECT_EQ(sad_of_last_signature(), "sad-extended");
}

TEST_F(ExtendTest, WhatIsLeftMustBeEnough) {
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client, 2));
  ASSERT_TRUE(sign(*client, 2)) << "one is left of the first";
  EXPECT_EQ(count("credentials/authorize"), 2U);
  EXPECT_EQ(count(kExtend), 0U);
  ASSERT_TRUE(sign(*client, 3));
  EXPECT_EQ(count("credentials/authorize"), 3U);
}

TEST_F(ExtendTest, IsNotForAnotherPin) {
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client, 1, "1234"));
  ASSERT_TRUE(sign(*client, 1, "5678"));
  EXPECT_EQ(count(kExtend), 0U);
}

TEST_F(ExtendTest, AuthorisesAgainWhereTheServiceDoesNotExtend) {
  const auto client = make_appliance(settings());
  for (const auto& [status, description] :
       std::vector<std::pair<int, std::string>>{{400, "Invalid parameter SAD"},
                                                {400, "SAD expired"},
                                                {400, "no such transaction"},
                                                {501, "not here"}}) {
    on(kExtend, error_body("invalid_request", description), status);
    const std::size_t before = count("credentials/authorize");
    ASSERT_TRUE(sign(*client));
    ASSERT_TRUE(sign(*client)) << description;
    EXPECT_GT(count("credentials/authorize"), before) << description;
  }
  EXPECT_EQ(sad_of_last_signature(), "sad-1");
}

TEST_F(ExtendTest, AFaultIsAFaultHereToo) {
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client));
  on(kExtend, {.ending = Ending::cut});
  const std::size_t before = count("signatures/signHash");
  EXPECT_FALSE(sign(*client, 1, "1234", 5000ms));
  EXPECT_EQ(count("signatures/signHash"), before);
}

// Some services bind an authorisation to as many hashes as signatures.
TEST_F(ExtendTest, AsksForNoMoreThanItsHashesWhereThatIsRefused) {
  on_first(1, "credentials/authorize",
           {.status = 400, .body = error_body("invalid_request", "hashes do not match")});
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(count("credentials/authorize"), 2U);
  EXPECT_EQ(json_of(requests_of("credentials/authorize").back()).at("numSignatures"), 1);
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(count("credentials/authorize"), 3U) << "it is remembered";
  EXPECT_EQ(count(kExtend), 0U);
}

TEST_F(ExtendTest, IsAskedForOnlyWhereInfoNamesIt) {
  on("info", R"({"specs":"2.0.0.2","name":"Trial"})");
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client));
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(count(kExtend), 0U);
  EXPECT_EQ(json_of(requests_of("credentials/authorize").front()).at("numSignatures"), 1);
}

TEST_F(ExtendTest, Version1HasOtherNames) {
  Settings v1 = settings();
  v1.members.front().url = origin() + "/csc/v1";
  hashes_name_ = "hash";
  const auto client = make_appliance(v1);
  ASSERT_TRUE(sign(*client));
  ASSERT_TRUE(sign(*client));
  const auto extended = json_of(requests_of(kExtend).front());
  EXPECT_EQ(extended.at("hash").as_array().size(), 1U);
  EXPECT_FALSE(extended.contains("hashAlgorithmOID"));
}

}  // namespace
}  // namespace signet::transport::csc
