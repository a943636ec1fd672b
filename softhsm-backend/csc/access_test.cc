// Client certificates and the ways to the token endpoint, without sockets.
#include <gmock/gmock.h>
#include <openssl/ec.h>
#include <openssl/x509.h>

#include <fstream>

#include "crypto/openssl.h"
#include "crypto/openssl_ptr.h"
#include "softhsm-backend/csc/client_certificate.h"
#include "softhsm-backend/csc/period.h"
#include "softhsm-backend/csc/testing/csc_scene.h"
#include "softhsm-backend/tls_identity.h"

namespace signet::emulator::csc {
namespace {

using testing::HasSubstr;
using testing::Not;

class CscAccessTest : public CscServiceTest {
 protected:
  // A self-signed certificate; valid now.
  Bytes make_certificate(const std::string& name) const {
    const IdentityFiles files = files_of(name);
    make_identity(files, "127.0.0.1");
    return read_certificate_file(files.certificate);
  }

  void bind(const Bytes& certificate) const {
    set_policy([&](Policy& policy) { policy.client_certificate = certificate_mark(certificate); });
  }

  void take_only(std::vector<std::string> methods) {
    service_ = std::make_unique<Service>(appliance->state, appliance->token, "primary",
                                         Settings{std::move(methods)});
  }

  Answer get(const std::string& target) {
    Request request;
    request.method = "GET";
    request.target = target;
    request.set_header("Host", "127.0.0.1:1");
    return send(request);
  }

  IdentityFiles files_of(const std::string& name) const {
    return {.key = folder_ / (name + ".key"), .certificate = folder_ / (name + ".crt")};
  }

  ScratchFolder folder_;
};

TEST_F(CscAccessTest, LetsInTheAccountsCertificateWithoutAToken) {
  EXPECT_THAT(call("info", {}).body, Not(HasSubstr("TLS")));
  certificate_ = make_certificate("client");
  EXPECT_EQ(call("credentials/list", {}).status, 401U);
  bind(certificate_);
  EXPECT_THAT(call("info", {}).body, HasSubstr("TLS"));
  EXPECT_THAT(call("credentials/list", {}).body, HasSubstr(key_));
  const Answer other = call("credentials/list", {}, "nonsense");
  EXPECT_EQ(other.status, 401U) << "an access token that is sent counts";
  set_policy([](Policy& policy) { policy.client_certificate.clear(); });
  EXPECT_EQ(call("credentials/list", {}).status, 401U);
}

TEST_F(CscAccessTest, RefusesAForeignCertificateAndSaysSo) {
  bind(make_certificate("client"));
  certificate_ = make_certificate("foreign");
  const Answer refused = call("credentials/list", {});
  EXPECT_EQ(refused.status, 401U);
  EXPECT_THAT(refused.body, HasSubstr("unauthorized_client"));
  EXPECT_THAT(refused.body, HasSubstr("The client certificate is not known"));
  const Answer no_token = fetch_token("", "&client_id=" + user);
  EXPECT_EQ(no_token.status, 401U);
  EXPECT_THAT(no_token.body, HasSubstr("invalid_client"));
}

TEST_F(CscAccessTest, RefusesAnExpiredCertificate) {
  // Valid for a minute of 1971.
  const PkeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr old(X509_new());
  ASN1_TIME_set(X509_getm_notBefore(old.get()), 31'536'000);
  ASN1_TIME_set(X509_getm_notAfter(old.get()), 31'536'060);
  X509_set_pubkey(old.get(), key.get());
  X509_sign(old.get(), key.get(), EVP_sha256());
  certificate_ = crypto::der_of(old.get(), i2d_X509);
  bind(certificate_);
  const Answer refused = call("credentials/list", {});
  EXPECT_EQ(refused.status, 401U);
  EXPECT_THAT(refused.body, HasSubstr("expired"));
  EXPECT_EQ(period_of(Bytes(3, 1)), Period::over);
}

// RFC 8705, 2: the name in the form, the proof in the handshake.
TEST_F(CscAccessTest, GivesATokenToTheCertificatesOwnClient) {
  certificate_ = make_certificate("client");
  bind(certificate_);
  const Answer given = fetch_token("", "&client_id=" + user);
  EXPECT_EQ(given.status, 200U) << given.body;
  EXPECT_EQ(fetch_token("", "&client_id=another").status, 401U);
  EXPECT_EQ(fetch_token("", "").status, 401U);
  certificate_.clear();
  EXPECT_EQ(fetch_token("", "&client_id=" + user).status, 401U);
}

TEST_F(CscAccessTest, TakesTheSecretInTheForm) {
  EXPECT_EQ(fetch_token("", "&client_id=" + user + "&client_secret=client+secret").status, 200U);
  EXPECT_EQ(fetch_token("", "&client_id=" + user + "&client_secret=wrong").status, 401U);
}

TEST_F(CscAccessTest, TakesOnlyTheWaysThatItWasToldAndNamesThem) {
  EXPECT_THAT(call("info", {}).body, Not(HasSubstr("oauth2Issuer")));
  take_only({"client_secret_post"});
  EXPECT_THAT(call("info", {}).body, HasSubstr("oauth2Issuer"));
  EXPECT_THAT(fetch_token().body, HasSubstr("The service does not take client_secret_basic"));
  EXPECT_EQ(fetch_token("", "&client_id=" + user + "&client_secret=client+secret").status, 200U);
  const Answer metadata = get("/.well-known/oauth-authorization-server/csc/v2");
  EXPECT_EQ(metadata.status, 200U);
  const auto json = boost::json::parse(metadata.body);
  EXPECT_EQ(json.at("issuer").as_string(), "https://127.0.0.1:1/csc/v2");
  EXPECT_EQ(json.at("token_endpoint").as_string(), "https://127.0.0.1:1/csc/v2/oauth2/token");
  EXPECT_EQ(json.at("token_endpoint_auth_methods_supported"),
            boost::json::array{"client_secret_post"});
  EXPECT_EQ(get("/.well-known/oauth-authorization-server/csc/v3").status, 404U);
  EXPECT_EQ(call("", {}).status, 404U);
}

TEST_F(CscAccessTest, ReadsNothingButACertificateAsOne) {
  std::ofstream(folder_ / "nonsense") << "nonsense";
  EXPECT_THROW(read_certificate_file(folder_ / "nonsense"), std::runtime_error);
  EXPECT_THROW(read_certificate_file(folder_ / "missing"), std::runtime_error);
}

}  // namespace
}  // namespace signet::emulator::csc
