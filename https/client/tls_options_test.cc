// What a host's openssl.cnf has set in a context is gone, whatever it was: what the client says and does is the same.
#include "https/client/tls_options.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <map>
#include <string>
#include <vector>

#include "crypto/openssl_ptr.h"
#include "https/testing/tls_test_server.h"

namespace signet::https {
namespace {

using Context = OpensslPtr<SSL_CTX, SSL_CTX_free>;
using Setting = std::pair<const char*, const char*>;

// The greeting of a client, by extension; 0x10000: its cipher suites.
using Greeting = std::map<unsigned, std::string>;
constexpr unsigned kSuites = 0x10000;
constexpr int kKeyShare = 51;

int note_greeting(SSL* ssl, int* /*alert*/, void* greeting) {
  auto& seen = *static_cast<Greeting*>(greeting);
  const unsigned char* data = nullptr;
  std::size_t size = SSL_client_hello_get0_ciphers(ssl, &data);
  seen[kSuites] = std::string(data, data + size);
  int* types = nullptr;
  std::size_t count = 0;
  SSL_client_hello_get1_extensions_present(ssl, &types, &count);
  for (std::size_t i = 0; i < count; ++i) {
    SSL_client_hello_get0_ext(ssl, static_cast<unsigned>(types[i]), &data, &size);
    // A fresh key each time: the place of its group is enough.
    if (types[i] == kKeyShare) size = 4;
    seen[static_cast<unsigned>(types[i])] = std::string(data, data + size);
  }
  OPENSSL_free(types);
  return SSL_CLIENT_HELLO_SUCCESS;
}

struct Behaviour {
  Greeting greeting;
  std::uint64_t options = 0;
  std::string cipher;
  std::size_t bytes_of_one = 0;  // on the wire

  bool operator==(const Behaviour&) const = default;
};

Context client_with(const std::vector<Setting>& settings) {
  Context context(SSL_CTX_new(TLS_client_method()));
  const OpensslPtr<SSL_CONF_CTX, SSL_CONF_CTX_free> configuration(SSL_CONF_CTX_new());
  SSL_CONF_CTX_set_flags(configuration.get(),
                         SSL_CONF_FLAG_FILE | SSL_CONF_FLAG_CLIENT | SSL_CONF_FLAG_SERVER);
  SSL_CONF_CTX_set_ssl_ctx(configuration.get(), context.get());
  for (const auto& [name, value] : settings)
    EXPECT_EQ(SSL_CONF_cmd(configuration.get(), name, value), 2) << name;
  SSL_CONF_CTX_finish(configuration.get());
  return context;
}

Behaviour behaviour_of(SSL_CTX* client_context) {
  static const TestIdentity identity;
  Behaviour seen;
  const Context server_context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(server_context.get(), identity.certificate());
  SSL_CTX_use_PrivateKey(server_context.get(), identity.key());
  SSL_CTX_set_client_hello_cb(server_context.get(), note_greeting, &seen.greeting);
  const OpensslPtr<SSL, SSL_free> client(SSL_new(client_context));
  const OpensslPtr<SSL, SSL_free> server(SSL_new(server_context.get()));
  BIO* near = nullptr;
  BIO* far = nullptr;
  BIO_new_bio_pair(&near, 0, &far, 0);
  SSL_set_bio(client.get(), near, near);
  SSL_set_bio(server.get(), far, far);
  SSL_set_connect_state(client.get());
  SSL_set_accept_state(server.get());
  for (int turn = 0; turn < 10; ++turn) {
    SSL_do_handshake(client.get());
    SSL_do_handshake(server.get());
  }
  seen.options = SSL_get_options(client.get());
  seen.cipher = SSL_get_cipher_name(client.get());
  const auto before = BIO_number_written(near);
  SSL_write(client.get(), "x", 1);
  seen.bytes_of_one = BIO_number_written(near) - before;
  return seen;
}

// Each alone breaks TLS, weakens it, or is seen on the wire; with OpenSSL 3.0's names.
const std::vector<Setting> kHostile[] = {
    {{"MinProtocol", "TLSv1"}, {"MaxProtocol", "TLSv1.1"}},
    {{"MaxProtocol", "TLSv1.2"}, {"CipherString", "eNULL:aNULL:@SECLEVEL=0"}},
    {{"CipherString", "DEFAULT:@SECLEVEL=5"}},
    {{"Ciphersuites", "TLS_AES_128_CCM_8_SHA256"}},
    {{"Protocol", "-ALL,TLSv1.1"}},
    {{"Groups", "brainpoolP256r1"}},
    {{"Curves", "secp224r1"}},
    {{"SignatureAlgorithms", "RSA+SHA1"}},
    {{"ClientSignatureAlgorithms", "DSA+SHA256"}},
    {{"Options",
      "Compression,UnsafeLegacyRenegotiation,UnsafeLegacyServerConnect,AllowNoDHEKEX,"
      "ClientRenegotiation,KTLS,-MiddleboxCompat,-EncryptThenMac,-CANames,"
      "-ExtendedMasterSecret,SessionTicket,EmptyFragments"}},
    {{"Options", "NoRenegotiation,PrioritizeChaCha,ServerPreference,DHSingle,ECDHSingle,Bugs"}},
    {{"RecordPadding", "4096"}},
    {{"VerifyMode", "Peer,Require"}, {"NumTickets", "7"}},
};

TEST(TlsOptions, LeaveNothingOfTheHostsConfiguration) {
  const Context fresh = client_with({});
  ASSERT_TRUE(set_tls_options(fresh.get()));
  SSL_CTX_set_verify(fresh.get(), SSL_VERIFY_NONE, nullptr);  // the pins are the guard's
  const Behaviour expected = behaviour_of(fresh.get());
  EXPECT_NE(expected.cipher, "(NONE)");
  EXPECT_LT(expected.bytes_of_one, 100U);
  for (const auto& settings : kHostile) {
    const Context context = client_with(settings);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
    EXPECT_TRUE(settings.front().first == std::string_view("ClientSignatureAlgorithms") ||
                settings.front().first == std::string_view("VerifyMode") ||
                behaviour_of(context.get()) != expected)
        << settings.front().first << " has no effect, so it shows nothing";
    ASSERT_TRUE(set_tls_options(context.get()));
    EXPECT_EQ(behaviour_of(context.get()), expected) << settings.front().first;
  }
}

}  // namespace
}  // namespace signet::https
