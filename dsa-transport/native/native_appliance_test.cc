// The calls of the contract: what is sent, what is understood, what is refused.

#include <gtest/gtest.h>

#include <numeric>

#include "dsa-transport/factory.h"
#include "dsa-transport/testing/native_test_scene.h"
#include "https/client/message.h"

namespace signet::transport {
namespace {

using namespace std::chrono_literals;

class NativeApplianceTest : public NativeTest {
 protected:
  TestReply objects_reply() const {
    return {.body = objects_body(), .headers = {{"ETag", "\"7\""}}};
  }
};

TEST_F(NativeApplianceTest, ReadsTheAppliance) {
  TlsTestServer server = server_with({.body = R"({"manufacturer":"M","model":"X","serialNumber":"1",
    "firmware":{"major":2,"minor":3},"hardware":{"major":1,"minor":0},"time":"2026-01-01T00:00:00Z",
    "role":"primary","clusterId":"c","maxDigestsPerRequest":16,
    "keyTypes":[{"type":"RSA","sizes":[2048,3072]},{"type":"EC","curves":["P-256","P-999"]},{"type":"ML-DSA"}],
    "algorithms":["RSASSA-PSS","ECDSA","Unheard-Of"],"hashes":["SHA-256","SHA3-256"],"rawPkcs1":true})"});
  const auto info = client_of(server)->info(soon());
  ASSERT_TRUE(info) << info.error().sentence;
  EXPECT_EQ(info.value().firmware.minor, 3U);
  EXPECT_EQ(info.value().max_digests_per_request, 16U);
  EXPECT_EQ(info.value().rsa_bits, (std::vector<unsigned>{2048, 3072}));
  EXPECT_EQ(info.value().curves, std::vector{Curve::p256});
  EXPECT_EQ(info.value().algorithms, (std::vector{Scheme::rsa_pss, Scheme::ecdsa}));
  EXPECT_EQ(info.value().hashes, std::vector{Hash::sha256});
  EXPECT_TRUE(info.value().raw_pkcs1);
  EXPECT_EQ(server.requests()[0].headers.count("authorization"), 0U);
}

TEST_F(NativeApplianceTest, SendsTheCredentialAndReadsTheAccount) {
  TlsTestServer server = server_with({.body = kAccountBody});
  const auto account = client_of(server)->account(who_, soon());
  ASSERT_TRUE(account) << account.error().sentence;
  EXPECT_TRUE(account.value().administrator);
  EXPECT_EQ(utc_text(*account.value().password_expires_at), "2027-01-31T12:00:00.000Z");
  const TestRequest seen = server.requests()[0];
  EXPECT_EQ(seen.path, "/dsa/v1/account");
  EXPECT_EQ(seen.headers.at("authorization"), "Basic " + base64("seal:pass\"word"));
}

TEST_F(NativeApplianceTest, ReadsAllPagesAsOneSet) {
  const std::string other_key = with(key_body(), kKeyId, "another-key");
  TlsTestServer server(identity_, [&](const TestRequest& request) -> TestReply {
    if (request.path == "/dsa/v1/objects?cursor=a%2Fb%3D") {
      return {.body = R"({"keys":[],"certificates":[)" + certificate_body() + "]}",
              .headers = {{"ETag", "\"7\""}}};
    }
    return {.body = R"({"keys":[)" + key_body() + "," + other_key +
                    R"(],"certificates":[],"next":"a/b="})",
            .headers = {{"ETag", "\"7\""}}};
  });
  const auto answer = client_of(server)->objects(who_, "", soon());
  ASSERT_TRUE(answer) << answer.error().sentence;
  const ObjectSet& set = *answer.value();
  EXPECT_EQ(set.keys.size(), 2U);
  EXPECT_EQ(set.keys[0].label, copy_of(view_of("a label")));
  EXPECT_EQ(set.keys[0].curve, Curve::p256);
  ASSERT_EQ(set.certificates.size(), 1U);
  EXPECT_EQ(set.certificates[0].key_id, kKeyId);
  EXPECT_EQ(set.etag, "\"7\"");
}

TEST_F(NativeApplianceTest, LearnsThatNothingChanged) {
  TlsTestServer server = server_with({.status = 304, .headers = {{"ETag", "\"7\""}}});
  const auto answer = client_of(server)->objects(who_, "\"7\"", soon());
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_FALSE(answer.value());
  EXPECT_EQ(server.requests()[0].headers.at("if-none-match"), "\"7\"");
}

TEST_F(NativeApplianceTest, StartsAgainWhenTheSetChangesBetweenPages) {
  std::atomic<int> requests{0};
  TlsTestServer server(identity_, [&](const TestRequest& request) -> TestReply {
    const int number = ++requests;
    if (number == 2) return problem_reply(409, "0x90030704");
    const bool second_page = request.path.find("cursor") != std::string::npos;
    const std::string etag = number < 5 ? "\"" + std::to_string(number) + "\"" : "\"9\"";
    if (second_page) return {.body = objects_body(), .headers = {{"ETag", etag}}};
    return {.body = R"({"keys":[],"certificates":[],"next":"n"})", .headers = {{"ETag", etag}}};
  });
  const auto answer = client_of(server)->objects(who_, "", soon());
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_EQ(answer.value()->keys.size(), 1U);
  EXPECT_EQ(requests, 6);
}

TEST_F(NativeApplianceTest, NamesTheLastAnswerWhereTheListNeverComesToRest) {
  TlsTestServer server(identity_,
                       [](const TestRequest&) { return problem_reply(409, "0x90030704"); });
  const auto result = client_of(server)->objects(who_, "", Deadline::after(2s));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().failure, Failure::timed_out);
  EXPECT_EQ(result.error().cause.request_id, "request-4711");
  EXPECT_NE(result.error().sentence.find("kept changing"), std::string::npos);
}

TEST_F(NativeApplianceTest, LeavesOutKeysOfUnknownTypes) {
  TestReply reply = objects_reply();
  reply.body = with(reply.body, R"("type":"EC")", R"("type":"ML-DSA")");
  TlsTestServer server = server_with(reply);
  const auto answer = client_of(server)->objects(who_, "", soon());
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_TRUE(answer.value()->keys.empty());
  EXPECT_EQ(answer.value()->certificates[0].key_id, "");
}

TEST_F(NativeApplianceTest, RefusesObjectListsThatBreakTheContract) {
  const std::string good = objects_body();
  const std::string key = key_body();
  const TestIdentity stranger;
  const std::string own_key = crypto::to_base64(identity_->public_key_der());
  const std::pair<const char*, std::string> lies[] = {
      {"an id twice", with(good, kCertificateId, kKeyId)},
      {"a key twice", R"({"keys":[)" + key + "," + key + R"(],"certificates":[]})"},
      {"a key that is not there", with(good, R"("keyId":")" + kKeyId, R"("keyId":"unknown-key)")},
      {"another's certificate", with(good, crypto::to_base64(identity_->certificate_der()),
                                     crypto::to_base64(stranger.certificate_der()))},
      {"a wrong curve", with(good, "P-256", "P-384")},
      {"a wrong type", with(good, R"("type":"EC")", R"("type":"RSA","size":2048)")},
      {"no public key", with(good, own_key, base64("not a key"))},
      {"a byte behind the key", with(good, own_key, crypto::to_base64([&] {
                                       Bytes der = identity_->public_key_der();
                                       der.push_back(0);
                                       return der;
                                     }()))},
      {"bad base64", with(good, base64("a label"), "YSBsYWJlbA")},
      {"a label that is a number", with(good, "\"" + base64("a label") + "\"", "7")},
      {"a long ckaId", with(good, base64("\x01\x02"), crypto::to_base64(Bytes(256)))},
      {"a broken time", with(good, "2026-01-01T00:00:00.25Z", "2026-13-01T00:00:00Z")},
      {"an unknown state", with(good, "active", "asleep")},
      {"an id that is a path", with(good, kKeyId, "../../x")},
      {"an id that folds the path", with(with(good, kKeyId, ".."), kKeyId, "..")},
      {"a certificate's id that folds the path", with(good, kCertificateId, ".")},
      {"no keys", R"({"certificates":[]})"},
      {"a list", "[]"},
      {"half of it", good.substr(0, good.size() / 2)},
      {"something behind it", good + "x"},
      {"bytes that are not UTF-8", with(good, "active", "\xC3\x28")},
      {"endless depth", std::string(100'000, '[')},
  };
  for (const auto& [name, body] : lies) {
    TlsTestServer server = server_with({.body = body, .headers = {{"ETag", "\"7\""}}});
    const auto answer = client_of(server)->objects(who_, "", soon());
    ASSERT_FALSE(answer) << name;
    EXPECT_EQ(answer.error().failure, Failure::bad_answer) << name;
  }
}

TEST_F(NativeApplianceTest, RefusesAnObjectListWithoutStrongETag) {
  for (const char* etag : {"", "W/\"7\"", "7"}) {
    TlsTestServer server = server_with({.body = objects_body(), .headers = {{"ETag", etag}}});
    const auto answer = client_of(server)->objects(who_, "", soon());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::bad_answer);
  }
}

TEST_F(NativeApplianceTest, SignsADigest) {
  TlsTestServer server =
      server_with({.body = signatures_body(64), .headers = {{"X-Request-Id", "request-4711"}}});
  SignRequest request = sign_request();
  request.sign_password = Secret("s\n\"");
  request.reference = "čj. 12/2026";
  const auto answer = client_of(server)->sign(who_, request, soon());
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_EQ(answer.value().values, std::vector<Bytes>({Bytes(64, 7)}));
  EXPECT_EQ(answer.value().trace.request_id, "request-4711");
  const TestRequest seen = server.requests()[0];
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.path, "/dsa/v1/keys/" + kKeyId + "/signatures");
  EXPECT_EQ(seen.headers.at("content-type"), "application/json");
  EXPECT_EQ(seen.headers.at("idempotency-key").size(), 36U);
  EXPECT_EQ(seen.body, R"({"algorithm":"ECDSA","hash":"SHA-256","digests":[")" +
                           crypto::to_base64(Bytes(32, 1)) +
                           R"("],"signPassword":"s\n\"","reference":"čj. 12/2026"})");
}

