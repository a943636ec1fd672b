// Certificates and revocation data from the network: what is asked for, what is not taken, and waiting.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "https/testing/tls_test_server.h"
#include "preservation/testing/scene.h"

namespace signet::preservation {
namespace {

using https::TestIdentity;
using https::TestReply;
using https::TestRequest;
using https::TlsTestServer;
using testing::HasSubstr;

class OnlineExtension : public testing::Test {
 protected:
  OnlineExtension() {
    certify();
    validation::OnlineOptions online;
    online.hosts = {"127.0.0.1"};
    scene_.request.online = online;
    give("root.crl", crl_of(scene_.root, scene_.now));
    give("ca.crl", crl_of(scene_.ca, scene_.now));
    give("tsa.crl", crl_of(scene_.stamping_root, scene_.now));
    give("ca.cer", scene_.ca.der());
  }

  // Everybody's certificate says where the server has something about it.
  void certify() {
    pki::CertificateWish ca = pki::authority("CA");
    ca.extensions.push_back(pki::crl_distribution_points({url("root.crl")}));
    scene_.ca = pki::issue(scene_.root, ca);
    pki::CertificateWish signer = pki::signer("Seal");
    signer.extensions.push_back(pki::crl_distribution_points({url("ca.crl")}));
    signer.extensions.push_back(pki::authority_information({url("ocsp")}, {url("ca.cer")}));
    scene_.signer = pki::issue(scene_.ca, signer);
    pki::CertificateWish unit = pki::time_stamper("TSU 1");
    unit.extensions.push_back(pki::crl_distribution_points({url("tsa.crl")}));
    scene_.stamping_unit = pki::issue(scene_.stamping_root, unit);
  }

  std::string url(const std::string& name) const { return server_.url() + "/" + name; }

  static Bytes crl_of(const pki::Party& issuer, Time time) {
    pki::CrlWish wish;
    wish.this_update = time;
    wish.next_update = time + std::chrono::hours(24);
    return pki::crl(issuer, wish);
  }
  Bytes ocsp_of(const pki::Party& about, Time time,
                pki::OcspSingle::Status status = pki::OcspSingle::Status::good) {
    pki::OcspWish wish;
    wish.answers = {pki::good(about, scene_.ca, time, time + std::chrono::hours(1))};
    wish.answers.front().status = status;
    return pki::ocsp(pki::issue(scene_.ca, pki::responder("Responder")), wish);
  }

  void give(const std::string& name, const Bytes& content) {
    answers_["/dsa/v1/" + name] = [content](unsigned) { return content; };
  }
  // `first` for so many requests, then `then`.
  void give_later(const std::string& name, unsigned count, const Bytes& first, const Bytes& then) {
    answers_["/dsa/v1/" + name] = [=](unsigned request) { return request < count ? first : then; };
  }

  TestReply answer(const TestRequest& request) {
    const auto found = answers_.find(request.path);
    if (found == answers_.end()) return {.status = 404};
    const Bytes content = found->second(asked_[request.path]++);
    return {.body = std::string(signet::text_of(ByteView(content)))};
  }

  // A good answer for the signer, by a responder of that certificate.
  Bytes ocsp_by(const pki::CertificateWish& wish) {
    pki::OcspWish answer;
    answer.answers = {
        pki::good(scene_.signer, scene_.ca, scene_.now, scene_.now + std::chrono::hours(1))};
    responder_ = pki::issue(scene_.ca, wish);
    return pki::ocsp(responder_, answer);
  }

