// The contract without sockets, over a real token and a real state.
#include "softhsm-backend/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "softhsm-backend/encoding.h"
#include "softhsm-backend/files.h"
#include "softhsm-backend/state.h"
#include "softhsm-backend/test_support.h"

namespace signet::emulator {
namespace {

using nlohmann::json;
using testing::HasSubstr;

Bytes bytes_in(const json& text) {
  return from_base64(text.get<std::string>()).value();
}

// One member and its state; the suite shares one, since a token takes a while to make.
struct Appliance {
  Appliance()
      : files(make_test_instance(folder)),
        writes(files.state()),
        reads([this] { return std::make_unique<Database>(files.state(), Database::Mode::open); }),
        token(SIGNET_SOFTHSM_MODULE, kTokenLabel, read_secret_file(files.token_pin())),
        primary(writes, reads, token, "primary"),
        alternate(writes, reads, token, "alternate") {}

  TemporaryFolder folder;
  InstanceFiles files;
  CommitQueue writes;
  CheckoutPool<Database> reads;
  Token token;
  Service primary;
  Service alternate;
};

class ServiceTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { appliance = std::make_unique<Appliance>(); }
  static void TearDownTestSuite() { appliance.reset(); }

  // Every test has an account of its own.
  void SetUp() override {
    static int number = 0;
    user = "user" + std::to_string(++number);
    add_user(user);
  }

  static void add_user(const std::string& name, bool administrator = false) {
    static const std::string hash = hash_password(Secret(std::string_view(kTestPassword)));
    Account account;
    account.user = name;
    account.common_name = name;
    account.administrator = administrator;
    account.password_hash = hash;
    appliance->writes.run([&](Database& database) { add_account(database, account); });
  }

  void set(const std::string& assignment) const {
    appliance->writes.run([&](Database& database) {
      database.run("UPDATE accounts SET " + assignment + " WHERE user = ?", user);
    });
  }

  Request request(const std::string& method, const std::string& path, const json& body = {}) const {
    Request made;
    made.method = method;
    made.target = "/dsa/v1" + path;
    made.authorization = basic(user, kTestPassword);
    made.content_type = "application/json";
    made.idempotency_key = new_uuid();
    made.body = body.is_null() ? "" : body.dump();
    made.id = new_uuid();
    return made;
  }

  static Answer send(const Request& made) { return appliance->primary.handle(made); }

  Answer call(const std::string& method, const std::string& path, const json& body = {}) const {
    return send(request(method, path, body));
  }

  json make_key(const json& spec) const {
    json body = spec;
    body["label"] = base64(view_of("label"));
    body["ckaId"] = "AQ==";
    const Answer answer = call("POST", "/keys", body);
    EXPECT_EQ(answer.status, 201U) << answer.body;
    return json::parse(answer.body);
  }

  json make_ec_key() const { return make_key({{"type", "EC"}, {"curve", "P-256"}}); }

  static json sign_body(std::size_t size = 32) {
    return {{"algorithm", "ECDSA"}, {"hash", "SHA-256"}, {"digests", {random_base64(size)}}};
  }

  static std::string signatures_path(const json& key) {
    return "/keys/" + key["id"].get<std::string>() + "/signatures";
  }

  std::int64_t journal_entries() const {
    auto loan = appliance->reads.take();
    auto rows = loan->query("SELECT count(*) FROM journal WHERE account = ?", user);
    return rows.next() ? rows.number(0) : -1;
  }

  static std::string code(const Answer& answer) {
    return json::parse(answer.body).value("sapiCode", "");
  }

