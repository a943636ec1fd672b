// Mutual TLS with a key in a file and with one on a token of SoftHSMv2.
#include "dsa-transport/client_identity.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include <thread>

#include "common/testing/scratch_folder.h"
#include "common/testing/unreadable_files.h"
#include "dsa-transport/factory.h"
#include "dsa-transport/testing/test_server.h"

namespace signet::transport {
namespace {

using namespace std::chrono_literals;

constexpr char kSoftHsm[] = "/usr/lib/softhsm/libsofthsm2.so";
constexpr char kTokenPin[] = "4711";
constexpr auto kAccount =
    R"({"user":"seal","commonName":"Seal","rights":["user"],"signCredential":"none"})";

void run(const std::string& command) {
  // NOLINTNEXTLINE(cert-env33-c): this test's own words, on its own machine
  if (std::system((command + " >/dev/null 2>&1").c_str()) != 0) {
    throw std::runtime_error("failed: " + command);
  }
}

// One SoftHSMv2 for the whole process: it reads its configuration once.
const ScratchFolder& token_folder() {
  static const ScratchFolder kFolder;
  static const bool kMade = [] {
    std::filesystem::create_directory(kFolder.path("tokens"));
    kFolder.write("softhsm2.conf",
                  "directories.tokendir = " + kFolder.path("tokens").string() + "\n");
    setenv("SOFTHSM2_CONF", kFolder.path("softhsm2.conf").c_str(), 1);
    run("softhsm2-util --init-token --free --label clients --so-pin 0815 --pin 4711");
    kFolder.write("pin", kTokenPin);
    return true;
  }();
  EXPECT_TRUE(kMade);
  return kFolder;
}

class ClientIdentityTest : public testing::Test {
 protected:
  static TestReply answer(const TestRequest& /*request*/) { return {.body = kAccount}; }

  // A key on the token with this label, and its certificate in a file: "client.pem".
  void make_token_key(const std::string& label, const std::string& algorithm) {
    const ScratchFolder& token = token_folder();
    const std::string key = token.path(label + ".key");
    certificate_ = token.path(label + ".pem");
    run("openssl req -x509 -nodes -subj /CN=client -days 2 " + algorithm + " -keyout '" + key +
        "' -out '" + certificate_ + "'");
    run("openssl pkcs8 -topk8 -nocrypt -in '" + key + "' -out '" + key + ".p8'");
    run("softhsm2-util --import '" + key + ".p8' --token clients --pin 4711 --label " + label +
        " --id 0" + std::to_string(++keys_made));
    std::filesystem::remove(key);
  }

  static std::string uri_of(const std::string& label, const std::string& pin_file = "pin") {
    return "pkcs11:token=clients;object=" + label + "?module-path=" + kSoftHsm +
           "&pin-source=file:" + token_folder().path(pin_file).string();
  }

  static Settings options_for(const TlsTestServer& server,
                              const config::ClientCertificate& certificate) {
    Settings options;
    options.members = {member_of(server)};
    options.client_certificate = certificate;
    return options;
  }

  Answer<AccountInfo> ask(Appliance& appliance) {
    return appliance.account(who_, Deadline::after(20s));
  }

  void expect_served(const std::string& label, int highest_version) {
    TlsTestServer server(identity_, answer,
                         {.highest_version = highest_version, .wants_client_certificate = true});
    const auto appliance = make_appliance(options_for(server, {certificate_, uri_of(label)}));
    const auto account = ask(*appliance);
    EXPECT_TRUE(account) << account.error().sentence;
  }

