// The server's side of TLS: its identity, and what it wants of a client.
#ifndef SIGNET_HTTPS_SERVER_TLS_H_
#define SIGNET_HTTPS_SERVER_TLS_H_

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "common/bytes.h"
#include "common/result.h"

namespace signet::https::server {

struct TlsOptions {
  std::filesystem::path certificates;  // PEM, the server's own first
  std::filesystem::path key;           // PEM
  std::string
      session_context;  // sessions begun under one are not resumed under another; at most 32 bytes

  enum class ClientCertificate { none, optional, required };
  ClientCertificate client_certificate = ClientCertificate::none;
  // Whether the handshake goes on with a client that shows this certificate (DER) and has its key. Nothing else of the
  // certificate is checked, and a resumed session does not ask again: what may change is for the handler to check with
  // each request. Called from several threads.
  std::function<bool(ByteView)> accept_client = {};
};

// TLS 1.2 and 1.3, HTTP/1.1 by ALPN. The error is a sentence.
Result<std::shared_ptr<boost::asio::ssl::context>, std::string> make_tls_context(
    TlsOptions options);

}  // namespace signet::https::server

#endif  // SIGNET_HTTPS_SERVER_TLS_H_
