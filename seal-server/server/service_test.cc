#include "seal-server/server/service.h"

#include <boost/json.hpp>

#include "crypto/base64.h"
#include "crypto/merkle_verify.h"
#include "crypto/testing/test_key.h"
#include "seal-server/register/checkpoint.h"
#include "seal-server/testing/service_scene.h"

namespace signet::sealserver {
namespace {

using https::server::Request;
using https::server::Response;
using SealService = ServiceScene;

TEST_F(SealService, ShowsAClientToItself) {
  const auto client = answer(request("GET", "client"));
  EXPECT_EQ(client.at("id").as_string(), id_);
  EXPECT_EQ(client.at("state").as_string(), "active");
  const auto& key = client.at("authenticationCertificates").as_array().at(0).as_object();
  EXPECT_EQ(key.at("certificate").as_string(),
            to_hex(crypto::digest_of(crypto::Hash::sha256, certificate_)));
}

TEST_F(SealService, AnswersNobodyElse) {
  Request stranger = request("GET", "client");
  stranger.peer.certificate = {};
  EXPECT_EQ(outcome(stranger), "401 This server wants a client certificate.");
  EXPECT_FALSE(service_->knows(other_certificate_));
  EXPECT_FALSE(service_->knows(view_of("no certificate")));
  EXPECT_TRUE(service_->knows(certificate_));
  stranger.peer.certificate = other_certificate_;
  EXPECT_EQ(outcome(stranger), "403 This key is not registered.");
  sequencer_->write([&](Group& group) { set_client_state(group, id_, "suspended"); });
  EXPECT_EQ(outcome(request("GET", "client")), "403 The client is suspended.");
  EXPECT_EQ(outcome(request("GET", "nowhere")), "403 The client is suspended.");
}

TEST_F(SealService, GivesACryptogramToTheKeyThatItIsFor) {
  EXPECT_EQ(outcome(request("GET", "cryptogram")), "404 There is no cryptogram for this key.");
  const std::string key = keys_of(*sql_, id_).front().spki;
  sequencer_->write([&](Group& group) { put_cryptogram(group, key, {"YQ==", "Yg=="}); });
  EXPECT_EQ(answer(request("GET", "cryptogram")).at("cryptogram").as_string(), "YQ==");
  add_with(other_certificate_, {});
  Request other = request("GET", "cryptogram");
  other.peer.certificate = other_certificate_;
  EXPECT_EQ(outcome(other), "404 There is no cryptogram for this key.");
}

TEST_F(SealService, OpensOnceHoweverOftenItIsAsked) {
  const Request post = request("POST", "transactions", opening('1'));
  const Response first = service_->handle(post);
  const std::int64_t before = events();
  const Response second = service_->handle(post);
  EXPECT_EQ(first.status, 200U) << first.body;
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(events(), before);
  EXPECT_EQ(outcome(request("POST", "transactions", opening('2'))),
            "422 This Idempotency-Key was used with another request.");
  // The keys of one client are not those of another.
  add_with(other_certificate_, {});
  Request other = post;
  other.peer.certificate = other_certificate_;
  EXPECT_NE(service_->handle(other).body, first.body);
  EXPECT_EQ(events(), before + 3);
}

TEST_F(SealService, TakesAResultOnce) {
  const std::string id = open_one('1', "a");
  EXPECT_TRUE(answer(request("PUT", "transactions/" + id, sealed())).contains("receipt"));
  EXPECT_FALSE(answer(request("PUT", "transactions/" + id, sealed())).contains("receipt"));
  EXPECT_EQ(outcome(request("PUT", "transactions/" + id, R"({"state":"failed"})")),
            "409 The transaction has ended with another result.");
  const auto seal = answer(request("GET", "transactions/" + id));
  EXPECT_EQ(seal.at("state").as_string(), "sealed");
  EXPECT_EQ(seal.at("sealedDigest").as_string(), digest('s'));
  EXPECT_EQ(seal.at("signedAt").as_string(), "2027-01-15T08:00:01.000Z");
}

// A seal is not refused because an earlier one's result cannot be taken.
TEST_F(SealService, TakesResultsWithTheNextSeals) {
  const std::string good = open_one('1', "a");
  const std::string bad = open_one('2', "b");
  answer(request("PUT", "transactions/" + bad, R"({"state":"failed"})"));
  const std::string results = R"(,"results":[{"id":")" + good + R"(","state":"sealed"},{"id":")" +
                              bad + R"(","state":"sealed"},{"id":"none","state":"failed"}])";
  const auto taken = answer(request("POST", "transactions", opening('3', results)));
  const auto& outcomes = taken.at("results").as_array();
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(outcomes[0].at("outcome").as_string(), "recorded");
  EXPECT_EQ(outcomes[1].at("outcome").as_string(), "conflict");
  EXPECT_EQ(outcomes[2].at("outcome").as_string(), "unknown-transaction");
  EXPECT_EQ(taken.at("transactions").as_array().size(), 1U);
  EXPECT_EQ(answer(request("GET", "transactions/" + bad)).at("state").as_string(), "failed");
}

