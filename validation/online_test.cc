#include "validation/online.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>
#include <filesystem>
#include <map>

#include "common/testing/scratch_folder.h"
#include "https/testing/tls_test_server.h"
#include "validation/online/local_address.h"
#include "validation/testing/test_messages.h"
#include "validation/testing/test_pki.h"
#include "validation/testing/test_revocation.h"

namespace signet::validation {
namespace {

using https::TestIdentity;
using https::TestReply;
using https::TestRequest;
using https::TlsTestServer;
using pki::at;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;
using testing::HasSubstr;

std::string body_of(ByteView bytes) {
  return std::string(signet::text_of(bytes));
}

bool is_local_text(const char* text) {
  sockaddr_storage storage{};
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (inet_pton(AF_INET, text, &v4->sin_addr) == 1)
    storage.ss_family = AF_INET;
  else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1)
    storage.ss_family = AF_INET6;
  return is_local(*reinterpret_cast<const sockaddr*>(&storage));
}

TEST(LocalAddress, IsWhatIsNotGlobal) {
  for (const char* const local : {"0.0.0.0",
                                  "10.1.2.3",
                                  "100.64.0.1",
                                  "100.127.255.255",
                                  "127.0.0.1",
                                  "169.254.169.254",
                                  "172.16.0.1",
                                  "172.31.255.255",
                                  "192.168.1.1",
                                  "198.18.0.1",
                                  "224.0.0.1",
                                  "255.255.255.255",
                                  "::",
                                  "::1",
                                  "fe80::1",
                                  "fc00::1",
                                  "fd12::1",
                                  "ff02::1",
                                  "::ffff:127.0.0.1",
                                  "64:ff9b::10.0.0.1",
                                  "2002:7f00:1::1",
                                  "::10.0.0.1",
                                  "not an address"})
    EXPECT_TRUE(is_local_text(local)) << local;
  for (const char* const global :
       {"1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "193.0.0.1",
        "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"})
    EXPECT_FALSE(is_local_text(global)) << global;
}

// An authority whose certificates name a server on loopback.
class OnlineTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = pki::root(pki::authority("Root"));
    pki::CertificateWish issuing = pki::authority("Issuing");
    issuing.extensions.push_back(pki::crl_distribution_points({url("root.crl")}));
    issuing_ = pki::issue(root_, issuing);
    policy_.anchors = {{root_.certificate, {}}};
    policy_.at = policy_.now = at("2026-03-01");
    options_.hosts = {"127.0.0.1"};
    answers_["/dsa/v1/issuing.cer"].body = body_of(issuing_.der());
    answers_["/dsa/v1/root.crl"].body = body_of(crl_of(root_));
    answers_["/dsa/v1/issuing.crl"].body = body_of(crl_of(issuing_));
  }

  std::string url(const std::string& name) const { return server_.url() + "/" + name; }

  static Bytes crl_of(const pki::Party& issuer) {
    pki::CrlWish wish;
    wish.this_update = at("2026-02-28");
    wish.next_update = at("2026-03-07");
    return pki::crl(issuer, wish);
  }

  void sign(const std::vector<pki::Extension>& extensions) {
    pki::CertificateWish wish = pki::signer("Signer");
    wish.extensions.insert(wish.extensions.end(), extensions.begin(), extensions.end());
    signer_ = pki::issue(issuing_, wish);
    parts_.signatures.push_back(pki::signature_part(signer_, {}));
    parts_.evidence.add(signer_.certificate, Origin::message);
  }
  void sign_with_crl() {
    sign({pki::crl_distribution_points({url("issuing.crl")}),
          pki::authority_information({}, {url("issuing.cer")})});
  }

  std::vector<Fetch> complete() { return fetch_missing(parts_, policy_, options_); }

  TestReply answer(const TestRequest& request) {
    const auto found = answers_.find(request.path);
    return found == answers_.end() ? TestReply{.status = 404} : found->second;
  }

  std::map<std::string, TestReply> answers_;
  TlsTestServer server_{std::make_shared<TestIdentity>(),
                        [this](const TestRequest& request) { return answer(request); },
                        {.plain = true}};
  pki::Party root_, issuing_, signer_;
  DocumentParts parts_;
  Policy policy_;
  OnlineOptions options_;
};

