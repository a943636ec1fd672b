// What the refusals of the SOAP service mean, whatever the status, and what is counted as uncertain.
#include <gtest/gtest.h>

#include "dsa-transport/sapiws/testing/sapiws_scene.h"

namespace signet::transport::sapiws {
namespace {

TEST_F(SapiwsTest, ListsItsMechanismsAfterARefusalOfOneHash) {
  on(kPkcs1, {.body = result("RequesterError", "NotSupported", "Unsupported hash algorithm")});
  const auto client = make_appliance(settings());
  const auto refused = sign(*client, Hash::sha512);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().failure, Failure::not_supported);
  EXPECT_EQ(client->info(Deadline::after(10s)).value().algorithms.size(), 1U);
  on(kPkcs1, {.body = signature(256)});
  EXPECT_TRUE(sign(*client));
}

TEST_F(SapiwsTest, ListsItsMechanismsAgainOnceItHasSigned) {
  const auto client = make_appliance(settings());
  on(kPkcs1, {.body = result("RequesterError", "NotSupported",
                             "Signature type not suported by this profile")});
  ASSERT_FALSE(sign(*client));
  EXPECT_TRUE(client->info(Deadline::after(10s)).value().algorithms.empty());
  on(kPkcs1, {.body = signature(256)});
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(client->info(Deadline::after(10s)).value().algorithms.size(), 1U);
}

// The same words about another call say nothing of signatures.
TEST_F(SapiwsTest, ListsItsMechanismsWhereOnlyItsDescriptionIsRefused) {
  on(kCosignInfo, {.body = result("RequesterError", "NotSupported",
                                  "Signature type not suported by this profile")});
  const auto info = make_appliance(settings())->info(Deadline::after(10s));
  ASSERT_TRUE(info);
  EXPECT_EQ(info.value().algorithms.size(), 1U);
}

TEST_F(SapiwsTest, CallsNothingUncertainThatWasCertainlyNotSigned) {
  struct Row {
    TestReply reply;
    Failure failure;
    std::string words;
  };
  const std::string action = "Server did not recognize the value of HTTP Header SOAPAction";
  const auto client = make_appliance(settings());
  for (const Row& row :
       {Row{{.status = 401}, Failure::access_refused, "login"},
        Row{{.status = 403}, Failure::access_refused, "lets nobody in"},
        Row{{.status = 404, .body = "<html>"}, Failure::bad_answer, "check the member's url"},
        Row{{.status = 302}, Failure::bad_answer, "check the member's url"},
        Row{{.status = 500, .body = fault("Client", action)}, Failure::bad_parameter, action},
        Row{{.status = 200, .body = fault("Client.Odd", action)}, Failure::bad_parameter, action},
        Row{{.status = 500,
        .body = "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>"
                "<e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code><e:Reason>"
                "<e:Text xml:lang=\"en\">odd</e:Text></e:Reason></e:Fault></e:Body>"
                "</e:Envelope>"},
            Failure::bad_parameter,
            "it says: odd"},
        Row{{.status = 500, .body = fault("Server", "err 900201e4")},
            Failure::account_disabled,
            "900201e4"},
        Row{{.status = 500,
        .body = result("RequesterError", "AuthenticationError", "Invalid user name or password")},
            Failure::wrong_password,
            "Invalid user name"},
        Row{{.status = 200, .body = result("ResponderError", "GeneralError", "Exception occured")},
            Failure::appliance_fault,
            "Exception occured"}}) {
    on(kPkcs1, row.reply);
    const auto answer = sign(*client);
    ASSERT_FALSE(answer);
    const std::string& sentence = answer.error().sentence;
    EXPECT_EQ(answer.error().failure, row.failure) << sentence;
    EXPECT_EQ(answer.error().cause.status, row.reply.status) << sentence;
    EXPECT_NE(sentence.find(row.words), std::string::npos) << sentence;
    EXPECT_EQ(sentence.find("may have signed"), std::string::npos) << sentence;
  }
  EXPECT_EQ(client->figures().sum().uncertain, 0U);
}

TEST_F(SapiwsTest, CallsUncertainWhatAServersFaultDoesNotTell) {
  const auto client = make_appliance(settings());
  for (const TestReply& reply :
       {TestReply{.status = 500, .body = fault("Server", "Exception occured")},
        TestReply{.status = 200, .body = fault("Server", "Exception occured")},
        TestReply{.status = 502, .body = "<html>"}, TestReply{.status = 500, .body = good("")}}) {
    on(kPkcs1, reply);
    const auto answer = sign(*client);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::appliance_fault);
    EXPECT_NE(answer.error().sentence.find("may have signed"), std::string::npos);
  }
  EXPECT_EQ(client->figures().sum().uncertain, 4U);
}

