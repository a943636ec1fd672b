// The contract without sockets: keys and certificates.
#include <thread>

#include "softhsm-backend/native/testing/service_scene.h"

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
  EXPECT_EQ(boost::json::parse(call("GET", "/objects").body).at("keys").as_array().size(), 1U);
}

TEST_F(ServiceTest, KeepsAnyBytesAsLabelAndId) {
  const Bytes label = random_bytes(200);
  const Bytes id = random_bytes(64);
  const Answer made = call(
      "POST", "/keys",
      {{"type", "EC"}, {"curve", "P-384"}, {"label", to_base64(label)}, {"ckaId", to_base64(id)}});
  const std::string path = "/keys/" + value_to<std::string>(boost::json::parse(made.body).at("id"));
  json listed = boost::json::parse(call("GET", "/objects").body).at("keys").at(0);
  EXPECT_EQ(bytes_in(listed.at("label")), label);
  EXPECT_EQ(bytes_in(listed.at("ckaId")), id);

  EXPECT_EQ(call("PATCH", path, {{"label", ""}}).status, 200U);
  listed = boost::json::parse(call("GET", "/objects").body).at("keys").at(0);
  EXPECT_EQ(listed.at("label"), "");
  EXPECT_EQ(bytes_in(listed.at("ckaId")), id);
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
    spec.as_object()["label"] = "";
    spec.as_object()["ckaId"] = "";
    EXPECT_EQ(code(call("POST", "/keys", spec)), "0x90030702") << spec;
  }
  EXPECT_EQ(call("POST", "/keys", {{"type", "EC"}, {"curve", "P-256"}, {"label", ""}}).status,
            422U);
}

TEST_F(ServiceTest, TiesCertificatesToTheKeyWithTheEqualPublicKey) {
  const json key = make_ec_key();
  const Bytes der = certificate_for(bytes_in(key.at("publicKey")), false);
  const json body{{"der", to_base64(der)}, {"label", "AA=="}, {"ckaId", "AQ=="}};
  const Answer made = call("POST", "/certificates", body);
  ASSERT_EQ(made.status, 201U) << made.body;
  EXPECT_EQ(boost::json::parse(made.body).at("keyId"), key.at("id"));
  const Answer again = call("POST", "/certificates", body);
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.body, made.body);

  EXPECT_EQ(call("DELETE", "/keys/" + value_to<std::string>(key.at("id"))).status, 204U);
  const json left = boost::json::parse(call("GET", "/objects").body);
  EXPECT_TRUE(left.at("keys").as_array().empty());
  ASSERT_EQ(left.at("certificates").as_array().size(), 1U);
  EXPECT_FALSE(left.at("certificates").at(0).as_object().contains("keyId"));
  const std::string path =
      "/certificates/" + value_to<std::string>(left.at("certificates").at(0).at("id"));
  EXPECT_EQ(call("PATCH", path, {{"ckaId", "Ag=="}}).status, 200U);
  EXPECT_EQ(call("DELETE", path).status, 204U);
  EXPECT_EQ(call("DELETE", path).status, 404U);
}

TEST_F(ServiceTest, StoresACertificateOnceForEachPairOfNames) {
  const json key = make_ec_key();
  const Bytes der = certificate_for(bytes_in(key.at("publicKey")), false);
  const auto store = [&](const char* label, const char* id) {
    return call("POST", "/certificates",
                {{"der", to_base64(der)}, {"label", label}, {"ckaId", id}});
  };
  for (const unsigned status : {201U, 200U}) {
    EXPECT_EQ(store("AA==", "AQ==").status, status);
    EXPECT_EQ(store("AQ==", "AQ==").status, status);
    EXPECT_EQ(store("AA==", "Ag==").status, status);
  }
  EXPECT_EQ(call("POST", "/certificates", {{"der", to_base64(der)}}).body,
            store("AA==", "AQ==").body);
  const json all = boost::json::parse(call("GET", "/objects").body);
  ASSERT_EQ(all.at("certificates").as_array().size(), 3U);
  for (const json& stored : all.at("certificates").as_array())
    EXPECT_EQ(stored.at("keyId"), key.at("id"));
}

TEST_F(ServiceTest, TakesIssuersCertificatesWithoutAKeyAndNoOthers) {
  const json foreign = make_ec_key();
  EXPECT_EQ(call("DELETE", "/keys/" + value_to<std::string>(foreign.at("id"))).status, 204U);
  const Bytes key = bytes_in(foreign.at("publicKey"));
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
  json page = boost::json::parse(first.body);
  EXPECT_EQ(page.at("keys").as_array().size(), 1000U);
  const Answer second = call("GET", "/objects?cursor=" + value_to<std::string>(page.at("next")));
  EXPECT_EQ(second.headers, first.headers);
  EXPECT_EQ(boost::json::parse(second.body).at("keys").as_array().size(), 1000U);
  EXPECT_FALSE(boost::json::parse(second.body).as_object().contains("next"));
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
  EXPECT_EQ(call("GET", "/objects?cursor=" + value_to<std::string>(page.at("next"))).status, 409U);
}

}  // namespace
}  // namespace signet::emulator
