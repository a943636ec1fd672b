// The client of time-stamps beside its authorities' faults: what a good time-stamp says, connections, limits, trust,
// credentials, many at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "common/log.h"
#include "https/client/file_identity.h"
#include "https/testing/tls_test_server.h"
#include "tests/timestamps/scene.h"
#include "timestamps/request.h"
#include "timestamps/token_check.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;
using crypto::Hash;
using testing::HasSubstr;
using testing::Not;
using timestamps::Authority;
using timestamps::Client;
using timestamps::Miss;
using timestamps::StampResult;

StampResult stamp(Client& client, Deadline deadline = Deadline::after(60s)) {
  return client.stamp(Hash::sha256, digest_of_text("a document"), deadline);
}

Authority over_tls(const std::string& name) {
  Authority authority = authority_named(name);
  authority.url = test_authority().tls_url() + stamp_path(name);
  authority.tls_ca_file = test_authority().ca_file();
  return authority;
}

Miss miss_of(Authority authority) {
  const auto client = client_of({std::move(authority)});
  auto result = stamp(*client);
  if (result) return {Miss::Kind::http, "", "a time-stamp was given", {}};
  return result.error().misses.front();
}

TEST(StampClientTest, EverySoundKindOfTokenIsTakenAndOpensslVerifiesIt) {
  for (const std::string name :
       {"", "good", "rsa", "p384", "ess-v1", "ess-both", "fraction", "large", "granted-with-mods",
        "type-with-charset", "type-in-capitals"}) {
    const auto client = client_of_named({name});
    const auto result = stamp(*client);
    ASSERT_TRUE(result) << name << ": " << result.error().sentence;
    const auto& token = result.value().token;
    EXPECT_EQ(test_authority().openssl_verdict(token.der, "a document"), "good") << name;
    EXPECT_EQ(token.policy, "1.3.6.1.4.1.32473.1");
    EXPECT_TRUE(equal(token.imprint, digest_of_text("a document")));
    EXPECT_TRUE(token.accuracy);
    EXPECT_LT(std::chrono::abs(token.time - std::chrono::system_clock::now()), 60s);
    EXPECT_EQ(client->statistics()[0].largest_token, token.der.size());
  }
}

// OpenSSL's `ts` cannot verify these two.
TEST(StampClientTest, PssAndEd25519AreTaken) {
  for (const std::string name : {"pss", "ed25519"}) {
    const auto client = client_of_named({name});
    const auto result = stamp(*client);
    EXPECT_TRUE(result) << name << ": " << result.error().sentence;
  }
}

TEST(StampClientTest, AFractionOfASecondIsKept) {
  const auto client = client_of_named({"fraction"});
  const auto result = stamp(*client);
  ASSERT_TRUE(result) << result.error().sentence;
  const auto& token = result.value().token;
  EXPECT_THAT(token.time_text, testing::EndsWith(".25Z"));
  EXPECT_EQ(token.time.time_since_epoch() % 1s, 250ms);
  EXPECT_EQ(token.accuracy, 1'100'500us);
}

TEST(StampClientTest, EachHashIsTakenAndSha1IsNotAsked) {
  const auto client = client_of_named({""});
  for (const Hash hash : {Hash::sha256, Hash::sha384, Hash::sha512}) {
    const auto result =
        client->stamp(hash, digest_of_text("a document", hash), Deadline::after(60s));
    ASSERT_TRUE(result) << result.error().sentence;
    EXPECT_EQ(result.value().token.hash, hash);
  }
  const auto refused =
      client->stamp(Hash::sha1, digest_of_text("a document", Hash::sha1), Deadline::after(60s));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().sentence, HasSubstr("256 bits or more, not of SHA-1"));
  EXPECT_EQ(client->statistics()[0].requests, 3U);
}

TEST(StampClientTest, APolicyIsAskedForAndDemanded) {
  Authority authority = authority_named("");
  authority.policy = "1.3.6.1.4.1.32473.2";
  const auto client = client_of({authority});
  const auto result = stamp(*client);
  ASSERT_TRUE(result) << result.error().sentence;
  EXPECT_EQ(result.value().token.policy, "1.3.6.1.4.1.32473.2");

  authority.policy = "1.3.6.1.4.1.32473.99";
  Miss miss = miss_of(authority);
  EXPECT_EQ(miss.kind, Miss::Kind::rejected);
  EXPECT_THAT(miss.sentence, HasSubstr("unacceptedPolicy"));

  authority = authority_named("wrong-policy");
  authority.policy = "1.3.6.1.4.1.32473.2";
  miss = miss_of(authority);
  EXPECT_EQ(miss.defect, timestamps::Defect::policy);
  EXPECT_THAT(miss.sentence, HasSubstr("under the policy 1.3.6.1.4.1.32473.9, and "
                                       "1.3.6.1.4.1.32473.2 was asked for"));
  authority.policy = "policy\x1b[2J";
  miss = miss_of(authority);
  EXPECT_EQ(miss.kind, Miss::Kind::settings);
  EXPECT_THAT(miss.sentence, HasSubstr("\"policy\\x1b[2J\" is not an object identifier"));
}

