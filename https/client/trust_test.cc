// Whom a connection trusts where pins are not the rule, and what plain http is taken for.
#include <gtest/gtest.h>

#include <fstream>

#include "common/testing/scratch_folder.h"
#include "https/client/connection.h"
#include "https/client/file_identity.h"
#include "https/testing/tls_test_server.h"

namespace signet::https {
namespace {

using namespace std::chrono_literals;
using Kind = Fault::Kind;

class TrustTest : public testing::Test {
 protected:
  static TestReply answer_yes(const TestRequest&) { return TestReply{.body = "yes"}; }

  std::string file_of(const std::string& name, const std::string& text) {
    const auto path = folder_.path() / name;
    std::ofstream(path) << text;
    return path;
  }

  EndpointOptions options_of(const TlsTestServer& server, Trust trust) {
    EndpointOptions options;
    options.url = server.url();
    options.trust = trust;
    options.connect = 20s;
    return options;
  }

  Result<Response, Fault> ask(EndpointOptions options) {
    const auto endpoint = std::make_shared<Endpoint>(std::move(options), sockets_);
    Connection connection(endpoint);
    Request request{Method::get, "", {}, {}};
    connection.start(request, Deadline::after(20s), 20s);
    while (!connection.step()) {
      const Wait wait = connection.wait();
      wait_for_any({&wait, 1});
    }
    traffic_ = connection.traffic();
    return connection.finish();
  }

  Kind kind_of(EndpointOptions options) {
    const auto answer = ask(std::move(options));
    EXPECT_FALSE(answer);
    return answer ? Kind::broken : answer.error().kind;
  }

