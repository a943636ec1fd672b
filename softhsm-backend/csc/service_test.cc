// The CSC API without sockets: who comes in, what is shown, and what is signed once.
#include "softhsm-backend/csc/service.h"

#include <gmock/gmock.h>

#include "softhsm-backend/native/testing/service_scene.h"

namespace signet::emulator::csc {
namespace {

using boost::json::object;
using testing::HasSubstr;

class CscServiceTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    set_policy([](Policy& policy) {
      static const std::string hash = hash_password(Secret(std::string_view("client secret")));
      policy.client_secret = hash;
    });
    key_ = make_certified_key();
  }

  template <typename Change>
  void set_policy(Change change) const {
    appliance->state.write([&](Database& database) {
      Policy policy = find_policy(database, user);
      change(policy);
      save_policy(database, user, policy);
    });
  }

  // An EC key of the account, with a certificate.
  std::string make_certified_key() const {
    const json key = make_ec_key();
    const Bytes der = certificate_for(bytes_in(key.at("publicKey")), false);
    const Answer stored = ServiceTest::call(
        "POST", "/certificates", {{"der", to_base64(der)}, {"label", ""}, {"ckaId", ""}});
    EXPECT_EQ(stored.status, 201U) << stored.body;
    std::string id(key.at("id").as_string());
    return id;
  }

  Answer call(const std::string& method, const object& body, const std::string& token = {},
              const std::string& fault = {}, const std::string& version = "v2") {
    Request request;
    request.method = "POST";
    request.target = "/csc/" + version + "/" + method;
    request.set_header("Content-Type", "application/json");
    if (!token.empty()) request.set_header("Authorization", "Bearer " + token);
    request.body = boost::json::serialize(body);
    request.id = new_uuid();
    request.dialect_fault = fault;
    return service_.handle(request);
  }

  Answer fetch_token(const std::string& secret = "client secret") {
    Request request;
    request.method = "POST";
    request.target = "/csc/v2/oauth2/token";
    request.set_header("Content-Type", "application/x-www-form-urlencoded");
    request.set_header("Authorization", basic(user, secret));
    request.body = "grant_type=client_credentials&scope=service";
    return service_.handle(request);
  }
  std::string token() {
    return std::string(boost::json::parse(fetch_token().body).at("access_token").as_string());
  }

  static boost::json::array hashes(int first, int count = 1) {
    boost::json::array list;
    for (int i = 0; i < count; ++i) {
      list.emplace_back(to_base64(Bytes(32, static_cast<std::uint8_t>(first + i))));
    }
    return list;
  }

  object authorisation(int signatures, const boost::json::array& over = {}) const {
    object body{{"credentialID", key_},
                {"numSignatures", signatures},
                {"authData", {{{"id", "PIN"}, {"value", kTestPassword}}}}};
    if (!over.empty()) {
      body["hashes"] = over;
      body["hashAlgorithmOID"] = "2.16.840.1.101.3.4.2.1";
    }
    return body;
  }

  std::string sad(const std::string& token, int signatures, const boost::json::array& over = {}) {
    const Answer answer = call("credentials/authorize", authorisation(signatures, over), token);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    return std::string(boost::json::parse(answer.body).at("SAD").as_string());
  }

  Answer sign(const std::string& token, const std::string& sad, const boost::json::array& over,
              const std::string& fault = {}) {
    return call("signatures/signHash",
                {{"credentialID", key_},
                 {"SAD", sad},
                 {"hashes", over},
                 {"signAlgo", "1.2.840.10045.4.3.2"}},
                token, fault);
  }

  std::string key_;
  Service service_{appliance->state, appliance->token, "primary"};
};

TEST_F(CscServiceTest, LetsInByAccessTokensOnly) {
  EXPECT_EQ(call("info", {}).status, 200U);
  EXPECT_EQ(call("credentials/list", {}).status, 401U);
  EXPECT_EQ(call("credentials/list", {}, "nonsense").status, 401U);
  EXPECT_EQ(fetch_token("wrong").status, 401U);
  EXPECT_THAT(fetch_token("wrong").body, HasSubstr("invalid_client"));
  const std::string mine = token();
  EXPECT_EQ(call("credentials/list", {}, mine).status, 200U);
  EXPECT_EQ(call("oauth2/revoke", {{"token", mine}}).status, 204U);
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