TEST_F(SealService, ShowsNoSealOfAnotherClient) {
  const std::string id = open_one('1', "a");
  add_with(other_certificate_, {});
  Request other = request("GET", "transactions/" + id);
  other.peer.certificate = other_certificate_;
  const std::string none = "404 The client has no transaction " + id + ".";
  EXPECT_EQ(outcome(other), none);
  other = request("PUT", "transactions/" + id, sealed());
  other.peer.certificate = other_certificate_;
  EXPECT_EQ(outcome(other), none);
  other = request("GET", "transactions");
  other.peer.certificate = other_certificate_;
  EXPECT_TRUE(answer(other).at("transactions").as_array().empty());
}

TEST_F(SealService, ListsInPages) {
  for (int i = 0; i < 55; ++i) open_one('1', "key-" + std::to_string(100 + i));
  for (const std::string search : {"", "reference=A%2F1&", "state=opened&"}) {
    const auto first = answer(request("GET", "transactions?" + search + "to=2099-01-01T00:00:00Z"));
    EXPECT_EQ(first.at("transactions").as_array().size(), 50U) << search;
    const std::string cursor(first.at("cursor").as_string());
    const auto second = answer(
        request("GET", "transactions?" + search + "to=2099-01-01T00:00:00Z&cursor=" + cursor));
    EXPECT_EQ(second.at("transactions").as_array().size(), 5U) << search;
    EXPECT_FALSE(second.contains("cursor")) << search;
  }
  EXPECT_EQ(outcome(request("GET", "transactions?cursor=999999")),
            "422 The search cannot be continued there.");
  const auto none = answer(request("GET", "transactions?state=sealed"));
  EXPECT_TRUE(none.at("transactions").as_array().empty());
}

TEST_F(SealService, ProvesWhatItAcknowledges) {
  const auto opened = answer(request("POST", "transactions", opening('1')));
  const auto& receipt =
      opened.at("transactions").as_array().at(0).as_object().at("receipt").as_object();
  const std::string entry(receipt.at("entry").as_string());
  const auto sequence = receipt.at("sequence").to_number<std::uint64_t>();
  const Response checkpoint = service_->handle(request("GET", "log/checkpoint"));
  const std::string size = std::to_string(sequence + 1);
  EXPECT_NE(checkpoint.body.find("log\n" + size + "\n"), std::string::npos) << checkpoint.body;
  const Response tile = service_->handle(request("GET", "log/tile/0/000.p/" + size));
  ASSERT_EQ(tile.body.size(), 32 * (sequence + 1));
  EXPECT_EQ(to_hex(view_of(tile.body.substr(32 * sequence))),
            to_hex(crypto::leaf_hash(view_of(entry))));
  EXPECT_EQ(outcome(request("GET", "log/tile/0/000")), "404 The log has no such tile yet.");
  EXPECT_EQ(outcome(request("GET", "log/tile/0/0")), "404 There is nothing at this path.");
  EXPECT_EQ(outcome(request("GET", "log/tile/entries/000.p/1")),
            "403 The entries of the log are for auditors.");
}

