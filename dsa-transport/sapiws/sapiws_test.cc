// The SOAP service's client against a server that answers as it is told.
#include <gtest/gtest.h>

#include "dsa-transport/sapiws/failures.h"
#include "dsa-transport/sapiws/testing/sapiws_scene.h"

namespace signet::transport::sapiws {
namespace {

TEST_F(SapiwsTest, ShowsTheAccountsCertificatesAsKeys) {
  const auto client = make_appliance(settings());
  const auto answer = client->objects(who_, {}, Deadline::after(10s));
  ASSERT_TRUE(answer && answer.value());
  const ObjectSet& set = *answer.value();
  ASSERT_EQ(set.keys.size(), 1U);
  EXPECT_EQ(set.keys[0].type, KeyType::rsa);
  EXPECT_EQ(set.keys[0].bits, 2048U);
  EXPECT_EQ(set.keys[0].cka_id.size(), 20U);
  ASSERT_EQ(set.certificates.size(), 1U);
  EXPECT_EQ(set.certificates[0].key_id, set.keys[0].id);
  EXPECT_FALSE(client->objects(who_, set.etag, Deadline::after(10s)).value());
  // The password is escaped, and stands nowhere but in the body.
  EXPECT_NE(bodies(kEnumCertificates).front().find("pass&lt;&amp;&gt;word"), std::string::npos);
}

TEST_F(SapiwsTest, TellsWhatItIsWithoutCredentials) {
  const auto info = make_appliance(settings())->info(Deadline::after(10s));
  ASSERT_TRUE(info);
  EXPECT_EQ(info.value().serial_number, "CSN1");
  EXPECT_EQ(info.value().firmware.major, 8U);
  EXPECT_FALSE(info.value().stores_objects);
  EXPECT_TRUE(info.value().changes_passwords);
  EXPECT_TRUE(info.value().clock.has_value());
  EXPECT_TRUE(bodies("LogonPassword").empty());
}

TEST_F(SapiwsTest, SignsADigestWithItsFlagsAndTheCertificateAsSelector) {
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client));
  const std::string body = bodies(kPkcs1).front();
  EXPECT_NE(body.find("<arx:Flags>17408</arx:Flags>"), std::string::npos);
  EXPECT_NE(body.find("<ds:X509Certificate>" + crypto::to_base64(certificate_)), std::string::npos);
  EXPECT_NE(body.find("<Base64Data MimeType=\"application/octet-string\">" +
                      crypto::to_base64(Bytes(32, 1))),
            std::string::npos);
  Settings other = settings();
  other.sapiws.pkcs1_flag = true;
  other.sapiws.selector = config::SapiwsConfig::Selector::issuer_serial;
  ASSERT_TRUE(sign(*make_appliance(other), Hash::sha512));
  const std::string second = bodies(kPkcs1).back();
  EXPECT_NE(second.find("<arx:Flags>590848</arx:Flags>"), std::string::npos);
  EXPECT_NE(second.find("X509SerialNumber"), std::string::npos);
}

TEST_F(SapiwsTest, TakesTheSignatureFromEitherPlace) {
  on(kPkcs1, {.body = good("<OptionalOutputs><DocumentWithSignature><Document><Base64Data>" +
                           crypto::to_base64(Bytes(256, 7)) +
                           "</Base64Data></Document></DocumentWithSignature></OptionalOutputs>")});
  EXPECT_TRUE(sign(*make_appliance(settings())));
}

TEST_F(SapiwsTest, RefusesAWholeCmsInPlaceOfASignature) {
  on(kPkcs1, {.body = signature(1867)});
  const auto answer = sign(*make_appliance(settings()));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::bad_answer);
  EXPECT_NE(answer.error().sentence.find("CMS"), std::string::npos);
}