TEST_F(OnlineTest, FetchesTheIssuerAndThenWhatItsChainLacks) {
  sign_with_crl();
  std::vector<std::string> told;
  const auto fetches = fetch_missing(parts_, policy_, options_,
                                     [&](const Fetch& fetch) { told.push_back(fetch.url); });
  EXPECT_EQ(told.size(), 3U);
  for (const Fetch& fetch : fetches) EXPECT_EQ(fetch.problem, "") << fetch.url;
  EXPECT_TRUE(parts_.evidence.find(issuing_.certificate->id()));
  ASSERT_EQ(parts_.evidence.revocations().size(), 2U);
  EXPECT_EQ(parts_.evidence.revocations()[0].origins.front(), Origin::online);
  // Nothing is lacking any more.
  EXPECT_TRUE(complete().empty());
}

// Made on demand, thus a moment after the validation began.
TEST_F(OnlineTest, TakesWhatIsMadeWhileItIsFetchedWhereThePresentIsJudged) {
  sign_with_crl();
  policy_.at = policy_.now = at("2026-02-27T23:59:59Z");
  for (const Fetch& fetch : complete())
    EXPECT_EQ(fetch.problem.empty(), fetch.url == url("issuing.cer")) << fetch.url;
  EXPECT_EQ(policy_.at, at("2026-02-27T23:59:59Z"));
  options_.clock = [] { return at("2026-02-28T00:00:01Z"); };
  for (const Fetch& fetch : complete()) EXPECT_EQ(fetch.problem, "") << fetch.url;
  EXPECT_EQ(parts_.evidence.revocations().size(), 2U);
  EXPECT_EQ(policy_.at, at("2026-02-28T00:00:01Z"));
  EXPECT_EQ(policy_.now, policy_.at);
}

TEST_F(OnlineTest, PrefersOcspAndTakesTheListWhereThatFails) {
  const pki::Party responder = pki::issue(issuing_, pki::responder("Responder"));
  sign({pki::crl_distribution_points({url("issuing.crl")}),
        pki::authority_information({url("ocsp")}, {})});
  parts_.evidence.add(issuing_.certificate, Origin::message);
  pki::OcspWish wish;
  wish.answers = {pki::good(signer_, issuing_, at("2026-02-28"), at("2026-03-02"))};
  answers_["/dsa/v1/ocsp"].body = body_of(pki::ocsp(responder, wish));
  complete();
  EXPECT_EQ(parts_.evidence.revocations()[0].data->kind(), RevocationKind::ocsp);
  const auto requests = server_.requests();
  const auto asked = std::ranges::find(requests, "/dsa/v1/ocsp", &TestRequest::path);
  ASSERT_NE(asked, requests.end());
  EXPECT_EQ(asked->method, "POST");
  EXPECT_EQ(asked->headers.at("content-type"), "application/ocsp-request");

  parts_ = {};
  parts_.signatures.push_back(pki::signature_part(signer_, {}));
  parts_.evidence.add(signer_.certificate, Origin::message);
  parts_.evidence.add(issuing_.certificate, Origin::message);
  answers_["/dsa/v1/ocsp"].body = body_of(pki::ocsp_refusal(3));
  complete();
  for (const FoundRevocation& each : parts_.evidence.revocations())
    EXPECT_EQ(each.data->kind(), RevocationKind::crl);
  EXPECT_EQ(parts_.evidence.revocations().size(), 2U);
}

// The certificate of an exchanged key has its issuer's name, and is not self-signed for that.
TEST_F(OnlineTest, FetchesTheIssuerOfAnExchangedKey) {
  pki::CertificateWish wish = pki::authority("Exchanged");
  wish.key_identifiers = false;
  wish.key_name = "old key";
  const pki::Party elder = pki::issue(root_, wish);
  wish.key_name = "new key";
  wish.extensions.push_back(pki::authority_information({}, {url("elder.cer")}));
  const pki::Party exchanged = pki::issue(elder, wish);
  const pki::Party signer = pki::issue(exchanged, pki::signer("Seal"));
  parts_.signatures.push_back(pki::signature_part(signer, {}));
  for (const pki::Party* each : {&signer, &exchanged})
    parts_.evidence.add(each->certificate, Origin::message);
  answers_["/dsa/v1/elder.cer"].body = body_of(elder.der());
  complete();
  EXPECT_TRUE(parts_.evidence.find(elder.certificate->id()));
}