  static std::unique_ptr<Appliance> appliance;
  std::string user;
};

std::unique_ptr<Appliance> ServiceTest::appliance;

TEST_F(ServiceTest, TellsWhatItIsWithoutAPassword) {
  Request open = request("GET", "/appliance");
  open.authorization.clear();
  const json body = json::parse(send(open).body);
  EXPECT_EQ(body["model"], "Signet emulator");
  EXPECT_EQ(body["role"], "primary");
  EXPECT_EQ(json::parse(appliance->alternate.handle(open).body)["clusterId"], body["clusterId"]);
}

TEST_F(ServiceTest, AsksForAPasswordEverywhereElse) {
  for (const char* header : {"", "Basic", "Basic ####", "Basic YQ==", "Bearer abc", "basic"}) {
    Request made = request("GET", "/account");
    made.authorization = header;
    const Answer answer = send(made);
    EXPECT_EQ(answer.status, 401U) << header;
    EXPECT_EQ(answer.headers.front().first, "WWW-Authenticate");
  }
}

TEST_F(ServiceTest, LocksAtTheFifthWrongPasswordOnBothMembers) {
  Request wrong = request("GET", "/account");
  wrong.authorization = basic(user, "wrong");
  for (int i = 0; i < 5; ++i) {
    Service& member = i % 2 == 0 ? appliance->primary : appliance->alternate;
    EXPECT_EQ(code(member.handle(wrong)), "0x900201E0");
  }
  EXPECT_EQ(code(send(wrong)), "0x900201E2");
  EXPECT_EQ(code(call("GET", "/account")), "0x900201E2");
}

TEST_F(ServiceTest, ForgetsWrongPasswordsAfterARightOne) {
  Request wrong = request("GET", "/account");
  wrong.authorization = basic(user, "wrong");
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(send(wrong).status, 401U);
    EXPECT_EQ(call("GET", "/account").status, 200U);
  }
}

TEST_F(ServiceTest, RefusesAccountsThatAreDisabledExpiredOrNotActivated) {
  set("disabled = 1");
  EXPECT_EQ(code(call("GET", "/objects")), "0x900201E4");
  set("disabled = 0, activated = 0");
  EXPECT_EQ(code(call("GET", "/objects")), "0x900201E5");
  set("activated = 1, password_expires_at = 1");
  EXPECT_EQ(code(call("GET", "/objects")), "0x900201E3");
  EXPECT_EQ(call("PUT", "/account/password", {{"newPassword", "another one"}}).status, 204U);
  Request renewed = request("GET", "/account");
  renewed.authorization = basic(user, "another one");
  EXPECT_EQ(send(renewed).status, 200U);
}

TEST_F(ServiceTest, HoldsNewPasswordsToThePolicy) {
  const auto change = [&](const json& password) {
    return code(call("PUT", "/account/password", {{"newPassword", password}}));
  };
  EXPECT_EQ(change("abc"), "0x900201E7");
  EXPECT_EQ(change(std::string(129, 'x')), "0x900201E7");
  EXPECT_EQ(change(kTestPassword), "0x900201E6");
  EXPECT_EQ(change(user), "0x900201E6");
  EXPECT_EQ(change("with\nline"), "0x900201E6");
  EXPECT_EQ(change(7), "0x90030702");
}

TEST_F(ServiceTest, LetsOnlyAdministratorsSetOthersPasswords) {
  const std::string path = "/accounts/" + user + "/password";
  EXPECT_EQ(call("PUT", path, {{"newPassword", "set by admin"}}).status, 403U);
  add_user(user + "-admin", true);
  Request made = request("PUT", path, {{"newPassword", "set by admin"}});
  made.authorization = basic(user + "-admin", kTestPassword);
  EXPECT_EQ(send(made).status, 204U);
  EXPECT_EQ(call("GET", "/account").status, 401U);
  made.target = "/dsa/v1/accounts/nobody/password";
  EXPECT_EQ(send(made).status, 404U);
}

TEST_F(ServiceTest, SignsWithEveryAlgorithmAndHash) {
  const json rsa = make_key({{"type", "RSA"}, {"size", 2048}});
  for (const HashRow& hash : kHashes) {
    for (const std::string_view algorithm : {kRsaPkcs1, kRsaPss}) {
      const Bytes digest = random_bytes(hash.size);
      const Answer answer =
          call("POST", signatures_path(rsa),
               {{"algorithm", algorithm}, {"hash", hash.name}, {"digests", {base64(digest)}}});
      ASSERT_EQ(answer.status, 200U) << answer.body;
      const Bytes signature = bytes_in(json::parse(answer.body)["signatures"][0]);
      EXPECT_TRUE(verifies(bytes_in(rsa["publicKey"]), algorithm, hash.name, digest, signature))
          << algorithm << hash.name;
    }
  }
}

TEST_F(ServiceTest, PadsReadyContentWhereTheHashIsNone) {
  const json rsa = make_key({{"type", "RSA"}, {"size", 2048}});
  const auto sign = [&](const Bytes& content) {
    return call("POST", signatures_path(rsa),
                {{"algorithm", kRsaPkcs1}, {"hash", "none"}, {"digests", {base64(content)}}});
  };
  const Bytes content = random_bytes(245);
  const Answer answer = sign(content);
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_TRUE(verifies(bytes_in(rsa["publicKey"]), kRsaPkcs1, "none", content,
                       bytes_in(json::parse(answer.body)["signatures"][0])));
  EXPECT_EQ(code(sign(random_bytes(246))), "0x90030384");
  EXPECT_EQ(code(sign({})), "0x90030384");
}