TEST_F(SapiwsTest, SaysThatTheApplianceMayHaveSignedAndDoesNotAskAgain) {
  const auto client = make_appliance(settings());
  for (const TestReply& reply :
       {TestReply{.ending = Ending::reset}, TestReply{.status = 500}, TestReply{.body = "<a"},
        TestReply{.body = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"}}) {
    const std::size_t before = bodies(kPkcs1).size();
    on(kPkcs1, reply);
    const auto answer = sign(*client);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::appliance_fault);
    EXPECT_NE(answer.error().sentence.find("may have signed"), std::string::npos);
    EXPECT_EQ(bodies(kPkcs1).size(), before + 1);
  }
  EXPECT_EQ(client->figures().sum().uncertain, 4U);
}

TEST_F(SapiwsTest, OfAFirmwareThatSignsNothingListsNothing) {
  on(kPkcs1, {.body = result("RequesterError", "NotSupported",
                             "Signature type not suported by this profile")});
  const auto client = make_appliance(settings());
  const auto answer = sign(*client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::not_supported);
  EXPECT_NE(answer.error().sentence.find("firmware"), std::string::npos);
  EXPECT_TRUE(client->info(Deadline::after(10s)).value().algorithms.empty());
}

TEST_F(SapiwsTest, MapsEachRefusalAtEachCall) {
  struct Row {
    std::string minor;
    std::string message;
    Failure failure;
  };
  const auto client = make_appliance(settings());
  for (const Row& row :
       {Row{"AuthenticationError", "Invalid user name or password", Failure::wrong_password},
        Row{"GeneralError", "Failed, err 900201E0", Failure::wrong_password},
        Row{"GeneralError", "err 0x900201e2.", Failure::account_locked},
        Row{"GeneralError", "err 900201e3", Failure::password_expired},
        Row{"GeneralError", "err 900201e4", Failure::account_disabled},
        Row{"GeneralError", "err 900201e5", Failure::account_not_activated},
        Row{"GeneralError", "err 90030384", Failure::digest_length},
        Row{"GeneralError", "err 900302d0", Failure::no_such_object},
        Row{"InsufficientInformation", "No password", Failure::wrong_password},
        Row{"NotSupported", "", Failure::not_supported},
        Row{"GeneralError", "err 90037777", Failure::appliance_fault}}) {
    on(kEnumCertificates, {.body = result("ResponderError", row.minor, row.message)});
    const auto account = client->account(who_, Deadline::after(2s));
    ASSERT_FALSE(account) << row.message;
    EXPECT_EQ(account.error().failure, row.failure) << row.message;
    on(kChangePassword, {.body = result("ResponderError", row.minor, row.message)});
    const auto changed =
        client->change_password(who_, Secret(std::string_view("new")), Deadline::after(2s));
    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error().failure, row.failure) << row.message;
  }
}

TEST_F(SapiwsTest, SendsTheSecondCredentialThatTheConfigurationSpeaksOf) {
  Settings prompting = settings();
  prompting.sapiws.prompt_for_sign = true;
  const auto client = make_appliance(prompting);
  EXPECT_EQ(client->account(who_, Deadline::after(5s)).value().sign_credential,
            SignCredential::password);
  SignRequest request;
  request.key_id = key_id(*client);
  request.digests = {Bytes(32, 1)};
  request.sign_password.emplace(std::string_view("second"));
  ASSERT_TRUE(client->sign(who_, request, Deadline::after(5s)));
  EXPECT_NE(bodies(kPkcs1).front().find("<arx:SignPassword>second</arx:SignPassword>"),
            std::string::npos);
  on(kPkcs1, {.body = result("ResponderError", "GeneralError", "err 900201ea")});
  EXPECT_EQ(client->sign(who_, request, Deadline::after(5s)).error().failure,
            Failure::sign_credential_wrong);
  request.sign_password.reset();
  EXPECT_EQ(client->sign(who_, request, Deadline::after(5s)).error().failure,
            Failure::sign_credential_missing);
}

TEST_F(SapiwsTest, FindsTheCodeInWords) {
  EXPECT_EQ(sapi_code_in("Failed create and sign err 90034002"), "0x90034002");
  EXPECT_EQ(sapi_code_in("0x900201E0"), "0x900201e0");
  EXPECT_EQ(sapi_code_in("a1900201e0"), "");
  EXPECT_EQ(sapi_code_in("900201e0f"), "");
  EXPECT_EQ(sapi_code_in(""), "");
}

TEST_F(SapiwsTest, SendsNoPasswordThatXmlCannotHold) {
  const Credential strange{"jan", Secret(std::string_view("a\x01z"))};
  const auto answer = make_appliance(settings())->account(strange, Deadline::after(2s));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::wrong_password);
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(SapiwsTest, IsNotBroughtDownByXmlOfAnyShape) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  std::string wide = "<a>";
  for (int i = 0; i < 300'000; ++i) wide += "<b/>";
  for (const std::string& body :
       {std::string(), std::string("x"), deep, wide + "</a>", std::string(1'000'000, '<'),
        std::string("<a/>"),
        result("Success", "", "", "<AvailableCertificate>!</AvailableCertificate>"),
        std::string("<?xml version=\"1.0\"?><!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>")}) {
    on(kEnumCertificates, {.body = body, .content_type = "text/xml"});
    EXPECT_FALSE(make_appliance(settings())->account(who_, Deadline::after(5s)));
  }
}

}  // namespace
}  // namespace signet::transport::sapiws