TEST_F(OnlineTest, TakesNothingFromALiar) {
  const pki::Party stranger = pki::root(pki::authority("Stranger"));
  sign_with_crl();
  answers_["/dsa/v1/issuing.cer"].body = body_of(stranger.der());
  auto fetches = complete();
  ASSERT_EQ(fetches.size(), 1U);
  EXPECT_EQ(fetches[0].problem, "the answer is not a certificate of the issuer");
  EXPECT_FALSE(parts_.evidence.find(stranger.certificate->id()));

  parts_.evidence.add(issuing_.certificate, Origin::message);
  for (const std::string& lie :
       {body_of(crl_of(stranger)), std::string("<html>moved</html>"), std::string()}) {
    answers_["/dsa/v1/issuing.crl"].body = lie;
    fetches = complete();
    const auto asked = std::ranges::find(fetches, url("issuing.crl"), &Fetch::url);
    ASSERT_NE(asked, fetches.end());
    EXPECT_NE(asked->problem, "");
  }
  for (const FoundRevocation& each : parts_.evidence.revocations())
    EXPECT_TRUE(each.data->is_signed_by(*root_.certificate, *root_.certificate));
}

TEST_F(OnlineTest, HasLimitsOfTimeAndSize) {
  sign_with_crl();
  parts_.evidence.add(issuing_.certificate, Origin::message);
  options_.each = 1s;
  answers_["/dsa/v1/root.crl"].ending = TestReply::Ending::stall;
  answers_["/dsa/v1/issuing.crl"].body = std::string(std::size_t{50} * 1024 * 1024, 'x');
  options_.largest_answer = std::uint64_t{1024} * 1024;
  const auto begin = std::chrono::steady_clock::now();
  const auto fetches = complete();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
  ASSERT_EQ(fetches.size(), 2U);
  for (const Fetch& fetch : fetches)
    EXPECT_THAT(fetch.problem, testing::AnyOf(HasSubstr("larger than"), HasSubstr("time")));
  EXPECT_TRUE(parts_.evidence.revocations().empty());

  // All of them together.
  options_.each = 10s;
  options_.all = 1s;
  const auto again = std::chrono::steady_clock::now();
  complete();
  EXPECT_LT(std::chrono::steady_clock::now() - again, 5s);
}

// An hour is allowed: whoever waits for the answer does not pass.
TEST_F(OnlineTest, IsCancelledInsideAnAnswer) {
  sign_with_crl();
  parts_.evidence.add(issuing_.certificate, Origin::message);
  options_.each = options_.all = std::chrono::seconds(3600);
  answers_["/dsa/v1/issuing.crl"].ending = TestReply::Ending::stall;
  options_.is_cancelled = [this] { return !server_.requests().empty(); };
  const auto fetches = complete();
  ASSERT_EQ(fetches.size(), 1U);
  EXPECT_EQ(fetches[0].problem, "cancelled");
  EXPECT_EQ(server_.requests().size(), 1U) << "nothing else is asked for";
}

TEST_F(OnlineTest, HasALimitForSmallAnswersOfTheirOwn) {
  sign_with_crl();
  answers_["/dsa/v1/issuing.cer"].body = std::string(std::size_t{2} * 1024 * 1024, 'x');
  const auto fetches = complete();
  ASSERT_EQ(fetches.size(), 1U);
  EXPECT_THAT(fetches[0].problem, HasSubstr("larger than"));
}

TEST_F(OnlineTest, SaysWhatAServerAnswered) {
  sign_with_crl();
  answers_.erase("/dsa/v1/issuing.cer");
  const auto fetches = complete();
  ASSERT_EQ(fetches.size(), 1U);
  EXPECT_EQ(fetches[0].problem, "the server answered with status 404");
}

TEST_F(OnlineTest, AsksNoLocalHostThatIsNotNamed) {
  sign_with_crl();
  options_.hosts = {};
  auto fetches = complete();
  ASSERT_EQ(fetches.size(), 1U);
  EXPECT_EQ(fetches[0].problem,
            "the host has a local address, which is asked only where it is named");
  options_.hosts = {"ca.example"};
  fetches = complete();
  ASSERT_EQ(fetches.size(), 1U);
  EXPECT_EQ(fetches[0].problem, "the host is not one of those that may be asked");
  EXPECT_EQ(server_.connections(), 0U);
}

