// signatures/timestamp, with an authority in memory.
#include <gmock/gmock.h>
#include <openssl/ts.h>

#include <algorithm>

#include "softhsm-backend/csc/testing/csc_scene.h"

namespace signet::emulator::csc {
namespace {

using boost::json::object;
using testing::HasSubstr;

const Bytes kGranted = {0x30, 0x03, 0x02, 0x01, 0x00};
const Bytes kRejected = {0x30, 0x03, 0x02, 0x01, 0x02};
const Bytes kToken = {0x30, 0x05, 0x06, 0x03, 0x2A, 0x03, 0x04};

// A TimeStampResp of a PKIStatusInfo and perhaps a token.
Bytes response_of(const Bytes& status, const Bytes& token) {
  Bytes response = {0x30, static_cast<std::uint8_t>(status.size() + token.size())};
  response.insert(response.end(), status.begin(), status.end());
  response.insert(response.end(), token.begin(), token.end());
  return response;
}

class CscTimeStampTest : public CscServiceTest, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    CscServiceTest::SetUp();
    service_ = std::make_unique<Service>(
        appliance->state, appliance->token, "primary",
        Settings{.time_stamps = [this](const Bytes& request) -> Outcome<Bytes> {
          asked_.push_back(request);
          return response_;
        }});
    token_ = token();
  }

  static object wanted() {
    return {{"hash", to_base64(Bytes(32, 7))},
            {"hashAlgo", "2.16.840.1.101.3.4.2.1"},
            {"nonce", "4a00Ff"},
            {"clientData", "order 4711"}};
  }
  Answer stamp(const object& body, const std::string& fault = {}) {
    return call("signatures/timestamp", body, token_, fault, GetParam());
  }

  std::vector<Bytes> asked_;
  Bytes response_ = response_of(kGranted, kToken);
  std::string token_;
};

INSTANTIATE_TEST_SUITE_P(Versions, CscTimeStampTest, testing::Values("v1", "v2"));

TEST_P(CscTimeStampTest, IsTheAuthoritysTokenForTheClientsDigestAndNonce) {
  const Answer answer = stamp(wanted());
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(boost::json::parse(answer.body), (object{{"timestamp", to_base64(kToken)}}));
  ASSERT_EQ(asked_.size(), 1U);
  const unsigned char* at = asked_[0].data();
  TS_REQ* const request = d2i_TS_REQ(nullptr, &at, static_cast<long>(asked_[0].size()));
  ASSERT_NE(request, nullptr);
  const ASN1_OCTET_STRING* const digest = TS_MSG_IMPRINT_get_msg(TS_REQ_get_msg_imprint(request));
  EXPECT_EQ(Bytes(digest->data, digest->data + digest->length), Bytes(32, 7));
  std::uint64_t nonce = 0;
  EXPECT_EQ(ASN1_INTEGER_get_uint64(&nonce, TS_REQ_get_nonce(request)), 1);
  EXPECT_EQ(nonce, 0x4A00FFU);
  EXPECT_NE(TS_REQ_get_cert_req(request), 0);
  TS_REQ_free(request);
}

TEST_P(CscTimeStampTest, NeedsNoNonceAndTakesAnOddNumberOfDigits) {
  object body = wanted();
  body["nonce"] = nullptr;
  EXPECT_EQ(stamp(body).status, 200U);
  body["nonce"] = "123";
  EXPECT_EQ(stamp(body).status, 200U);
  const Bytes integer = {0x02, 0x02, 0x01, 0x23};
  EXPECT_NE(std::search(asked_[1].begin(), asked_[1].end(), integer.begin(), integer.end()),
            asked_[1].end());
}

TEST_P(CscTimeStampTest, RefusesWhatIsNoRequest) {
  const auto refused = [&](const char* name, const boost::json::value& value) {
    object body = wanted();
    body[name] = value;
    const Answer answer = stamp(body);
    EXPECT_EQ(answer.status, 400U) << answer.body;
    return answer.body;
  };
  EXPECT_THAT(refused("hash", ""), HasSubstr("parameter hash"));
  EXPECT_THAT(refused("hash", 7), HasSubstr("parameter hash"));
  EXPECT_THAT(refused("hash", "%"), HasSubstr("Invalid Base64 hash string parameter"));
  EXPECT_THAT(refused("hash", boost::json::value(to_base64(Bytes(31, 7)))),
              HasSubstr("Invalid digest value length"));
  EXPECT_THAT(refused("hashAlgo", nullptr), HasSubstr("parameter hashAlgo"));
  EXPECT_THAT(refused("hashAlgo", "1.3.14.3.2.26"), HasSubstr("Invalid parameter hashAlgo"));
  for (const boost::json::value& nonce :
       {boost::json::value("0x12"), boost::json::value(""), boost::json::value(12),
        boost::json::value(std::string(129, '1'))}) {
    EXPECT_THAT(refused("nonce", nonce), HasSubstr("Invalid parameter nonce"));
  }
  EXPECT_TRUE(asked_.empty());
}

TEST_P(CscTimeStampTest, AnAuthorityThatGivesNoTokenIsAFaultOfTheService) {
  for (const Bytes& response :
       {Bytes(), Bytes{0x30}, Bytes{1, 2, 3}, response_of(kRejected, {}), response_of(kGranted, {}),
        response_of({0x02, 0x01, 0x00}, kToken), Bytes{0x30, 0x80, 0x00, 0x00}}) {
    response_ = response;
    const Answer answer = stamp(wanted());
    EXPECT_EQ(answer.status, 500U) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr("The time-stamp authority failed"));
  }
}

TEST_P(CscTimeStampTest, WantsAnAccessToken) {
  EXPECT_EQ(call("signatures/timestamp", wanted(), {}, {}, GetParam()).status, 401U);
  EXPECT_TRUE(asked_.empty());
}

TEST_P(CscTimeStampTest, FaultsSpoilTheToken) {
  const auto given = [&](const char* fault) {
    return std::string(boost::json::parse(stamp(wanted(), fault).body).at("timestamp").as_string());
  };
  EXPECT_EQ(given("timestamp-response"), to_base64(response_));
  EXPECT_NE(given("timestamp-garbage"), to_base64(kToken));
}

TEST_P(CscTimeStampTest, IsNamedAndServedOnlyWithAnAuthority) {
  const auto named = [&] {
    return call("info", {}, {}, {}, GetParam()).body.find("signatures/timestamp") !=
           std::string::npos;
  };
  EXPECT_TRUE(named());
  service_ = std::make_unique<Service>(appliance->state, appliance->token, "primary");
  EXPECT_FALSE(named());
  const Answer none = stamp(wanted());
  const Answer unknown = call("signatures/nonsense", wanted(), token_, {}, GetParam());
  EXPECT_EQ(none.status, 404U);
  EXPECT_EQ(none.body, unknown.body);
}

}  // namespace
}  // namespace signet::emulator::csc