TEST_F(ServiceTest, SignsOnEveryCurveWithFixedSizes) {
  for (const auto& [curve, size] : {std::pair("P-256", 64U), {"P-384", 96U}, {"P-521", 132U}}) {
    const json key = make_key({{"type", "EC"}, {"curve", curve}});
    for (int i = 0; i < 4; ++i) {
      const Bytes digest = random_bytes(64);
      const Answer answer =
          call("POST", signatures_path(key),
               {{"algorithm", "ECDSA"}, {"hash", "SHA-512"}, {"digests", {base64(digest)}}});
      const Bytes signature = bytes_in(json::parse(answer.body)["signatures"][0]);
      EXPECT_EQ(signature.size(), size);
      EXPECT_TRUE(verifies(bytes_in(key["publicKey"]), "ECDSA", "SHA-512", digest, signature));
    }
  }
}

TEST_F(ServiceTest, SignsManyDigestsInTheirOrderAndJournalsEach) {
  const json key = make_ec_key();
  json body = sign_body();
  body["digests"] = json::array();
  body["reference"] = "file 7/2026";
  for (int i = 0; i < 100; ++i) body["digests"].push_back(random_base64(32));
  const json signatures = json::parse(call("POST", signatures_path(key), body).body)["signatures"];
  ASSERT_EQ(signatures.size(), 100U);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_TRUE(verifies(bytes_in(key["publicKey"]), "ECDSA", "SHA-256",
                         bytes_in(body["digests"][i]), bytes_in(signatures[i])));
  }
  EXPECT_EQ(journal_entries(), 100);
  body["digests"].push_back(random_base64(32));
  EXPECT_EQ(call("POST", signatures_path(key), body).status, 422U);
}

TEST_F(ServiceTest, RefusesOrdersThatDoNotFitTheKey) {
  const json key = make_ec_key();
  const auto sign = [&](const json& changes) {
    json body = sign_body();
    body.merge_patch(changes);
    return call("POST", signatures_path(key), body);
  };
  EXPECT_EQ(code(sign({{"hash", "SHA-384"}})), "0x90030384");
  EXPECT_EQ(code(sign({{"algorithm", "RSASSA-PSS"}})), "0x90030702");
  EXPECT_EQ(code(sign({{"algorithm", "Ed25519"}})), "0x90030702");
  EXPECT_EQ(code(sign({{"hash", "MD5"}})), "0x90030702");
  EXPECT_EQ(code(sign({{"hash", "none"}})), "0x90030702");
  EXPECT_EQ(code(sign({{"digests", json::array()}})), "0x90030702");
  EXPECT_EQ(code(sign({{"digests", {7}}})), "0x90030702");
  EXPECT_EQ(code(sign({{"digests", {"AA"}}})), "0x90030702");
  EXPECT_EQ(code(sign({{"reference", 7}})), "0x90030702");
  EXPECT_EQ(call("POST", "/keys/" + new_uuid() + "/signatures", sign_body()).status, 404U);
  EXPECT_EQ(journal_entries(), 0);
}

TEST_F(ServiceTest, RefusesDisabledKeys) {
  const json key = make_ec_key();
  appliance->writes.run(
      [&](Database& database) { set_key_active(database, key["id"].get<std::string>(), false); });
  EXPECT_EQ(code(call("POST", signatures_path(key), sign_body())), "0x900201E1");
}

TEST_F(ServiceTest, GivesTheSameAnswerUnderTheSameIdempotencyKey) {
  const json key = make_ec_key();
  const Request first = request("POST", signatures_path(key), sign_body());
  const Answer answer = send(first);
  EXPECT_EQ(send(first).body, answer.body);
  EXPECT_EQ(appliance->alternate.handle(first).body, answer.body);
  EXPECT_EQ(journal_entries(), 1);

  Request other = first;
  other.body = sign_body().dump();
  EXPECT_EQ(send(other).status, 422U);
  other = first;
  other.idempotency_key = "not a UUID";
  EXPECT_EQ(send(other).status, 400U);
}