TEST_F(NativeApplianceTest, KnowsHowLongTheSignaturesOfListedKeysAre) {
  TlsTestServer server(identity_, [&](const TestRequest& request) -> TestReply {
    return request.method == "GET" ? objects_reply() : TestReply{.body = signatures_body(62)};
  });
  const auto client = client_of(server);
  ASSERT_TRUE(client->objects(who_, "", soon()));
  const auto answer = client->sign(who_, sign_request(), soon());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::bad_answer);
}

TEST_F(NativeApplianceTest, SendsNoDigestOfAWrongLength) {
  TlsTestServer server = server_with({.body = signatures_body(64)});
  SignRequest request = sign_request();
  request.digests = {Bytes(31)};
  EXPECT_EQ(client_of(server)->sign(who_, request, soon()).error().failure, Failure::digest_length);
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(NativeApplianceTest, MakesAKey) {
  TlsTestServer server = server_with({.status = 201, .body = key_body()});
  const auto client = client_of(server);
  const KeySpec spec{KeyType::ec, 0, Curve::p256, copy_of(view_of("l")), Bytes{0, 255}};
  const auto key = client->generate_key(who_, spec, soon());
  ASSERT_TRUE(key) << key.error().sentence;
  EXPECT_EQ(key.value().id, kKeyId);
  EXPECT_EQ(server.requests()[0].body,
            R"({"type":"EC","curve":"P-256","label":"bA==","ckaId":"AP8="})");
}

TEST_F(NativeApplianceTest, RefusesAKeyThatIsNotTheOneAskedFor) {
  TlsTestServer server = server_with({.status = 201, .body = key_body()});
  const KeySpec spec{KeyType::ec, 0, Curve::p384, {}, {}};
  const auto key = client_of(server)->generate_key(who_, spec, soon());
  ASSERT_FALSE(key);
  EXPECT_NE(key.error().failure, Failure::unreachable);
}

TEST_F(NativeApplianceTest, NamesAndDeletesObjects) {
  TlsTestServer server(identity_, [&](const TestRequest& request) -> TestReply {
    if (request.method == "DELETE") return {.status = 204};
    const bool key = request.path.find("/keys/") != std::string::npos;
    return {.body = key ? key_body() : certificate_body()};
  });
  const auto client = client_of(server);
  const Bytes label = copy_of(view_of("new"));
  EXPECT_TRUE(client->update_key(who_, kKeyId, label, std::nullopt, soon()));
  EXPECT_TRUE(client->update_certificate(who_, kCertificateId, std::nullopt, Bytes{1}, soon()));
  EXPECT_TRUE(client->delete_key(who_, kKeyId, soon()));
  EXPECT_TRUE(client->delete_certificate(who_, kCertificateId, soon()));
  const auto requests = server.requests();
  EXPECT_EQ(requests[0].method, "PATCH");
  EXPECT_EQ(requests[0].body, R"({"label":"bmV3"})");
  EXPECT_EQ(requests[1].body, R"({"ckaId":"AQ=="})");
  EXPECT_EQ(requests[2].path, "/dsa/v1/keys/" + kKeyId);
  EXPECT_EQ(requests[3].path, "/dsa/v1/certificates/" + kCertificateId);
  EXPECT_EQ(server.handshakes(), 1U);
}

TEST_F(NativeApplianceTest, StoresACertificate) {
  for (const int status : {200, 201}) {
    TlsTestServer server = server_with({.status = status, .body = certificate_body()});
    const auto answer =
        client_of(server)->import_certificate(who_, identity_->certificate_der(), {}, {}, soon());
    ASSERT_TRUE(answer) << answer.error().sentence;
    EXPECT_EQ(answer.value().id, kCertificateId);
  }
}

TEST_F(NativeApplianceTest, ChangesPasswords) {
  TlsTestServer server = server_with({.status = 204});
  const auto client = client_of(server);
  EXPECT_TRUE(client->change_password(who_, Secret("heslo-ž"), soon()));
  EXPECT_TRUE(client->set_password(who_, "a b/c", Secret("x"), soon()));
  EXPECT_EQ(server.requests()[0].body, R"({"newPassword":"heslo-ž"})");
  EXPECT_EQ(server.requests()[1].path, "/dsa/v1/accounts/a%20b%2Fc/password");
  EXPECT_EQ(client->change_password(who_, Secret("\xFF"), soon()).error().failure,
            Failure::password_policy);
}

TEST_F(NativeApplianceTest, NeverSendsAUserThatCannotBeSent) {
  TlsTestServer server = server_with({.body = kAccountBody});
  const auto client = client_of(server);
  for (const char* user : {"", "a:b", "a\r\nb"}) {
    EXPECT_EQ(client->account({user, Secret("x")}, soon()).error().failure, Failure::bad_parameter);
  }
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(NativeApplianceTest, SendsNoPathThatAServerWouldFold) {
  TlsTestServer server = server_with({.status = 204});
  const auto client = client_of(server);
  for (const char* name : {".", "..", ""}) {
    EXPECT_EQ(client->set_password(who_, name, Secret("x"), soon()).error().failure,
              Failure::bad_parameter);
    EXPECT_EQ(client->delete_key(who_, name, soon()).error().failure, Failure::no_such_object);
    EXPECT_EQ(client->delete_certificate(who_, name, soon()).error().failure,
              Failure::no_such_object);
  }
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(NativeApplianceTest, SendsAPasswordOnceWhereItMayNotRepeat) {
  TlsTestServer server = server_with({.ending = TestReply::Ending::cut});
  Settings options{.members = {member_of(server)}, .client_certificate = {}, .limits = {}};
  options.may_repeat = false;
  EXPECT_FALSE(make_appliance(options)->account(who_, soon()));
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(NativeApplianceTest, CountsWhatItDoes) {
  TlsTestServer server = server_with({.body = signatures_body(64)});
  const auto client = client_of(server);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(client->sign(who_, sign_request(), soon()));
  const Totals totals = client->figures().sum();
  EXPECT_EQ(totals.requests, 3U);
  EXPECT_EQ(totals.handshakes, 1U);
  EXPECT_EQ(totals.retries, 0U);
  EXPECT_GT(totals.bytes_sent, 900U);
  EXPECT_GT(totals.bytes_received, 300U);
  const auto& cells = totals.latencies.cells;
  EXPECT_EQ(std::accumulate(cells.begin(), cells.end(), std::uint64_t{0}), 3U);
}

TEST_F(NativeApplianceTest, CountsEachMemberByItself) {
  TlsTestServer good = server_with({.body = kAccountBody});
  const auto client =
      make_appliance({.members = {{"https://127.0.0.1:" + std::to_string(closed_port()) + "/dsa/v1",
                                   member_of(good).pins,
                                   {}},
                                  member_of(good)},
                      .client_certificate = {},
                      .limits = {}});
  EXPECT_TRUE(client->account(who_, soon()));
  const ApplianceFigures figures = client->figures();
  EXPECT_EQ(figures.calls, 1U);
  EXPECT_EQ(figures.failures, 0U);
  ASSERT_EQ(figures.members.size(), 2U);
  const Totals& dead = figures.members.at(0).totals;
  const Totals& alive = figures.members.at(1).totals;
  EXPECT_EQ(dead.requests, 1U);
  EXPECT_EQ(dead.request_failures, 1U);
  EXPECT_EQ(dead.handshakes, 0U);
  EXPECT_EQ(figures.members.at(1).url, good.url());
  EXPECT_EQ(alive.requests, 1U);
  EXPECT_EQ(alive.request_failures, 0U);
  EXPECT_EQ(alive.handshakes, 1U);
  EXPECT_EQ(alive.retries, 1U);
  EXPECT_EQ(alive.failovers, 1U);
}

TEST_F(NativeApplianceTest, ReachesForNoNetworkWhenMade) {
  TlsTestServer server = server_with({.body = kAccountBody});
  const auto client = client_of(server);
  std::this_thread::sleep_for(30ms);
  EXPECT_EQ(server.connections(), 0U);
}

}  // namespace
}  // namespace signet::transport