TEST(StampClientTest, WithoutACaFileTheChainIsNotLookedAt) {
  Authority authority = authority_named("foreign");
  authority.trusted = nullptr;
  const auto client = client_of({authority});
  EXPECT_TRUE(stamp(*client));
}

TEST(StampClientTest, ThreadsShareOneConnectionEachAndNoRequestTooMany) {
  constexpr unsigned threads = 8;
  constexpr unsigned each = 5;
  const auto before = test_authority().count("/tsa/good").requests;
  const auto client = client_of_named({"good"});
  std::atomic<unsigned> good{0};
  {
    std::vector<std::jthread> all;
    for (unsigned i = 0; i < threads; ++i) {
      all.emplace_back([&] {
        for (unsigned k = 0; k < each; ++k) good += stamp(*client) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(good, threads * each);
  EXPECT_EQ(test_authority().count("/tsa/good").requests - before, threads * each);
  const auto figures = client->statistics()[0];
  EXPECT_EQ(figures.requests, threads * each);
  EXPECT_EQ(figures.stamps, threads * each);
  EXPECT_LE(figures.connections, threads);
  EXPECT_GT(figures.bytes_sent, 0U);
  EXPECT_GT(figures.bytes_received, figures.largest_token);
}

TEST(StampClientTest, OneThreadStampsManyAtOnce) {
  const auto client = client_of_named({"lag"});
  const auto began = std::chrono::steady_clock::now();
  std::vector<Task<StampResult>> tasks;
  for (int i = 0; i < 6; ++i) {
    tasks.push_back(
        client->start_stamp(Hash::sha256, digest_of_text("a document"), Deadline::after(60s)));
  }
  for (auto& task : tasks) (void)task.step();
  for (auto& task : tasks) {
    const auto result = task.finish();
    EXPECT_TRUE(result) << result.error().sentence;
  }
  EXPECT_EQ(client->statistics()[0].connections, 6U);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 30s);
}

TEST(StampClientTest, ACancelledTaskLeavesTheClientUsable) {
  const auto client = client_of_named({"lag"});
  {
    auto task = client->start_stamp(Hash::sha256, digest_of_text("x"), Deadline::after(60s));
    (void)task.step();
  }
  EXPECT_TRUE(stamp(*client));
}

TEST(StampClientTest, AShortPatienceIsHad) {
  const auto client = client_of_named({"503-once"});
  const auto result = stamp(*client);
  ASSERT_TRUE(result) << result.error().sentence;
  EXPECT_EQ(client->statistics()[0].requests, 2U);
}

TEST(StampClientTest, AnAuthorityThatWantsALongPauseIsNotAskedInIt) {
  const auto client = client_of_named({"429-long", "good"});
  for (int i = 0; i < 3; ++i) {
    const auto result = stamp(*client);
    ASSERT_TRUE(result) << result.error().sentence;
    EXPECT_EQ(result.value().authority, "good");
  }
  EXPECT_EQ(client->statistics()[0].requests, 1U);
  const auto alone = client_of_named({"429-long"});
  EXPECT_FALSE(stamp(*alone));
  const auto result = stamp(*alone);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().sentence, HasSubstr("it asked to be left alone for another"));
  EXPECT_EQ(result.error().misses[0].kind, Miss::Kind::busy);
  EXPECT_EQ(alone->statistics()[0].requests, 1U);
}

TEST(StampClientTest, AnUnreachableAuthorityIsAskedAfterTheOthersForAWhile) {
  Authority gone = authority_named("good");
  gone.url = "http://127.0.0.1:" + std::to_string(https::closed_port()) + "/tsa";
  gone.name = "gone";
  const auto client = client_of({gone, authority_named("good")});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(stamp(*client));
  EXPECT_EQ(client->statistics()[0].misses, 1U);
  EXPECT_EQ(client->statistics()[1].stamps, 3U);
  const Miss miss = miss_of(gone);
  EXPECT_EQ(miss.kind, Miss::Kind::unreachable);
  EXPECT_THAT(miss.sentence, HasSubstr("; check its URL and the network"));
}

// An authority that fails as long as `well` is not set, and then gives time-stamps.
class FailingAuthority {
 public:
  explicit FailingAuthority(int status = 500) : status_(status) {}

  Authority authority() const {
    Authority authority = authority_named("good");
    authority.url = server_.url();
    return authority;
  }
  std::size_t asked() { return server_.requests().size(); }

  std::atomic<bool> well{false};

 private:
  https::TestReply answer(const https::TestRequest& request) const {
    if (!well) return {.status = status_};
    const ScratchFolder folder;
    const auto query = folder.write("query", request.body);
    https::TestReply reply;
    reply.body = output_of({"/usr/bin/curl", "--silent", "--noproxy", "*", "--data-binary",
                            "@" + query.string(), test_authority().url() + "/tsa/good"});
    reply.content_type = "application/timestamp-reply";
    return reply;
  }

  const int status_;
  https::TlsTestServer server_{
      std::make_shared<https::TestIdentity>(),
      [this](const https::TestRequest& request) { return answer(request); },
      {.plain = true}};
};

Result<void, timestamps::StampError> ready(Client& client) {
  return client.check_ready(Hash::sha256, Deadline::after(60s));
}

TEST(StampClientTest, WhoeverPaysForASignatureLearnsFirstWhetherThereWillBeATimeStamp) {
  FailingAuthority failing;
  const auto client = client_of({failing.authority()});
  EXPECT_TRUE(ready(*client));
  EXPECT_EQ(failing.asked(), 0U);
  EXPECT_FALSE(stamp(*client));
  // It may have been that one request.
  const auto again = ready(*client);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().sentence, HasSubstr("HTTP 500"));
  EXPECT_EQ(failing.asked(), 2U);
  // Twice in a row: it is left alone for a second.
  const auto resting = ready(*client);
  ASSERT_FALSE(resting);
  EXPECT_THAT(resting.error().sentence, HasSubstr("HTTP 500"));
  EXPECT_EQ(failing.asked(), 2U);
  failing.well = true;
  std::this_thread::sleep_for(1100ms);
  EXPECT_TRUE(ready(*client));
  EXPECT_EQ(failing.asked(), 3U);
  EXPECT_TRUE(ready(*client));
  EXPECT_EQ(failing.asked(), 3U);
}

TEST(StampClientTest, OneAuthorityThatDidNotFailIsEnough) {
  FailingAuthority failing;
  const auto client = client_of({failing.authority(), authority_named("good")});
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(stamp(*client));
  EXPECT_TRUE(ready(*client));
  // From its second failure on, it is asked after the other one.
  EXPECT_EQ(failing.asked(), 2U);
  EXPECT_EQ(client->statistics()[1].stamps, 4U);
}

TEST(StampClientTest, AnUnreachableAuthorityRestsAtOnceAndIsAskedOnceThatIsOver) {
  Authority gone = authority_named("good");
  gone.url = "http://127.0.0.1:" + std::to_string(https::closed_port()) + "/tsa";
  auto options = client_options();
  options.rest = 300ms;
  Client client({gone}, stamp_context(), options);
  EXPECT_FALSE(stamp(client));
  EXPECT_FALSE(ready(client));
  EXPECT_EQ(client.statistics()[0].misses, 1U);
  std::this_thread::sleep_for(400ms);
  EXPECT_FALSE(ready(client));
  EXPECT_EQ(client.statistics()[0].misses, 2U);
}

TEST(StampClientTest, TheDeadlineHoldsForAllOfThem) {
  const auto client = client_of_named({"slow", "good"});
  const auto began = std::chrono::steady_clock::now();
  const auto result = stamp(*client, Deadline::after(500ms));
  ASSERT_FALSE(result);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
  EXPECT_EQ(result.error().misses[0].kind, Miss::Kind::unreachable);
  EXPECT_EQ(result.error().misses[1].kind, Miss::Kind::no_time);
  EXPECT_EQ(client->statistics()[1].requests, 0U);
}

TEST(StampClientTest, WithoutAnAuthorityItSaysSo) {
  const auto client = client_of({});
  const auto result = stamp(*client);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().sentence, "no time-stamp authority is configured");
}