TEST_F(ServiceTest, DoesASimultaneousRequestOfBothMembersOnce) {
  const json key = make_ec_key();
  for (int round = 0; round < 10; ++round) {
    const Request same = request("POST", signatures_path(key), sign_body());
    std::vector<Answer> answers(8);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      Service& member = i % 2 == 0 ? appliance->primary : appliance->alternate;
      threads.emplace_back(
          [&member, &same, &answer = answers[i]] { answer = member.handle(same); });
    }
    for (std::thread& thread : threads) thread.join();
    for (const Answer& answer : answers) EXPECT_EQ(answer.body, answers.front().body);
    EXPECT_EQ(answers.front().status, 200U);
  }
  EXPECT_EQ(journal_entries(), 10);
}

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

TEST_F(ServiceTest, SendsWritesToThePrimary) {
  for (const auto& [method, path] : {std::pair("POST", "/keys"),
                                     {"PATCH", "/keys/x"},
                                     {"DELETE", "/keys/x"},
                                     {"POST", "/certificates"},
                                     {"PATCH", "/certificates/x"},
                                     {"DELETE", "/certificates/x"}}) {
    const Answer answer = appliance->alternate.handle(request(method, path, json::object()));
    EXPECT_EQ(answer.status, 421U) << method << path;
    EXPECT_THAT(json::parse(answer.body)["primary"].get<std::string>(),
                HasSubstr("https://127.0.0.1:"));
  }
}

TEST_F(ServiceTest, KeepsAnyBytesAsLabelAndId) {
  const Bytes label = random_bytes(200);
  const Bytes id = random_bytes(64);
  const Answer made =
      call("POST", "/keys",
           {{"type", "EC"}, {"curve", "P-384"}, {"label", base64(label)}, {"ckaId", base64(id)}});
  const std::string path = "/keys/" + json::parse(made.body)["id"].get<std::string>();
  json listed = json::parse(call("GET", "/objects").body)["keys"][0];
  EXPECT_EQ(bytes_in(listed["label"]), label);
  EXPECT_EQ(bytes_in(listed["ckaId"]), id);

  EXPECT_EQ(call("PATCH", path, {{"label", ""}}).status, 200U);
  listed = json::parse(call("GET", "/objects").body)["keys"][0];
  EXPECT_EQ(listed["label"], "");
  EXPECT_EQ(bytes_in(listed["ckaId"]), id);
}

TEST_F(ServiceTest, HidesAnAccountsObjectsFromOthers) {
  const json key = make_ec_key();
  const std::string path = "/keys/" + key["id"].get<std::string>();
  user += "-other";
  add_user(user);
  EXPECT_EQ(json::parse(call("GET", "/objects").body)["keys"].size(), 0U);
  EXPECT_EQ(call("POST", path + "/signatures", sign_body()).status, 404U);
  EXPECT_EQ(call("PATCH", path, {{"label", ""}}).status, 404U);
  EXPECT_EQ(call("DELETE", path).status, 404U);
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
  const json body{{"der", base64(der)}, {"label", "AA=="}, {"ckaId", "AQ=="}};
  const Answer made = call("POST", "/certificates", body);
  ASSERT_EQ(made.status, 201U) << made.body;
  EXPECT_EQ(json::parse(made.body)["keyId"], key["id"]);
  const Answer again = call("POST", "/certificates", body);
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.body, made.body);
  EXPECT_EQ(call("POST", "/certificates", {{"der", base64(der)}, {"label", "AQ=="}}).status, 409U);

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
  EXPECT_EQ(call("POST", "/certificates", {{"der", base64(issuer)}}).status, 201U);
  EXPECT_EQ(call("POST", "/certificates", {{"der", base64(certificate_for(key, false))}}).status,
            422U);
  issuer.push_back(0);
  EXPECT_EQ(call("POST", "/certificates", {{"der", base64(issuer)}}).status, 422U);
  EXPECT_EQ(call("POST", "/certificates", {{"der", "MAA="}}).status, 422U);
  set("certificate_limit = 1");
  EXPECT_EQ(code(call("POST", "/certificates", {{"der", base64(certificate_for(key, true))}})),
            "0x90037009");
}

