// What is a credential, what it says of itself, and that it does what it says.
#include <gmock/gmock.h>

#include "softhsm-backend/csc/testing/csc_scene.h"

namespace signet::emulator::csc {
namespace {

using boost::json::array;
using boost::json::object;
using testing::HasSubstr;
using testing::Not;

constexpr long kYear = 31'536'000;  // seconds
constexpr Validity kPast{-2 * kYear, -kYear};
constexpr Validity kFuture{kYear, 2 * kYear};

class CscCredentialsTest : public CscServiceTest {
 protected:
  void SetUp() override {
    CscServiceTest::SetUp();
    token_ = token();
  }

  object info(const std::string& version = "v2") {
    const Answer answer =
        call("credentials/info", {{"credentialID", key_}, {"authInfo", true}}, token_, {}, version);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    return boost::json::parse(answer.body).as_object();
  }

  object list(object request, const std::string& version = "v2") {
    const Answer answer = call("credentials/list", request, token_, {}, version);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    return boost::json::parse(answer.body).as_object();
  }

  Answer authorize() { return call("credentials/authorize", authorisation(1, hashes(1)), token_); }

  std::string token_;
};

TEST_F(CscCredentialsTest, AnExpiredCertificateIsShownAndSignsNothing) {
  const json key = make_ec_key();
  key_ = make_certified_key(key);
  const std::string given = sad(token_, 2, hashes(1));
  appliance->state.write([&](Database& database) {
    database.run("UPDATE certificates SET der = ? WHERE public_key = ?",
                 certificate_for(bytes_in(key.at("publicKey")), false, kPast),
                 bytes_in(key.at("publicKey")));
  });
  EXPECT_EQ(info().at("cert").at("status"), "expired");
  const auto expired = HasSubstr("Signing certificate is expired");
  EXPECT_THAT(authorize().body, expired);
  EXPECT_THAT(sign(token_, given, hashes(1)).body, expired);
  EXPECT_THAT(call("credentials/extendTransaction",
                   {{"credentialID", key_},
                    {"SAD", given},
                    {"hashes", hashes(2)},
                    {"hashAlgorithmOID", "2.16.840.1.101.3.4.2.1"}},
                   token_)
                  .body,
              expired);
  EXPECT_EQ(journal_entries(), 0);

  make_certified_key(key);
  EXPECT_EQ(info().at("cert").at("status"), "valid") << "the one that is valid counts";
  EXPECT_EQ(sign(token_, given, hashes(1)).status, 200U);
}

TEST_F(CscCredentialsTest, ACertificateOfTheFutureSignsNothingYet) {
  key_ = make_certified_key(make_ec_key(), kFuture);
  const object shown = info();
  EXPECT_FALSE(shown.at("cert").as_object().contains("status"))
      << "the API has no word for it (11.4)";
  EXPECT_THAT(authorize().body, HasSubstr("Signing certificate is not valid yet"));
}

TEST_F(CscCredentialsTest, AKeyWithoutACertificateIsNoCredential) {
  const std::string given = sad(token_, 1, hashes(1));
  key_ = std::string(make_ec_key().at("id").as_string());
  const auto refused = HasSubstr("Invalid parameter credentialID");
  EXPECT_THAT(authorize().body, refused);
  EXPECT_THAT(sign(token_, given, hashes(1)).body, refused);
  EXPECT_THAT(
      call("credentials/extendTransaction", {{"credentialID", key_}, {"SAD", given}}, token_).body,
      refused);
}

// signHash signs hashes; pure Ed25519 (RFC 8032) signs messages.
TEST_F(CscCredentialsTest, AnEd25519KeyIsNoCredential) {
  key_ = make_certified_key(make_key({{"type", "Ed25519"}}));
  EXPECT_THAT(call("credentials/list", {}, token_).body, Not(HasSubstr(key_)));
  const auto refused = HasSubstr("Invalid parameter credentialID");
  EXPECT_THAT(call("credentials/info", {{"credentialID", key_}}, token_).body, refused);
  EXPECT_THAT(authorize().body, refused);
}

TEST_F(CscCredentialsTest, AKeySaysTheAlgorithmsThatItSignsWith) {
  struct Row {
    const char* curve;
    array algorithms;
    std::size_t size;
  };
  set_policy([](Policy& policy) { policy.scal = 1; });
  for (const Row& row : {Row{"P-256", {"1.2.840.10045.4.3.2", "0.4.0.127.0.7.1.1.4.1.3"}, 32},
                         Row{"P-384", {"1.2.840.10045.4.3.3", "0.4.0.127.0.7.1.1.4.1.4"}, 48},
                         Row{"P-521", {"1.2.840.10045.4.3.4", "0.4.0.127.0.7.1.1.4.1.5"}, 64}}) {
    key_ = make_certified_key(make_key({{"type", "EC"}, {"curve", row.curve}}));
    EXPECT_EQ(info().at("key").at("algo"), row.algorithms) << row.curve;
    const auto with = [&](const json& algorithm, std::size_t size) {
      return call("signatures/signHash",
                  {{"credentialID", key_},
                   {"SAD", sad(token_, 1)},
                   {"hashes", array{to_base64(Bytes(size, 1))}},
                   {"signAlgo", algorithm}},
                  token_);
    };
    for (const json& algorithm : row.algorithms) {
      EXPECT_EQ(with(algorithm, row.size).status, 200U) << row.curve << ' ' << algorithm;
    }
    const bool p256 = row.size == 32;
    EXPECT_THAT(with(p256 ? "1.2.840.10045.4.3.3" : "1.2.840.10045.4.3.2", p256 ? 48 : 32).body,
                HasSubstr("Invalid parameter signAlgo"))
        << row.curve;
  }
}

// What the account signs with besides its password.
TEST_F(CscCredentialsTest, SaysThatItWantsASignPassword) {
  const std::string hash = hash_password(Secret(std::string_view("sign it")));
  set("sign_credential = 'password', sign_secret = '" + hash + "'");
  const json auth = info().at("auth");
  EXPECT_EQ(auth.at("expression"), "PIN AND OTP");
  ASSERT_EQ(auth.at("objects").as_array().size(), 2U);
  const json& second = auth.at("objects").as_array()[1];
  EXPECT_EQ(second.at("type"), "Password") << "the API has no type OTP (8.3)";
  EXPECT_EQ(second.at("id"), "OTP");
  EXPECT_EQ(second.at("format"), "A");
  EXPECT_FALSE(second.as_object().contains("generator"));
  const json first = info("v1");
  EXPECT_EQ(first.at("OTP").at("presence"), "true");
  EXPECT_EQ(first.at("OTP").at("format"), "A");

  EXPECT_THAT(authorize().body, HasSubstr("invalid_otp"));
  object body = authorisation(1, hashes(1));
  body["authData"].as_array().push_back(object{{"id", "OTP"}, {"value", "sign it"}});
  EXPECT_EQ(call("credentials/authorize", body, token_).status, 200U);

  set("sign_credential = 'otp'");
  const json otp = info().at("auth");
  EXPECT_EQ(otp.at("objects").as_array()[1].at("generator"), "totp");
  EXPECT_EQ(otp.at("objects").as_array()[1].at("format"), "N");
}

// CSC API 2.0, 11.4.
TEST_F(CscCredentialsTest, ListsThemWithWhatTheyAre) {
  EXPECT_FALSE(list({}).contains("credentialInfos"));
  const object told = list({{"credentialInfo", true},
                            {"certificates", "chain"},
                            {"certInfo", true},
                            {"authInfo", true},
                            {"clientData", "x"}});
  ASSERT_EQ(told.at("credentialInfos").as_array().size(), 1U);
  const object& one = told.at("credentialInfos").as_array()[0].as_object();
  EXPECT_EQ(one.at("credentialID"), json(key_));
  EXPECT_EQ(one.at("cert").at("certificates").as_array().size(), 1U);
  EXPECT_TRUE(one.at("cert").as_object().contains("validTo"));
  EXPECT_EQ(one.at("auth").at("mode"), "explicit");
  EXPECT_EQ(
      call("credentials/list", {{"credentialInfo", true}, {"certificates", "all"}}, token_).status,
      400U);
  EXPECT_FALSE(list({{"credentialInfo", true}}, "v1").contains("credentialInfos"))
      << "version 2 only";
}

TEST_F(CscCredentialsTest, ListsOnlyThoseThatSignWhereThatIsWanted) {
  const std::string expired = make_certified_key(make_ec_key(), kPast);
  const std::string disabled = make_certified_key();
  appliance->state.write(
      [&](Database& database) { set_key_active(database, user, disabled, false); });
  const object all = list({});
  EXPECT_EQ(all.at("credentialIDs").as_array().size(), 3U);
  EXPECT_FALSE(all.contains("onlyValid"));
  const object valid = list({{"onlyValid", true}, {"credentialInfo", true}});
  EXPECT_EQ(valid.at("credentialIDs"), array{json(key_)});
  EXPECT_EQ(valid.at("credentialInfos").as_array().size(), 1U);
  EXPECT_EQ(valid.at("onlyValid"), true);
  EXPECT_EQ(list({{"onlyValid", true}}, "v1").at("credentialIDs").as_array().size(), 3U);
}

}  // namespace
}  // namespace signet::emulator::csc
