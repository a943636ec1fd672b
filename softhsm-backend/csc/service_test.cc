// The CSC API without sockets: who comes in, what is shown, and what is signed once.
#include <gmock/gmock.h>

#include "softhsm-backend/csc/testing/csc_scene.h"

namespace signet::emulator::csc {
namespace {

using boost::json::object;
using testing::HasSubstr;

TEST_F(CscServiceTest, LetsInByAccessTokensOnly) {
  EXPECT_EQ(call("info", {}).status, 200U);
  EXPECT_EQ(call("credentials/list", {}).status, 401U);
  EXPECT_EQ(call("credentials/list", {}, "nonsense").status, 401U);
  EXPECT_EQ(fetch_token("wrong").status, 401U);
  EXPECT_THAT(fetch_token("wrong").body, HasSubstr("invalid_client"));
  const std::string mine = token();
  EXPECT_EQ(call("credentials/list", {}, mine).status, 200U);
  EXPECT_EQ(call("auth/revoke", {{"token", mine}}, mine).status, 204U);
  EXPECT_EQ(call("credentials/list", {}, mine).status, 401U);
  set_policy([](Policy& policy) { policy.token_life = 0; });
  EXPECT_EQ(call("credentials/list", {}, token()).status, 401U) << "it has ended already";
}

TEST_F(CscServiceTest, ShowsAnAccountItsOwnCredentialsAlone) {
  const std::string mine = token();
  EXPECT_THAT(call("credentials/list", {}, mine).body, HasSubstr(key_));
  const std::string other_key = key_;
  SetUp();
  const std::string other = token();
  EXPECT_THAT(call("credentials/list", {}, other).body, testing::Not(HasSubstr(other_key)));
  EXPECT_EQ(call("credentials/info", {{"credentialID", other_key}}, other).status, 400U);
  EXPECT_THAT(call("credentials/list", {}, other, "list-leak").body, HasSubstr(other_key));
  EXPECT_EQ(call("credentials/list", {{"userID", "x"}}, other).status, 400U);
}

TEST_F(CscServiceTest, ADeletedAccountLeavesNothingToTheNextOfItsName) {
  const std::string mine = token();
  appliance->state.write([&](Database& database) {
    delete_objects(database, user);
    delete_account(database, user);
  });
  EXPECT_EQ(call("credentials/list", {}, mine).status, 401U);
  EXPECT_EQ(fetch_token().status, 401U);
}

TEST_F(CscServiceTest, SignsEachAuthorisedHashOnce) {
  const std::string mine = token();
  const std::string given = sad(mine, 3, hashes(1, 3));
  EXPECT_EQ(sign(mine, given, hashes(1)).status, 200U);
  EXPECT_THAT(sign(mine, given, hashes(1)).body, HasSubstr("Hash is not authorized by the SAD"));
  EXPECT_THAT(sign(mine, given, hashes(9)).body, HasSubstr("Hash is not authorized by the SAD"));
  EXPECT_EQ(sign(mine, given, hashes(2, 2)).status, 200U);
  EXPECT_EQ(sign(mine, given, hashes(2)).status, 400U) << "it is used up";
  EXPECT_EQ(sign(mine, given, hashes(2), "sad-reuse").status, 200U);
}

// CSC API 2.0, 11.11: one authorisation, several requests for signatures.
TEST_F(CscServiceTest, ExtendsATransactionToFurtherHashes) {
  const std::string mine = token();
  const auto extend = [&](const std::string& given, const boost::json::array& over) {
    return call("credentials/extendTransaction",
                {{"credentialID", key_},
                 {"SAD", given},
                 {"hashes", over},
                 {"hashAlgorithmOID", "2.16.840.1.101.3.4.2.1"}},
                mine);
  };
  const auto sad_in = [](const Answer& answer) {
    return std::string(boost::json::parse(answer.body).at("SAD").as_string());
  };
  const std::string first = sad(mine, 3, hashes(1));
  EXPECT_EQ(sign(mine, first, hashes(1)).status, 200U);
  EXPECT_EQ(sign(mine, first, hashes(2)).status, 400U) << "not among the hashes";
  const Answer extended = extend(first, hashes(2, 2));
  ASSERT_EQ(extended.status, 200U) << extended.body;
  const std::string second = sad_in(extended);
  EXPECT_NE(second, first);
  EXPECT_EQ(extend(first, hashes(4)).status, 400U) << "it was extended already";
  EXPECT_EQ(sign(mine, first, hashes(2)).status, 400U);
  EXPECT_EQ(sign(mine, second, hashes(2, 2)).status, 200U);
  EXPECT_THAT(extend(second, hashes(4)).body, HasSubstr("Invalid parameter SAD"))
      << "three were authorised";
  EXPECT_EQ(extend(sad(mine, 2, hashes(1)), {}).status, 400U) << "SCAL 2 wants hashes";
  EXPECT_EQ(extend("nonsense", hashes(1)).status, 400U);
  EXPECT_EQ(extend(sad(mine, 2, hashes(1)), hashes(1, 3)).status, 400U) << "more than are left";
}

TEST_F(CscServiceTest, CountsTheSignaturesOfScal1) {
  set_policy([](Policy& policy) {
    policy.scal = 1;
    policy.multisign = 2;
  });
  const std::string mine = token();
  EXPECT_THAT(call("credentials/info", {{"credentialID", key_}, {"authInfo", true}}, mine).body,
              HasSubstr(R"("SCAL":"1")"));
  EXPECT_THAT(call("credentials/info", {{"credentialID", key_}}, mine, "scal-lie").body,
              HasSubstr(R"("SCAL":"2")"));
  EXPECT_THAT(call("credentials/authorize", authorisation(3), mine).body,
              HasSubstr("Numbers of signatures is too high"));
  const std::string given = sad(mine, 2);
  EXPECT_EQ(sign(mine, given, hashes(1)).status, 200U);
  EXPECT_EQ(sign(mine, given, hashes(1)).status, 200U);
  EXPECT_EQ(sign(mine, given, hashes(1)).status, 400U);
}

TEST_F(CscServiceTest, TakesNobodyElsesAuthorisation) {
  const std::string mine = token();
  const std::string given = sad(mine, 1, hashes(1));
  const std::string my_key = key_;
  SetUp();
  const std::string other = token();
  EXPECT_EQ(sign(other, given, hashes(1)).status, 400U);
  key_ = my_key;
  EXPECT_EQ(sign(other, given, hashes(1)).status, 400U) << "nor the other's credential";
}

TEST_F(CscServiceTest, LocksAfterWrongPinsAsTheContractDoes) {
  const std::string mine = token();
  object wrong = authorisation(1, hashes(1));
  wrong["authData"] = {{{"id", "PIN"}, {"value", "wrong"}}};
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(call("credentials/authorize", wrong, mine).body,
                HasSubstr("invalid_authentication_data"));
  }
  EXPECT_THAT(call("credentials/authorize", authorisation(1, hashes(1)), mine).body,
              HasSubstr("Credential locked"));
}

TEST_F(CscServiceTest, GivesAsynchronousSignaturesLater) {
  set_policy([](Policy& policy) { policy.delay = 60'000; });
  const std::string mine = token();
  const auto ask = [&] {
    const Answer answer = call("signatures/signHash",
                               {{"credentialID", key_},
                                {"SAD", sad(mine, 1, hashes(1))},
                                {"hashes", hashes(1)},
                                {"signAlgo", "1.2.840.10045.4.3.2"},
                                {"operationMode", "A"}},
                               mine);
    return std::string(boost::json::parse(answer.body).at("responseID").as_string());
  };
  const Answer early = call("signatures/signPolling", {{"requestID", ask()}}, mine);
  EXPECT_EQ(early.status, 202U);
  EXPECT_THAT(early.body, HasSubstr("accepted_request"));
  set_policy([](Policy& policy) { policy.delay = 0; });
  const std::string id = ask();
  EXPECT_EQ(call("signatures/signPolling", {{"requestID", id}}, mine, "polling-400").status, 400U);
  EXPECT_THAT(call("signatures/signPolling", {{"requestID", id}}, mine).body,
              HasSubstr("signatures"));
  EXPECT_EQ(call("signatures/signPolling", {{"requestID", "nonsense"}}, mine).status, 400U);
}

TEST_F(CscServiceTest, RefusesMalformedRequestsInTheSpecificationsWords) {
  const std::string mine = token();
  EXPECT_THAT(call("credentials/info", {}, mine).body, HasSubstr("credentialID"));
  const std::string given = sad(mine, 1, hashes(1));
  boost::json::array shorter{to_base64(Bytes(20, 1))};
  EXPECT_THAT(sign(mine, given, shorter).body, HasSubstr("Invalid digest value length"));
  EXPECT_THAT(sign(mine, given, {"!"}).body, HasSubstr("Invalid Base64"));
  EXPECT_EQ(call("nonsense", {}, mine).status, 404U);
  EXPECT_EQ(call("signatures/signPolling", {}, mine, {}, "v1").status, 404U) << "version 2 only";
}

}  // namespace
}  // namespace signet::emulator::csc