TEST_F(SealService, RefusesWhatTheContractDoesNotHave) {
  EXPECT_EQ(outcome(request("DELETE", "client")), "405 This path takes GET.");
  const Response wrong = service_->handle(request("DELETE", "transactions"));
  EXPECT_EQ(wrong.headers.back(), (std::pair<std::string, std::string>("Allow", "GET, POST")));
  EXPECT_EQ(outcome(request("GET", "nowhere")), "404 There is nothing at this path.");
  EXPECT_EQ(outcome(request("GET", "client?x=1")), "400 This path takes no query.");
  EXPECT_EQ(outcome(request("GET", "transactions?x=1")), "400 The query has an unexpected part.");
  EXPECT_EQ(outcome(request("GET", "transactions?state=a&state=b")),
            "400 The query has \"state\" twice.");
  EXPECT_EQ(outcome(request("GET", "transactions?state=%zz")),
            "400 The query has a wrong percent-encoding.");
  EXPECT_EQ(outcome(request("GET", "transactions?cursor=-1")), "422 \"cursor\" is no number.");
  EXPECT_EQ(outcome(request("POST", "transactions", "[]")), "422 The body must be a JSON object.");
  EXPECT_EQ(outcome(request("POST", "transactions", "{")), "400 The body is not JSON in UTF-8.");
  EXPECT_EQ(outcome(request("POST", "transactions", "{}")), "422 \"transactions\" has no items.");
  Request post = request("POST", "transactions", opening('1'));
  post.set_header("Idempotency-Key", "");
  EXPECT_TRUE(outcome(post).starts_with("400 The request needs an Idempotency-Key"));
  post = request("POST", "transactions", opening('1'));
  post.set_header("Content-Type", "text/plain");
  EXPECT_EQ(outcome(post), "415 A request with a body needs Content-Type: application/json.");
  Request elsewhere = request("GET", "");
  elsewhere.target = "/";
  EXPECT_EQ(outcome(elsewhere), "404 There is nothing at this path.");
}

TEST_F(SealService, SaysThatALimitIsReached) {
  add_with(other_certificate_, {.per_day = 0, .in_all = {}, .until = {}});
  Request post = request("POST", "transactions", opening('1'));
  post.peer.certificate = other_certificate_;
  const Response refused = service_->handle(post);
  EXPECT_EQ(outcome(refused), "429 The client may open 0 seals a day; 0 were opened today.");
  EXPECT_EQ(events(), 4);  // of the two clients and their keys
}

TEST_F(SealService, CountsTheRequestsOfEachClient) {
  RateLimit limit({.per_second = 10, .at_once = 2});
  std::chrono::steady_clock::time_point now{};
  EXPECT_TRUE(limit.allows("a", {}, now));
  EXPECT_TRUE(limit.allows("a", {}, now));
  EXPECT_FALSE(limit.allows("a", {}, now));
  EXPECT_TRUE(limit.allows("b", {}, now));
  now += std::chrono::milliseconds(150);
  EXPECT_TRUE(limit.allows("a", {}, now));
  EXPECT_FALSE(limit.allows("a", {}, now));
}

TEST_F(SealService, GivesUpSealsWithoutAWordForADay) {
  now_ -= std::chrono::hours(26);  // the certificate is not valid for long
  const std::string id = open_one('1', "a");
  now_ += std::chrono::hours(23);
  service_->tidy();
  EXPECT_EQ(answer(request("GET", "transactions/" + id)).at("state").as_string(), "opened");
  now_ += std::chrono::hours(2);
  service_->tidy();
  EXPECT_EQ(answer(request("GET", "transactions/" + id)).at("state").as_string(), "unknown");
  // By then the key may be used again.
  EXPECT_NE(open_one('2', "a"), id);
}

}  // namespace
}  // namespace signet::sealserver
