// Hosts that configure OpenSSL for themselves: the module's TLS is none of it, and theirs stays as it was.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>

#include "common/testing/scratch_folder.h"
#include "https/testing/tls_test_server.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

constexpr int kOwnStatus = 42;

class HostOpensslTest : public testing::Test {
 protected:
  ~HostOpensslTest() override { unsetenv("OPENSSL_CONF"); }

  // An openssl.cnf with this in its main section, for the next host.
  void configure(const std::string& main, const std::string& sections) {
    write_file(dir_ / "openssl.cnf", "openssl_conf = main\n[main]\n" + main + sections);
    setenv("OPENSSL_CONF", (dir_ / "openssl.cnf").c_str(), 1);
  }
  void configure_tls(const std::string& settings) {
    configure("ssl_conf = tls\n", "[tls]\nsystem_default = all\n[all]\n" + settings);
  }

  // How a host ends that logs in and signs.
  int status_of(const std::vector<std::string>& host, const std::string& pin) {
    setenv("SIGNET_TEST_PIN", pin.c_str(), 1);
    return Process(host, dir_ / "output", dir_ / "output").wait();
  }
  std::string output() const { return read_file(dir_ / "output"); }

  const ScratchFolder dir_;
};

TEST_F(HostOpensslTest, WhatItSetsForItselfDoesNotReachOurTls) {
  const Emulator emulator({"ec:P-256:p256"});
  use_config(emulator.client_config());
  for (const char* properties : {"?provider=pkcs11", "provider=absent", "fips=yes"}) {
    configure("alg_section = all\n", std::string("[all]\ndefault_properties = ") + properties);
    EXPECT_EQ(status_of({SIGNET_TEST_OPEN_END_HOST}, emulator.pin()), kOwnStatus) << properties;
  }
  for (const char* settings :
       {"MinProtocol = TLSv1\nMaxProtocol = TLSv1.1\n",
        "MaxProtocol = TLSv1.2\nCipherString = eNULL:@SECLEVEL=0\n",
        "CipherString = DEFAULT:@SECLEVEL=5\n", "Ciphersuites = TLS_AES_128_CCM_8_SHA256\n",
        "Groups = brainpoolP256r1\nSignatureAlgorithms = RSA+SHA1\n", "Protocol = -ALL, TLSv1\n"}) {
    configure_tls(settings);
    EXPECT_EQ(status_of({SIGNET_TEST_OPEN_END_HOST}, emulator.pin()), kOwnStatus) << settings;
  }
  if (HasFailure()) ADD_FAILURE() << output();
}

TEST_F(HostOpensslTest, ThePinNeverGoesOutInTheClear) {
  https::TlsTestServer agrees(std::make_shared<https::TestIdentity>(),
                              [](const https::TestRequest&) { return https::TestReply{}; },
                              {.ciphers = "eNULL:@SECLEVEL=0"});
  write_config(dir_ / "client.toml", {{agrees.url(), {agrees.pin().text()}}}, dir_ / "log");
  use_config(dir_ / "client.toml");
  configure_tls("MaxProtocol = TLSv1.2\nCipherString = eNULL:@SECLEVEL=0\n");
  EXPECT_NE(status_of({SIGNET_TEST_OPEN_END_HOST}, "correct horse 4711"), kOwnStatus);
  EXPECT_GT(agrees.connections(), 0U);
  EXPECT_EQ(agrees.requests().size(), 0U);
}

TEST_F(HostOpensslTest, ItsEnginesBecomeNobodysDefault) {
  const Emulator emulator({"ec:P-256:p256"});
  use_config(emulator.client_config());
  for (const char* when : {"before", "after"}) {
    for (const char* what : {"keys", "all"}) {
      EXPECT_EQ(status_of({SIGNET_TEST_ENGINES_HOST, when, what}, emulator.pin()), kOwnStatus)
          << when << " " << what << "\n"
          << output();
    }
  }
}

// libp11's, which offers RSA and EC keys.
TEST_F(HostOpensslTest, AnEngineOfItsConfigurationBecomesNobodysDefault) {
  const Emulator emulator({"ec:P-256:p256"});
  use_config(emulator.client_config());
  const std::string folder = output_of({"/usr/bin/openssl", "version", "-e"});  // ENGINESDIR: "…"
  const auto quote = folder.find('"');
  ASSERT_NE(quote, std::string::npos);
  configure("engines = all\n", "[all]\npkcs11 = ours\n[ours]\ndynamic_path = " +
                                   folder.substr(quote + 1, folder.rfind('"') - quote - 1) +
                                   "/pkcs11.so\ninit = 0\n");
  EXPECT_EQ(status_of({SIGNET_TEST_ENGINES_HOST, "configured"}, emulator.pin()), kOwnStatus)
      << output();
}

}  // namespace
}  // namespace signet::tests
