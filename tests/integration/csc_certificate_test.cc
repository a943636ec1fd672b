// A client certificate as the way into a service of the CSC API: alone, and at the token endpoint (RFC 8705).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/csc_service.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

constexpr const char* kByCertificate = "access = \"certificate\"\n";

// Login and a signature in this process.
CK_RV sign_once_with(const CscService& service) {
  const Module module;
  Session session(module);
  if (const CK_RV rv = session.try_login(service.pin()); rv != CKR_OK) return rv;
  return sign_and_verify(session);
}

bool says(const CscService& service, const std::string& words) {
  return service.log().find(words) != std::string::npos;
}

TEST(CscCertificateTest, SignsByTheClientCertificateAlone) {
  const CscService service;
  const auto client = service.make_client_certificate("client");
  service.change_account({"--client-certificate", client.certificate.string()});
  service.configure(client.config(), kByCertificate);
  EXPECT_EQ(sign_once_with(service), CKR_OK);
  EXPECT_EQ(service.calls("oauth2/token"), 0U);
  EXPECT_EQ(service.calls("signatures/signHash"), 1U);
}

TEST(CscCertificateTest, GetsATokenByTheClientCertificate) {
  const CscService service({"--csc-token-auth", "tls_client_auth"});
  const auto client = service.make_client_certificate("client");
  service.change_account({"--client-certificate", client.certificate.string()});
  service.configure(client.config(), "access = \"oauth2\"\n");
  EXPECT_EQ(sign_once_with(service), CKR_OK);
  EXPECT_EQ(service.calls("oauth2/token"), 1U);
}

TEST(CscCertificateTest, UsesAKeyOnAnotherToken) {
  const CscService service;
  const auto client = service.make_client_certificate("client");
  service.change_account({"--client-certificate", client.certificate.string()});
  const auto folder = service.folder();
  std::filesystem::create_directory(folder / "tokens");
  write_file(folder / "softhsm2.conf",
             fmt::format("directories.tokendir = {}\nobjectstore.backend = file\n",
                         (folder / "tokens").string()));
  setenv("SOFTHSM2_CONF", (folder / "softhsm2.conf").c_str(), 1);
  output_of({"/usr/bin/softhsm2-util", "--init-token", "--free", "--label", "clients", "--pin",
             "client pin", "--so-pin", "so pin"});
  output_of({"/usr/bin/softhsm2-util", "--import", client.key.string(), "--token", "clients",
             "--label", "client", "--id", "01", "--pin", "client pin"});
  write_file(folder / "client.pin", "client pin");
  service.configure(
      fmt::format("client_certificate = \"{}\"\nclient_key = \"pkcs11:token=clients;object=client"
                  "?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:{}\"\n",
                  client.certificate.string(), (folder / "client.pin").string()),
      kByCertificate);
  EXPECT_EQ(sign_once_with(service), CKR_OK);
  EXPECT_EQ(service.calls("oauth2/token"), 0U);
}

TEST(CscCertificateTest, AForeignCertificateIsToldApart) {
  const CscService service;
  const auto client = service.make_client_certificate("client");
  const auto foreign = service.make_client_certificate("foreign");
  service.change_account({"--client-certificate", client.certificate.string()});
  service.configure(foreign.config(), kByCertificate);
  EXPECT_EQ(sign_once_with(service), CKR_DEVICE_ERROR);
  EXPECT_TRUE(says(service, "The client certificate is not known")) << service.log();

  service.clear_log();
  service.configure(foreign.config(), "access = \"oauth2\"\n");
  EXPECT_EQ(sign_once_with(service), CKR_DEVICE_ERROR);
  EXPECT_TRUE(says(service, "does not know this client")) << service.log();
  EXPECT_EQ(service.calls("oauth2/token"), 1U) << "what was refused is not sent again";
}

TEST(CscCertificateTest, WithoutACertificateTheServiceWantsAToken) {
  const CscService service;
  const auto client = service.make_client_certificate("client");
  service.change_account({"--client-certificate", client.certificate.string()});
  service.configure("", "access = \"none\"\n");
  EXPECT_EQ(sign_once_with(service), CKR_DEVICE_ERROR);
  EXPECT_TRUE(says(service, "the service wants an access token")) << service.log();
  EXPECT_TRUE(says(service, "\\\"access\\\" in [token.csc]") ||
              says(service, "\"access\" in [token.csc]"))
      << service.log();
}

TEST(CscCertificateTest, SendsTheSecretInTheFormWhereNothingElseIsTaken) {
  const CscService service({"--csc-token-auth", "client_secret_post"});
  service.configure("", service.oauth2());
  EXPECT_EQ(sign_once_with(service), CKR_OK);
  EXPECT_EQ(service.calls("oauth2/token"), 1U);
  EXPECT_EQ(service.log().find(service.client_secret()), std::string::npos);
}

}  // namespace
}  // namespace signet::tests