// By a proxy alone, which looks the hosts up.
TEST_F(OnlineTest, AsksAProxyWhereOneIsNamed) {
  TlsTestServer proxy(std::make_shared<TestIdentity>(),
                      [this](const TestRequest& request) {
                        TestRequest inner = request;
                        inner.path = request.path.substr(request.path.find("/dsa/v1"));
                        return answer(inner);
                      },
                      {.plain = true});
  options_.proxy = proxy.url().substr(0, proxy.url().rfind("/dsa"));
  options_.hosts = {"ca.invalid", "127.0.0.1"};
  sign({pki::crl_distribution_points({"http://ca.invalid/dsa/v1/issuing.crl"}),
        pki::authority_information({}, {"http://ca.invalid:81/dsa/v1/issuing.cer"})});
  for (const Fetch& fetch : complete()) EXPECT_EQ(fetch.problem, "") << fetch.url;
  EXPECT_EQ(parts_.evidence.revocations().size(), 2U);
  EXPECT_EQ(server_.connections(), 0U);
  std::vector<std::string> asked;
  for (const TestRequest& each : proxy.requests()) asked.push_back(each.path);
  EXPECT_THAT(asked, testing::UnorderedElementsAre("http://ca.invalid:81/dsa/v1/issuing.cer",
                                                   "http://ca.invalid/dsa/v1/issuing.crl",
                                                   url("root.crl")));
}

TEST_F(OnlineTest, AsksAProxyForNoLocalHostThatIsNotNamed) {
  TlsTestServer proxy(std::make_shared<TestIdentity>(),
                      [this](const TestRequest& request) { return answer(request); },
                      {.plain = true});
  options_.proxy = proxy.url().substr(0, proxy.url().rfind("/dsa"));
  options_.hosts = {};
  sign({pki::authority_information(
      {}, {"http://127.0.0.1/", "http://127.1/", "http://0x7f000001/", "http://[::1]/",
           "http://localhost/", "http://LocalHost./", "http://a.localhost/", "http://intranet/"})});
  const auto fetches = complete();
  EXPECT_EQ(fetches.size(), 8U);
  for (const Fetch& fetch : fetches) EXPECT_EQ(fetch.problem, kLocalHost) << fetch.url;
  EXPECT_EQ(proxy.connections(), 0U);
}

TEST_F(OnlineTest, AsksNobodyWhereAUrlIsNone) {
  sign({pki::authority_information({}, {"http://user:secret@127.0.0.1/x", "http://"})});
  for (const Fetch& fetch : complete()) EXPECT_NE(fetch.problem, "");
  EXPECT_EQ(server_.connections(), 0U);
}

// Whose chain ends nowhere does not choose hosts for revocation data.
TEST_F(OnlineTest, AsksNothingAboutWhoIsNotTrusted) {
  policy_.anchors.clear();
  sign({pki::crl_distribution_points({url("issuing.crl")})});
  parts_.evidence.add(issuing_.certificate, Origin::message);
  EXPECT_TRUE(complete().empty());
  EXPECT_EQ(server_.connections(), 0U);
}

TEST_F(OnlineTest, KeepsWhatCameUntilItsNextUpdate) {
  const ScratchFolder folder;
  options_.cache = folder.path() / "cache";
  sign_with_crl();
  EXPECT_EQ(complete().size(), 3U);
  server_.stop();
  const auto fresh = [&] {
    DocumentParts parts;
    parts.signatures = parts_.signatures;
    parts.evidence.add(signer_.certificate, Origin::message);
    return parts;
  };
  DocumentParts again = fresh();
  EXPECT_TRUE(fetch_missing(again, policy_, options_).empty());
  EXPECT_EQ(again.evidence.revocations().size(), 2U);
  // After that it is asked for again, and the server is away.
  again = fresh();
  policy_.at = policy_.now = at("2026-03-08");
  const auto fetches = fetch_missing(again, policy_, options_);
  EXPECT_EQ(fetches.size(), 2U);
  for (const Fetch& fetch : fetches) EXPECT_NE(fetch.problem, "");
  // What somebody wrote into the cache is judged as any answer is.
  for (const auto& entry : std::filesystem::directory_iterator(options_.cache))
    std::filesystem::resize_file(entry.path(), 10);
  again = fresh();
  policy_.at = policy_.now = at("2026-03-01");
  EXPECT_FALSE(fetch_missing(again, policy_, options_).empty());
  EXPECT_TRUE(again.evidence.revocations().empty());
}

