#include "https/server/tls.h"

#include <openssl/ssl.h>

#include "common/bounded_file.h"
#include "common/secret.h"
#include "crypto/openssl.h"

namespace signet::https::server {

namespace {

namespace ssl = boost::asio::ssl;

struct Context {
  explicit Context(TlsOptions given) : options(std::move(given)) {}

  TlsOptions options;
  ssl::context context{ssl::context::tls_server};
};

int choose_http(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_size,
                const unsigned char* in, unsigned in_size, void* /*unused*/) {
  static constexpr unsigned char kOffered[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kOffered, sizeof(kOffered) - 1, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

// In place of OpenSSL's own check of the chain.
int accept_client(X509_STORE_CTX* chain, void* options) {
  const X509* certificate = X509_STORE_CTX_get0_cert(chain);
  const Bytes der = certificate == nullptr ? Bytes() : crypto::der_of(certificate, i2d_X509);
  if (der.empty()) return 0;
  const auto& accept = static_cast<const TlsOptions*>(options)->accept_client;
  const bool accepted = !accept || accept(der);
  X509_STORE_CTX_set_error(chain, accepted ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
  return accepted ? 1 : 0;
}

void ask_for_certificate(SSL_CTX* context, TlsOptions& options) {
  using enum TlsOptions::ClientCertificate;
  if (options.client_certificate == none) return;
  const int demanded = options.client_certificate == required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | demanded, nullptr);
  SSL_CTX_set_cert_verify_callback(context, accept_client, &options);
}

// Calls `use(content, error)`.
template <typename Use>
Result<void, std::string> use_file(const std::filesystem::path& file, Use use) {
  constexpr std::size_t most = 1024UL * 1024;  // bytes
  auto content = read_file(file, most);
  if (!content) return "cannot use " + content.error().sentence;
  boost::system::error_code error;
  Bytes& bytes = content.value();
  use(boost::asio::buffer(bytes.data(), bytes.size()), error);
  wipe(bytes.data(), bytes.size());
  if (error) return "cannot use " + file.string() + ": " + error.message();
  return success();
}

}  // namespace

Result<std::shared_ptr<ssl::context>, std::string> make_tls_context(TlsOptions options) {
  auto made = std::make_shared<Context>(std::move(options));
  SSL_CTX* native = made->context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_alpn_select_cb(native, choose_http, nullptr);
  const std::string& session = made->options.session_context;
  SSL_CTX_set_session_id_context(native, reinterpret_cast<const unsigned char*>(session.data()),
                                 static_cast<unsigned>(session.size()));
  ask_for_certificate(native, made->options);
  BOOST_OUTCOME_TRY(use_file(made->options.certificates, [&](const auto& content, auto& error) {
    made->context.use_certificate_chain(content, error);
  }));
  BOOST_OUTCOME_TRY(use_file(made->options.key, [&](const auto& content, auto& error) {
    made->context.use_private_key(content, ssl::context::pem, error);
  }));
  return std::shared_ptr<ssl::context>(made, &made->context);
}

}  // namespace signet::https::server