TEST_F(ServiceTest, PagesThroughManyObjectsUnderOneTag) {
  appliance->writes.run([&](Database& database) {
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
    conditional.if_none_match = malformed;
    EXPECT_EQ(send(conditional).status, 422U) << malformed;
  }
  conditional.if_none_match = first.headers.front().second;
  EXPECT_EQ(send(conditional).status, 304U);
  make_ec_key();
  EXPECT_EQ(send(conditional).status, 200U);
  EXPECT_EQ(call("GET", "/objects?cursor=" + page["next"].get<std::string>()).status, 409U);
}

TEST_F(ServiceTest, WantsTheSignPasswordWhereTheAccountHasOne) {
  const json key = make_ec_key();
  set("sign_credential = 'password', sign_secret = '" +
      hash_password(Secret(std::string_view("second"))) + "'");
  const auto sign = [&](const json& credential) {
    json body = sign_body();
    if (!credential.is_null()) body["signPassword"] = credential;
    return call("POST", signatures_path(key), body);
  };
  EXPECT_EQ(code(sign(nullptr)), "0x900201EA");
  EXPECT_EQ(sign("second").status, 200U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(code(sign("wrong")), "0x900201EA");
  EXPECT_EQ(code(sign("second")), "0x900201E1");
  EXPECT_EQ(call("GET", "/account").status, 200U);
}

TEST_F(ServiceTest, TakesEachOneTimePasswordOnce) {
  const json key = make_ec_key();
  const Bytes secret = random_bytes(20);
  set("sign_credential = 'otp', sign_secret = '" + to_hex(secret) + "'");
  json body = sign_body();
  body["signPassword"] = one_time_password(secret, one_time_step(std::chrono::system_clock::now()));
  const Request first = request("POST", signatures_path(key), body);
  EXPECT_EQ(send(first).status, 200U);
  EXPECT_EQ(send(first).status, 200U) << "the same request again is no second use";
  EXPECT_EQ(code(call("POST", signatures_path(key), body)), "0x900201EA");
}

TEST_F(ServiceTest, AnswersClientsMistakesWithTheirOwnStatus) {
  EXPECT_EQ(call("GET", "/nothing").status, 404U);
  EXPECT_EQ(call("GET", "/objects/").status, 404U);
  Request outside = request("GET", "");
  outside.target = "/dsa/v2/account";
  EXPECT_EQ(send(outside).status, 404U);
  const Answer wrong = call("DELETE", "/account");
  EXPECT_EQ(wrong.status, 405U);
  EXPECT_EQ(wrong.headers.front(), std::pair(std::string("Allow"), std::string("GET")));
  Request typed = request("POST", "/keys", json::object());
  typed.content_type = "text/plain";
  EXPECT_EQ(send(typed).status, 415U);
  for (const std::string& body : {std::string("{"), std::string(), std::string("{\"a\":\"\xFF\"}"),
                                  std::string(100'000, '['), std::string("\0", 1)}) {
    Request malformed = request("POST", "/keys");
    malformed.body = body;
    EXPECT_EQ(send(malformed).status, 400U) << body.substr(0, 20);
  }
  for (const char* body : {"[]", "7", "null", "\"text\"", "{\"type\":null}", "{\"type\":1e400}"}) {
    Request mistyped = request("POST", "/keys");
    mistyped.body = body;
    EXPECT_THAT(send(mistyped).status, testing::AnyOf(400U, 422U)) << body;
  }
}

TEST_F(ServiceTest, SpoilsSignaturesWhenAFaultAsksForIt) {
  const json keys[] = {make_ec_key(), make_key({{"type", "RSA"}, {"size", 2048}})};
  for (const json& key : keys) {
    const std::string_view algorithm = key["type"] == "EC" ? kEcdsa : kRsaPss;
    const std::size_t size = key["type"] == "EC" ? 64 : 256;
    for (const auto fault : {SignatureFault::bit_flip, SignatureFault::other_key,
                             SignatureFault::other_digest, SignatureFault::too_short}) {
      json body = sign_body();
      body["algorithm"] = algorithm;
      Request made = request("POST", signatures_path(key), body);
      made.signature_fault = fault;
      const Bytes signature = bytes_in(json::parse(send(made).body)["signatures"][0]);
      EXPECT_EQ(signature.size(), fault == SignatureFault::too_short ? size - 1 : size);
      EXPECT_FALSE(verifies(bytes_in(key["publicKey"]), algorithm, "SHA-256",
                            bytes_in(body["digests"][0]), signature));
    }
  }
}

}  // namespace
}  // namespace signet::emulator
