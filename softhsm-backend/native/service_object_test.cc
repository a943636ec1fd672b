// The contract without sockets: keys and certificates.
#include <thread>

#include "softhsm-backend/native/service_test_scene.h"

namespace signet::emulator {
namespace {

TEST_F(ServiceTest, MakesAKeyOnceHoweverOftenItIsAsked) {
  const Request same =
      request("POST", "/keys", {{"type", "EC"}, {"curve", "P-256"}, {"label", ""}, {"ckaId", ""}});
  std::vector<Answer> answers(6);
  std::vector<std::thread> threads;
  for (Answer& answer : answers) threads.emplace_back([&] { answer = send(same); });
  for (std::thread& thread : threads) thread.join();
  for (const Answer& answer : answers) EXPECT_EQ(answer.body, answers.front().body);
  EXPECT_EQ(json::parse(call("GET", "/objects").body)["keys"].size(), 1U);
}

TEST_F(ServiceTest, KeepsAnyBytesAsLabelAndId) {
  const Bytes label = random_bytes(200);
  const Bytes id = random_bytes(64);
  const Answer made = call(
      "POST", "/keys",
      {{"type", "EC"}, {"curve", "P-384"}, {"label", to_base64(label)}, {"ckaId", to_base64(id)}});
  const std::string path = "/keys/" + json::parse(made.body)["id"].get<std::string>();
  json listed = json::parse(call("GET", "/objects").body)["keys"][0];
  EXPECT_EQ(bytes_in(listed["label"]), label);
  EXPECT_EQ(bytes_in(listed["ckaId"]), id);

  EXPECT_EQ(call("PATCH", path, {{"label", ""}}).status, 200U);
  listed = json::parse(call("GET", "/objects").body)["keys"][0];
  EXPECT_EQ(listed["label"], "");
  EXPECT_EQ(bytes_in(listed["ckaId"]), id);
}

TEST_F(ServiceTest, StopsAtTheKeyLimit) {
  set("key_limit = 1");
  make_ec_key();
  EXPECT_EQ(code(call("POST", "/keys",
                      {{"type", "EC"}, {"curve", "P-256"}, {"label", ""}, {"ckaId", ""}})),
            "0x90037008");
}

TEST_F(ServiceTest, RefusesKeySpecificationsItDoesNotOffer) {
  const std::vector<json> specs{{{"type", "RSA"}, {"size", 1024}},
                                {{"type", "RSA"}, {"size", 2048.5}},
                                {{"type", "RSA"}},
                                {{"type", "RSA"}, {"size", "2048"}},
                                {{"type", "EC"}, {"curve", "P-224"}},
                                {{"type", "EC"}},
                                {{"type", "DSA"}, {"size", 2048}},
                                {{"size", 2048}},
                                {{"type", "RSA"}, {"size", 2048}, {"curve", "P-256"}},
                                {{"type", "RSA"}, {"size", 18446744073709551615U}}};
  for (json spec : specs) {
    spec["label"] = "";
    spec["ckaId"] = "";
    EXPECT_EQ(code(call("POST", "/keys", spec)), "0x90030702") << spec;
  }
  EXPECT_EQ(call("POST", "/keys", {{"type", "EC"}, {"curve", "P-256"}, {"label", ""}}).status,
            422U);
}

TEST_F(ServiceTest, TiesCertificatesToTheKeyWithTheEqualPublicKey) {
  const json key = make_ec_key();
  const Bytes der = certificate_for(bytes_in(key["publicKey"]), false);
  const json body{{"der", to_base64(der)}, {"label", "AA=="}, {"ckaId", "AQ=="}};
  const Answer made = call("POST", "/certificates", body);
  ASSERT_EQ(made.status, 201U) << made.body;
  EXPECT_EQ(json::parse(made.body)["keyId"], key["id"]);
  const Answer again = call("POST", "/certificates", body);
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.body, made.body);
  EXPECT_EQ(call("POST", "/certificates", {{"der", to_base64(der)}, {"label", "AQ=="}}).status,
            409U);

  EXPECT_EQ(call("DELETE", "/keys/" + key["id"].get<std::string>()).status, 204U);
  const json left = json::parse(call("GET", "/objects").body);
  EXPECT_TRUE(left["keys"].empty());
  ASSERT_EQ(left["certificates"].size(), 1U);
  EXPECT_FALSE(left["certificates"][0].contains("keyId"));
  const std::string path = "/certificates/" + left["certificates"][0]["id"].get<std::string>();
  EXPECT_EQ(call("PATCH", path, {{"ckaId", "Ag=="}}).status, 200U);
  EXPECT_EQ(call("DELETE", path).status, 204U);
  EXPECT_EQ(call("DELETE", path).status, 404U);
}

TEST_F(ServiceTest, TakesIssuersCertificatesWithoutAKeyAndNoOthers) {
  const json foreign = make_ec_key();
  EXPECT_EQ(call("DELETE", "/keys/" + foreign["id"].get<std::string>()).status, 204U);
  const Bytes key = bytes_in(foreign["publicKey"]);
  Bytes issuer = certificate_for(key, true);
  EXPECT_EQ(call("POST", "/certificates", {{"der", to_base64(issuer)}}).status, 201U);
  EXPECT_EQ(call("POST", "/certificates", {{"der", to_base64(certificate_for(key, false))}}).status,
            422U);
  issuer.push_back(0);
  EXPECT_EQ(call("POST", "/certificates", {{"der", to_base64(issuer)}}).status, 422U);
  EXPECT_EQ(call("POST", "/certificates", {{"der", "MAA="}}).status, 422U);
  set("certificate_limit = 1");
  EXPECT_EQ(code(call("POST", "/certificates", {{"der", to_base64(certificate_for(key, true))}})),
            "0x90037009");
}

TEST_F(ServiceTest, PagesThroughManyObjectsUnderOneTag) {
  appliance->state.write([&](Database& database) {
    for (int i = 0; i < 2000; ++i) {
      KeyRow key;
      key.id = new_uuid();
      key.owner = user;
      key.curve = "P-256";
      insert_key(database, key);
    }
  });
  const Answer first = call("GET", "/objects");
  json page = json::parse(first.body);
  EXPECT_EQ(page["keys"].size(), 1000U);
  const Answer second = call("GET", "/objects?cursor=" + page["next"].get<std::string>());
  EXPECT_EQ(second.headers, first.headers);
  EXPECT_EQ(json::parse(second.body)["keys"].size(), 1000U);
  EXPECT_FALSE(json::parse(second.body).contains("next"));
  EXPECT_EQ(call("GET", "/objects?cursor=nonsense").status, 422U);

  Request conditional = request("GET", "/objects");
  for (const char* malformed : {"", "*", "unquoted", "\"two\", \"tags\""}) {
    conditional.set_header("If-None-Match", malformed);
    EXPECT_EQ(send(conditional).status, 422U) << malformed;
  }
  conditional.set_header("If-None-Match", first.headers.front().second);
  EXPECT_EQ(send(conditional).status, 304U);
  make_ec_key();
  EXPECT_EQ(send(conditional).status, 200U);
  EXPECT_EQ(call("GET", "/objects?cursor=" + page["next"].get<std::string>()).status, 409U);
}

}  // namespace
}  // namespace signet::emulator