  pki::Party responder_;
  std::map<std::string, std::function<Bytes(unsigned)>> answers_;
  std::map<std::string, unsigned> asked_;
  TlsTestServer server_{std::make_shared<TestIdentity>(),
                        [this](const TestRequest& request) { return answer(request); },
                        {.plain = true}};
  Scene scene_;
};

bool has_problem(const Extended& extended, const std::string& problem) {
  return std::ranges::any_of(extended.fetches, [&](const validation::Fetch& fetch) {
    return fetch.problem.find(problem) != std::string::npos;
  });
}

TEST_F(OnlineExtension, FetchesWhatEveryChainLacks) {
  const auto file = scene_.message("document.p7m", false);
  const auto done = scene_.extend(file, Level::b_lta);
  ASSERT_TRUE(done) << done.error().sentence;
  EXPECT_EQ(done.value().after.level, Level::b_lta);
  EXPECT_EQ(done.value().crls, 3U);
  EXPECT_TRUE(done.value().remarks.empty());
  scene_.request.online.reset();
  EXPECT_EQ(text_of(scene_.examine(file).verdict), "TOTAL-PASSED") << "everything is in it";
}

TEST_F(OnlineExtension, AsksTheNextSourceWhereAResponderIsNoGood) {
  const Time now = scene_.now;
  using Status = pki::OcspSingle::Status;
  const std::vector<std::pair<Bytes, std::string>> bad = {
      {pki::ocsp_refusal(3), ""},
      {ocsp_of(scene_.signer, now, Status::unknown), "does not know the certificate"},
      {ocsp_of(scene_.ca, now), "says nothing of the certificate"},
      {ocsp_of(scene_.signer, now - std::chrono::hours(48)), "not fresh"},
      {copy_of(view_of("<html>moved</html>")), ""},
  };
  for (const auto& [content, problem] : bad) {
    give("ocsp", content);
    const auto file = scene_.pdf();
    const auto done = scene_.extend(file, Level::b_lt);
    ASSERT_TRUE(done) << done.error().sentence;
    EXPECT_EQ(done.value().crls, 3U);
    EXPECT_TRUE(has_problem(done.value(), problem)) << problem;
  }
}

TEST_F(OnlineExtension, AsksTheNextSourceWhereAResponderHasEnded) {
  pki::CertificateWish ended = pki::responder("Ended responder");
  ended.not_after = scene_.now - std::chrono::hours(1);
  give("ocsp", ocsp_by(ended));
  const auto done = scene_.extend(scene_.pdf(), Level::b_lt);
  ASSERT_TRUE(done) << done.error().sentence;
  EXPECT_EQ(done.value().crls, 3U);
  EXPECT_EQ(done.value().ocsp_answers, 0U);
  EXPECT_TRUE(has_problem(done.value(), "when the certificate of its signer"));
}

TEST_F(OnlineExtension, AsksTheNextSourceWhereAResponderIsRevoked) {
  pki::CertificateWish wish = pki::responder("Revoked responder");
  wish.extensions.pop_back();  // nocheck
  wish.extensions.push_back(pki::crl_distribution_points({url("ca.crl")}));
  give("ocsp", ocsp_by(wish));
  pki::CrlWish list;
  list.this_update = scene_.now;
  list.next_update = scene_.now + std::chrono::hours(24);
  list.entries = {pki::entry_of(*responder_.certificate, scene_.now - std::chrono::hours(1))};
  give("ca.crl", pki::crl(scene_.ca, list));
  const auto done = scene_.extend(scene_.pdf(), Level::b_lt);
  ASSERT_TRUE(done) << done.error().sentence;
  EXPECT_EQ(done.value().ocsp_answers, 0U);
  EXPECT_TRUE(has_problem(done.value(), "was revoked at"));
}

TEST_F(OnlineExtension, AsksAgainForDataThatIsNewerThanTheTimeStamp) {
  give_later("ocsp", 1, ocsp_of(scene_.signer, scene_.now - std::chrono::minutes(10)),
             ocsp_of(scene_.signer, scene_.now));
  const auto done = scene_.extend(scene_.pdf(), Level::b_lta);
  ASSERT_TRUE(done) << done.error().sentence;
  EXPECT_EQ(done.value().ocsp_answers, 1U);
  EXPECT_TRUE(done.value().remarks.empty());
  EXPECT_GE(asked_["/dsa/v1/ocsp"], 2U);
}

TEST_F(OnlineExtension, WaitsUntilThereIsFreshData) {
  answers_.erase("/dsa/v1/ocsp");
  give_later("ca.crl", 4, crl_of(scene_.ca, scene_.now - std::chrono::hours(2)),
             crl_of(scene_.ca, scene_.now));
  scene_.request.wait_fresh = std::chrono::minutes(2);
  scene_.request.ask_again = std::chrono::milliseconds(1);
  const auto done = scene_.extend(scene_.pdf(), Level::b_lta);
  ASSERT_TRUE(done) << done.error().sentence;
  EXPECT_TRUE(done.value().remarks.empty());
  EXPECT_EQ(asked_["/dsa/v1/ca.crl"], 5U);
}

TEST_F(OnlineExtension, RefusesWhereNoFreshDataCame) {
  give("ca.crl", crl_of(scene_.ca, scene_.now - std::chrono::hours(2)));
  scene_.request.wait_fresh = std::chrono::seconds(0);
  const auto file = scene_.pdf();
  const std::string before = scene_.content(file);
  const auto done = scene_.extend(file, Level::b_lta);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, ExtensionFault::not_fresh);
  EXPECT_EQ(scene_.content(file), before);
}

TEST_F(OnlineExtension, RefusesWhereEverySourceIsDown) {
  answers_.clear();
  const auto file = scene_.pdf();
  const std::string before = scene_.content(file);
  const auto done = scene_.extend(file, Level::b_lta);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, ExtensionFault::not_valid);
  EXPECT_THAT(done.error().sentence,
              HasSubstr(url("ca.crl") + ": the server answered with status 404"));
  EXPECT_EQ(scene_.content(file), before);
  EXPECT_EQ(scene_.stamps, 0U);
}

TEST_F(OnlineExtension, RefusesAListOverTheLimit) {
  scene_.request.online->largest_answer = 100;
  const auto done = scene_.extend(scene_.pdf(), Level::b_lta);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, ExtensionFault::not_valid);
}

}  // namespace
}  // namespace signet::preservation