TEST_F(SapiwsTest, AsksTheOtherMemberForASignatureThatTheFirstDoesNotServe) {
  const TlsTestServer other(identity_, [](const TestRequest&) { return TestReply{.status = 404}; });
  Settings pair = settings();
  pair.members.insert(pair.members.begin(), {other.url(), pinning::PinSet({identity_->pin()}), {}});
  const auto client = make_appliance(pair);
  EXPECT_TRUE(sign(*client));
  EXPECT_EQ(client->figures().sum().uncertain, 0U);
}

TEST_F(SapiwsTest, ReadsWhatALoginIsRefusedForWhateverTheStatus) {
  on(kEnumCertificates,
     {.status = 500, .body = result("RequesterError", "AuthenticationError", "err 900201e2")});
  const auto answer = make_appliance(settings())->account(who_, Deadline::after(5s));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::account_locked);
  EXPECT_EQ(answer.error().cause.status, 500);
  EXPECT_EQ(answer.error().cause.code, "0x900201e2");
}

TEST_F(SapiwsTest, ShowsTheTextOfAFaultOnOneLineAndShort) {
  on(kEnumCertificates,
     {.status = 500, .body = fault("Client", "a&#10;b\xe2\x80\xae" + std::string(5000, 'c'))});
  const auto answer = make_appliance(settings())->account(who_, Deadline::after(5s));
  ASSERT_FALSE(answer);
  const std::string& sentence = answer.error().sentence;
  EXPECT_NE(sentence.find("it says: a\\nb\\u202ecc"), std::string::npos) << sentence;
  EXPECT_LT(sentence.size(), 400U);
}

TEST_F(SapiwsTest, TellsARefusedNewPasswordFromAWrongOne) {
  struct Row {
    std::string words;
    Failure failure;
  };
  const auto client = make_appliance(settings());
  for (const Row& row :
       {Row{"New password does not match the password policy", Failure::password_policy},
        Row{"The new password is too short", Failure::password_policy},
        Row{"Invalid user name or password", Failure::wrong_password},
        Row{"Wrong password", Failure::wrong_password}}) {
    on(kChangePassword, {.body = result("ResponderError", "GeneralError", row.words)});
    const auto own =
        client->change_password(who_, Secret(std::string_view("new")), Deadline::after(5s));
    ASSERT_FALSE(own);
    EXPECT_EQ(own.error().failure, row.failure) << row.words;
    on("setPasswordRequest", {.body = "<setPasswordResponse status=\"failure\" "
                                      "error=\"customError\"><errorMessage>" +
                                      row.words + "</errorMessage></setPasswordResponse>"});
    const auto others =
        client->set_password(who_, "ann", Secret(std::string_view("new")), Deadline::after(5s));
    ASSERT_FALSE(others);
    EXPECT_EQ(others.error().failure, row.failure) << row.words;
  }
}

TEST_F(SapiwsTest, SaysThatAnAccountMayNotManageUsers) {
  on("setPasswordRequest", {.status = 500, .body = fault("Server", "Exception occured")});
  const auto answer =
      make_appliance(settings())
          ->set_password(who_, "ann", Secret(std::string_view("new")), Deadline::after(5s));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::not_permitted);
  EXPECT_NE(answer.error().sentence.find("may not manage users"), std::string::npos);
}

}  // namespace
}  // namespace signet::transport::sapiws