  const ScratchFolder folder_;
  const std::shared_ptr<TestIdentity> identity_ = std::make_shared<TestIdentity>();
  SocketTable sockets_;
  Traffic traffic_;
};

TEST_F(TrustTest, WithoutPinsTheChainAndTheNameDecide) {
  TlsTestServer server(identity_, answer_yes);
  EndpointOptions options = options_of(server, Trust::pins_or_chain);
  options.ca_file = file_of("ca.pem", identity_->certificate_pem());
  EXPECT_TRUE(ask(options));
  options.ca_file = file_of("other.pem", TestIdentity().certificate_pem());
  EXPECT_EQ(kind_of(options), Kind::untrusted);
  const auto misnamed = std::make_shared<TestIdentity>("DNS:elsewhere.example");
  TlsTestServer other(misnamed, answer_yes);
  options = options_of(other, Trust::pins_or_chain);
  options.ca_file = file_of("misnamed.pem", misnamed->certificate_pem());
  EXPECT_EQ(kind_of(options), Kind::untrusted);
  EXPECT_TRUE(other.requests().empty());
}

TEST_F(TrustTest, WithoutAnythingNamedTheSystemsAuthoritiesDecide) {
  TlsTestServer server(identity_, answer_yes);
  for (const Trust trust : {Trust::pins_or_chain, Trust::none_needed}) {
    EXPECT_EQ(kind_of(options_of(server, trust)), Kind::untrusted);
  }
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(TrustTest, APinIsDemandedWhereThereAreAny) {
  TlsTestServer server(identity_, answer_yes);
  for (const Trust trust : {Trust::pins, Trust::pins_or_chain, Trust::none_needed}) {
    EndpointOptions options = options_of(server, trust);
    options.pins = pinning::PinSet({TestIdentity().pin()});
    EXPECT_EQ(kind_of(options), Kind::untrusted);
    // A chain does not stand in for it.
    options.ca_file = file_of("ca.pem", identity_->certificate_pem());
    EXPECT_EQ(kind_of(options), Kind::untrusted);
    options.pins = pinning::PinSet({server.pin()});
    EXPECT_TRUE(ask(options));
  }
}

TEST_F(TrustTest, WithoutPinsNobodyIsTrustedUnlessThatIsSaid) {
  TlsTestServer server(identity_, answer_yes);
  EndpointOptions options = options_of(server, Trust::pins);
  options.ca_file = file_of("ca.pem", identity_->certificate_pem());
  EXPECT_EQ(kind_of(options), Kind::untrusted);
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(TrustTest, PlainHttpIsSpokenOnlyWhereThatIsSaidAndNobodyHasToBeRecognised) {
  TlsTestServer server(identity_, answer_yes, {.plain = true});
  for (const Trust trust : {Trust::pins, Trust::pins_or_chain}) {
    EndpointOptions options = options_of(server, trust);
    options.pins = pinning::PinSet({identity_->pin()});
    EXPECT_EQ(kind_of(options), Kind::unreachable);
  }
  EndpointOptions options = options_of(server, Trust::none_needed);
  options.pins = pinning::PinSet({identity_->pin()});
  EXPECT_EQ(kind_of(options), Kind::unreachable);
  options.pins = {};
  options.ca_file = file_of("ca.pem", identity_->certificate_pem());
  EXPECT_EQ(kind_of(options), Kind::unreachable);
  options.ca_file = {};
  options.identity = [] { return std::make_unique<FileIdentity>("a", "b"); };
  EXPECT_EQ(kind_of(options), Kind::unreachable);
  EXPECT_EQ(server.connections(), 0U);
  options.identity = {};
  const auto answer = ask(options);
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_EQ(answer.value().body, "yes");
  EXPECT_EQ(traffic_.connections, 1U);
  EXPECT_EQ(traffic_.handshakes, 0U);
}

TEST_F(TrustTest, GoesToTheAddressThatItsOwnerLookedUp) {
  TlsTestServer server(identity_, answer_yes, {.plain = true});
  EndpointOptions options = options_of(server, Trust::none_needed);
  options.url.replace(options.url.find("127.0.0.1"), 9, "ca.invalid");
  EXPECT_EQ(kind_of(options), Kind::unreachable);
  options.addresses = "127.0.0.1";
  EXPECT_TRUE(ask(options));
}

TEST_F(TrustTest, ABodyOverTheEndpointsLimitIsRefused) {
  TlsTestServer server(
      identity_, [](const TestRequest&) { return TestReply{.body = std::string(65'537, 'x')}; },
      {.plain = true});
  EndpointOptions options = options_of(server, Trust::none_needed);
  options.largest_body = 65'536;
  const auto answer = ask(options);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::oversized);
  EXPECT_EQ(answer.error().sentence,
            "the answer is larger than 64 KiB, or its headers than 128 KiB");
  options.largest_body = 65'537;
  EXPECT_TRUE(ask(options));
}

TEST_F(TrustTest, AClientShowsTheCertificateInItsFile) {
  TlsTestServer server(identity_, answer_yes, {.wants_client_certificate = true});
  const TestIdentity client;
  const std::string certificate = file_of("client.pem", client.certificate_pem());
  const std::string key = file_of("client.key", client.key_pem());
  EndpointOptions options = options_of(server, Trust::pins);
  options.pins = pinning::PinSet({server.pin()});
  options.identity = [&] { return std::make_unique<FileIdentity>(certificate, key); };
  EXPECT_TRUE(ask(options));
  EXPECT_EQ(server.client_certificate(), client.certificate_der());

  const std::string foreign = file_of("foreign.key", TestIdentity().key_pem());
  options.identity = [&] { return std::make_unique<FileIdentity>(certificate, foreign); };
  auto answer = ask(options);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::untrusted);
  EXPECT_NE(
      answer.error().sentence.find("foreign.key cannot be read as an unencrypted private key"),
      std::string::npos)
      << answer.error().sentence;
  options.identity = [&] { return std::make_unique<FileIdentity>("/none.pem", key); };
  answer = ask(options);
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().sentence.find("/none.pem cannot be read as a certificate in PEM"),
            std::string::npos)
      << answer.error().sentence;
}

}  // namespace
}  // namespace signet::https