// By its name alone a certificate is the issuer's; whoever answered so once would answer for ever.
TEST_F(OnlineTest, KeepsNoCertificateOfAnotherOneOfTheIssuersName) {
  const ScratchFolder folder;
  options_.cache = folder.path() / "cache";
  sign_with_crl();
  pki::CertificateWish wish = pki::authority("Issuing");
  wish.key_name = "Liar";
  answers_["/dsa/v1/issuing.cer"].body = body_of(pki::issue(root_, wish).der());
  const auto fetches = complete();
  ASSERT_EQ(fetches.size(), 1U);
  EXPECT_EQ(fetches[0].problem, "the answer is not a certificate of the issuer");
  answers_["/dsa/v1/issuing.cer"].body = body_of(issuing_.der());
  complete();
  EXPECT_TRUE(parts_.evidence.find(issuing_.certificate->id()));
}

// A responder whose certificate has ended: its key may have another owner by now.
TEST_F(OnlineTest, KeepsNoAnswerThatDoesNotCount) {
  const ScratchFolder folder;
  options_.cache = folder.path() / "cache";
  sign({pki::authority_information({url("ocsp")}, {})});
  pki::CertificateWish ended = pki::responder("Ended");
  ended.not_after = at("2020-01-01");
  pki::OcspWish wish;
  wish.answers = {pki::good(signer_, issuing_, at("2026-02-28"), at("2026-03-02"))};
  const auto asked_again = [&](const pki::Party& responder) {
    answers_["/dsa/v1/ocsp"].body = body_of(pki::ocsp(responder, wish));
    parts_ = {};
    parts_.signatures.push_back(pki::signature_part(signer_, {}));
    parts_.evidence.add(signer_.certificate, Origin::message);
    parts_.evidence.add(issuing_.certificate, Origin::message);
    return std::ranges::count(complete(), url("ocsp"), &Fetch::url);
  };
  EXPECT_EQ(asked_again(pki::issue(issuing_, ended)), 1);
  const pki::Party responder = pki::issue(issuing_, pki::responder("Responder"));
  EXPECT_EQ(asked_again(responder), 1);
  EXPECT_EQ(asked_again(responder), 0) << "that one is kept";
}

// Such as one that somebody wrote there, or that an earlier version kept.
TEST_F(OnlineTest, AsksAgainWhereWhatIsInTheCacheDoesNotCount) {
  const ScratchFolder folder;
  options_.cache = folder.path() / "cache";
  sign_with_crl();
  parts_.evidence.add(issuing_.certificate, Origin::message);
  const DocumentParts before = parts_;
  complete();
  parts_ = before;
  EXPECT_TRUE(complete().empty());
  // The list was issued before the signer's certificate, by whose clock it says nothing of it.
  pki::CertificateWish wish = pki::signer("Signer");
  wish.not_before = at("2026-02-28T12:00:00Z");
  wish.extensions.push_back(pki::crl_distribution_points({url("issuing.crl")}));
  signer_ = pki::issue(issuing_, wish);
  parts_ = {};
  parts_.signatures.push_back(pki::signature_part(signer_, {}));
  parts_.evidence.add(signer_.certificate, Origin::message);
  parts_.evidence.add(issuing_.certificate, Origin::message);
  const auto fetches = complete();
  EXPECT_EQ(std::ranges::count(fetches, url("issuing.crl"), &Fetch::url), 1);
}

TEST_F(OnlineTest, AsksAHostileDocumentsHostsABoundedNumberOfTimes) {
  std::vector<std::string> urls;
  for (int i = 0; i < 16; ++i) urls.push_back(url("none" + std::to_string(i)));
  for (int i = 0; i < 20; ++i) {
    for (std::string& each : urls) each += "x";
    sign({pki::authority_information({}, urls)});
  }
  EXPECT_LE(complete().size(), 100U);
  EXPECT_LE(server_.requests().size(), 100U);
}

}  // namespace
}  // namespace signet::validation