TEST(StampClientTest, OverTlsTheServerIsRecognisedByChainOrPin) {
  EXPECT_TRUE(stamp(*client_of({over_tls("good")})));
  Authority authority = over_tls("good");
  authority.tls_ca_file.clear();
  Miss miss = miss_of(authority);  // the system's authorities do not know it
  EXPECT_EQ(miss.kind, Miss::Kind::untrusted);
  EXPECT_THAT(miss.sentence, HasSubstr("check its pins, the CA file for TLS"));

  const auto pem = read_file(test_authority().file("server-tls.pem"));
  const BioPtr text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const X509Ptr certificate(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  authority.pins = pinning::PinSet({pinning::Pin::of_public_key(
      crypto::der_of(X509_get_X509_PUBKEY(certificate.get()), i2d_X509_PUBKEY))});
  EXPECT_TRUE(stamp(*client_of({authority})));
  authority.pins = pinning::PinSet({https::TestIdentity().pin()});
  miss = miss_of(authority);
  EXPECT_EQ(miss.kind, Miss::Kind::untrusted);
  EXPECT_THAT(miss.sentence, HasSubstr("expected was"));
}

TEST(StampClientTest, BasicIsSentOverTlsAndNowhereElse) {
  const ScratchFolder folder;
  Authority authority = over_tls("basic");
  authority.basic = {"tsa", Secret("open sesame")};
  EXPECT_TRUE(stamp(*client_of({authority})));
  authority.basic->password = Secret("swordfish");
  Miss miss = miss_of(authority);
  EXPECT_EQ(miss.kind, Miss::Kind::credentials);
  EXPECT_THAT(miss.sentence, HasSubstr("refuses the credentials (HTTP 401)"));
  EXPECT_THAT(miss.sentence, Not(HasSubstr("swordfish")));

  authority.url = authority_named("basic").url;
  authority.tls_ca_file.clear();
  const auto before = test_authority().count("/tsa/basic").requests;
  miss = miss_of(authority);
  EXPECT_EQ(miss.kind, Miss::Kind::settings);
  EXPECT_THAT(miss.sentence, HasSubstr("sent over https only"));
  EXPECT_EQ(test_authority().count("/tsa/basic").requests, before);
  authority = over_tls("basic");
  authority.basic = {"ts:a", Secret("open sesame")};
  EXPECT_THAT(miss_of(authority).sentence, HasSubstr("colon"));
}

TEST(StampClientTest, AClientCertificateIsShown) {
  const auto files = test_authority().make_client();
  Authority authority = over_tls("client-certificate");
  EXPECT_EQ(miss_of(authority).kind, Miss::Kind::credentials);
  authority.identity = [&] {
    return std::make_unique<https::FileIdentity>(files.certificate, files.key);
  };
  EXPECT_TRUE(stamp(*client_of({authority})));
  authority.identity = [&] { return std::make_unique<https::FileIdentity>("/none", files.key); };
  const Miss miss = miss_of(authority);
  EXPECT_EQ(miss.kind, Miss::Kind::untrusted);
  EXPECT_THAT(miss.sentence, HasSubstr("/none cannot be read as a certificate"));
}

TEST(StampClientTest, UnusableAddressesAreRefusedUnasked) {
  const auto settings_of = [](const std::string& url) {
    Authority authority = authority_named("good");
    authority.url = url;
    authority.name.clear();
    const Miss miss = miss_of(authority);
    EXPECT_EQ(miss.kind, Miss::Kind::settings) << url;
    return miss;
  };
  EXPECT_THAT(settings_of("ftp://127.0.0.1/tsa").sentence, HasSubstr("not an http or https"));
  EXPECT_THAT(settings_of("").sentence, HasSubstr("not an http or https"));
  EXPECT_THAT(settings_of("http://127.0.0.1\x1b/").sentence, HasSubstr("not an http or https"));
  const Miss miss = settings_of("https://tsa:open@127.0.0.1/tsa?key=sesame");
  EXPECT_THAT(miss.sentence, HasSubstr("would be logged"));
  EXPECT_EQ(miss.authority, "https://127.0.0.1/tsa");
  Authority pinned = authority_named("good");
  pinned.pins = pinning::PinSet({https::TestIdentity().pin()});
  EXPECT_THAT(miss_of(pinned).sentence, HasSubstr("need an https URL"));
}

TEST(StampClientTest, AKeptOpenConnectionThatDiedIsReplaced) {
  https::TlsTestServer front(
      std::make_shared<https::TestIdentity>(),
      [](const https::TestRequest& request) {
        const ScratchFolder folder;
        const auto query = folder.write("query", request.body);
        https::TestReply reply;
        reply.body = output_of({"/usr/bin/curl", "--silent", "--noproxy", "*", "--data-binary",
                                "@" + query.string(), test_authority().url() + "/tsa/good"});
        reply.content_type = "application/timestamp-reply";
        return reply;
      },
      {.plain = true});
  Authority authority = authority_named("good");
  authority.url = front.url();
  const auto client = client_of({authority});
  EXPECT_TRUE(stamp(*client));
  EXPECT_TRUE(stamp(*client));
  EXPECT_EQ(front.connections(), 1U);
  front.stop();
  front.start();
  const auto result = stamp(*client);
  EXPECT_TRUE(result) << result.error().sentence;
  EXPECT_EQ(front.requests().size(), 3U);
  const auto first = front.requests().front();
  EXPECT_EQ(first.method, "POST");
  EXPECT_EQ(first.headers.at("content-type"), "application/timestamp-query");
}

}  // namespace
}  // namespace signet::tests