  static inline int keys_made = 0;
  std::string certificate_;
  const std::shared_ptr<TestIdentity> identity_ = std::make_shared<TestIdentity>();
  const Credential who_{"seal", Secret("secret-0815")};
};

TEST_F(ClientIdentityTest, AnEcKeyOnATokenOpensTls12AndTls13) {
  make_token_key("ec", "-newkey ec -pkeyopt ec_paramgen_curve:P-256");
  expect_served("ec", TLS1_2_VERSION);
  expect_served("ec", TLS1_3_VERSION);
}

TEST_F(ClientIdentityTest, AnRsaKeyOnATokenOpensTls12AndTls13) {
  make_token_key("rsa", "-newkey rsa:2048");
  expect_served("rsa", TLS1_2_VERSION);
  expect_served("rsa", TLS1_3_VERSION);
}

TEST_F(ClientIdentityTest, AKeyThatIsNotThereIsNamedAndNothingIsSent) {
  TlsTestServer server(identity_, answer, {.wants_client_certificate = true});
  const auto certificate = token_folder().write("own.pem", identity_->certificate_pem());
  const auto appliance = make_appliance(options_for(server, {certificate, uri_of("none")}));
  const auto account = ask(*appliance);
  ASSERT_FALSE(account);
  EXPECT_EQ(account.error().failure, Failure::untrusted);
  EXPECT_NE(account.error().sentence.find("has no private key of this name"), std::string::npos)
      << account.error().sentence;
  EXPECT_EQ(server.application_bytes(), 0U);
}

TEST_F(ClientIdentityTest, ACertificateOfAnotherKeySendsNothing) {
  make_token_key("other", "-newkey ec -pkeyopt ec_paramgen_curve:P-256");
  TlsTestServer server(identity_, answer, {.wants_client_certificate = true});
  const auto certificate = token_folder().write("foreign.pem", identity_->certificate_pem());
  const auto appliance = make_appliance(options_for(server, {certificate, uri_of("other")}));
  EXPECT_FALSE(ask(*appliance));
  EXPECT_EQ(server.application_bytes(), 0U);
}

TEST_F(ClientIdentityTest, ARefusedPinOfTheTokenIsNotTriedAgain) {
  make_token_key("guarded", "-newkey ec -pkeyopt ec_paramgen_curve:P-256");
  token_folder().write("wrong-pin", "1111");
  TlsTestServer server(identity_, answer, {.wants_client_certificate = true});
  const auto appliance =
      make_appliance(options_for(server, {certificate_, uri_of("guarded", "wrong-pin")}));
  const auto first = ask(*appliance);
  ASSERT_FALSE(first);
  EXPECT_NE(first.error().sentence.find("no login to the token"), std::string::npos)
      << first.error().sentence;
  EXPECT_EQ(first.error().sentence.find("1111"), std::string::npos) << "the PIN is in the sentence";
  const auto again =
      make_appliance(options_for(server, {certificate_, uri_of("guarded", "wrong-pin")}));
  const auto second = ask(*again);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().sentence.find("is not tried again"), std::string::npos)
      << second.error().sentence;
}

TEST_F(ClientIdentityTest, AnInvalidModuleIsNamed) {
  TlsTestServer server(identity_, answer, {.wants_client_certificate = true});
  const auto certificate = token_folder().write("own.pem", identity_->certificate_pem());
  const auto appliance = make_appliance(
      options_for(server, {certificate, "pkcs11:object=o?module-path=/nowhere/none.so"}));
  const auto account = ask(*appliance);
  ASSERT_FALSE(account);
  EXPECT_NE(account.error().sentence.find("cannot load the PKCS#11 module /nowhere/none.so"),
            std::string::npos)
      << account.error().sentence;
}

TEST_F(ClientIdentityTest, AFileThatHasNoEndIsNamedAtOnceAndNothingIsSent) {
  const ScratchFolder folder;
  TlsTestServer server(identity_, answer, {.wants_client_certificate = true});
  const auto certificate = folder.write("client.pem", identity_->certificate_pem());
  const auto key = folder.write("client.key", identity_->key_pem());
  for (const auto& file : make_unreadable_files(folder)) {
    for (const config::ClientCertificate& identity :
         {config::ClientCertificate{file, key}, config::ClientCertificate{certificate, file}}) {
      const auto began = std::chrono::steady_clock::now();
      const auto account = ask(*make_appliance(options_for(server, identity)));
      EXPECT_LT(std::chrono::steady_clock::now() - began, 5s) << file;
      ASSERT_FALSE(account) << file;
      EXPECT_EQ(account.error().failure, Failure::untrusted);
      EXPECT_NE(account.error().sentence.find(file.string() + ": it is "), std::string::npos)
          << account.error().sentence;
    }
  }
  EXPECT_EQ(server.application_bytes(), 0U);
}

TEST_F(ClientIdentityTest, AFileOfAnotherKindIsNamed) {
  const ScratchFolder folder;
  TlsTestServer server(identity_, answer, {.wants_client_certificate = true});
  const std::string pem = identity_->certificate_pem();
  const auto certificate = folder.write("client.pem", pem);
  const auto key = folder.write("client.key", identity_->key_pem());
  const auto text = folder.write("text", "no certificate and no key\n");
  const auto damaged = folder.write(
      "damaged", pem + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  for (const config::ClientCertificate& identity :
       {config::ClientCertificate{text, key}, config::ClientCertificate{damaged, key},
        config::ClientCertificate{certificate, text},
        config::ClientCertificate{certificate, certificate}}) {
    const auto account = ask(*make_appliance(options_for(server, identity)));
    ASSERT_FALSE(account);
    const std::string& wrong = identity.key == key ? identity.certificate : identity.key;
    EXPECT_NE(account.error().sentence.find(wrong + " is not a"), std::string::npos)
        << account.error().sentence;
  }
  EXPECT_EQ(server.application_bytes(), 0U);
}

TEST_F(ClientIdentityTest, AChainInTheFileIsSent) {
  const ScratchFolder folder;
  const TestIdentity issuer;
  TlsTestServer server(identity_, answer, {.wants_client_certificate = true});
  const auto chain =
      folder.write("chain.pem", identity_->certificate_pem() + issuer.certificate_pem());
  const auto key = folder.write("client.key", identity_->key_pem());
  const auto account = ask(*make_appliance(options_for(server, {chain, key})));
  EXPECT_TRUE(account) << account.error().sentence;
  EXPECT_EQ(server.client_issuers(), 1);
}

TEST_F(ClientIdentityTest, ARenewedCertificateFileIsShownAfterTheChange) {
  const TestIdentity first;
  const TestIdentity second;
  const ScratchFolder folder;
  const auto certificate = folder.write("client.pem", first.certificate_pem());
  const auto key = folder.write("client.key", first.key_pem());
  TlsTestServer server(identity_, answer, {.wants_client_certificate = true});
  const Settings options = options_for(server, {certificate, key});
  const auto appliance = make_appliance(options);
  config::TokenConfig config;
  config.members = options.members;
  config.client_certificate = options.client_certificate;
  ASSERT_TRUE(ask(*appliance));
  appliance->reconfigure(settings_of(config));
  ASSERT_TRUE(ask(*appliance));
  EXPECT_EQ(server.connections(), 1U) << "nothing has changed, so the connection stays";

  folder.write("client.pem", second.certificate_pem());
  folder.write("client.key", second.key_pem());
  appliance->reconfigure(settings_of(config));

  ASSERT_TRUE(ask(*appliance));
  EXPECT_EQ(server.connections(), 2U);
  EXPECT_EQ(server.resumptions(), 0U) << "a resumed session would carry the old certificate";
  EXPECT_EQ(server.client_certificate(), second.certificate_der());
}

}  // namespace
}  // namespace signet::transport
