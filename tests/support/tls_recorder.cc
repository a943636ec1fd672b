#include "tests/support/tls_recorder.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "crypto/openssl_ptr.h"
#include "tests/support/loopback.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

constexpr int kPollMilliseconds = 50;  // how soon the destructor is noticed

void require(bool went_well, const char* what) {
  if (!went_well) throw std::runtime_error(std::string("TLS recorder: ") + what);
}

int listen_on_free_port(std::uint16_t& port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  port = bind_to_free_port(listener);
  require(listen(listener, SOMAXCONN) == 0, "listen");
  return listener;
}

// Gives the context a new key with a self-signed certificate, and the pin of that key.
std::string identify(SSL_CTX* context) {
  const PkeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr owner(X509_new());
  X509* const certificate = owner.get();
  require(key && certificate != nullptr, "making a key");
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 24L * 3600);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, key.get());
  require(X509_sign(certificate, key.get(), EVP_sha256()) > 0, "signing its certificate");
  require(SSL_CTX_use_certificate(context, certificate) == 1, "using its certificate");
  require(SSL_CTX_use_PrivateKey(context, key.get()) == 1, "using its key");
  return pin_of(key.get());
}

// A peer may close while we write to it; that must not end the test program.
void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

bool readable(int a, int b) {
  std::array<pollfd, 2> sockets = {{{a, POLLIN, 0}, {b, POLLIN, 0}}};
  return poll(sockets.data(), sockets.size(), kPollMilliseconds) > 0;
}

bool has_input(SSL* ssl) {
  pollfd socket = {SSL_get_fd(ssl), POLLIN, 0};
  return SSL_pending(ssl) > 0 || poll(&socket, 1, 0) > 0;
}

}  // namespace

TlsRecorder::TlsRecorder(std::uint16_t upstream_port)
    : server_(SSL_CTX_new(TLS_server_method())),
      client_(SSL_CTX_new(TLS_client_method())),
      upstream_port_(upstream_port) {
  require(server_ && client_, "SSL_CTX_new");
  // A read that found only a session ticket comes back instead of waiting for data.
  SSL_CTX_clear_mode(server_.get(), SSL_MODE_AUTO_RETRY);
  SSL_CTX_clear_mode(client_.get(), SSL_MODE_AUTO_RETRY);
  pin_ = identify(server_.get());
  listener_ = listen_on_free_port(port_);
  acceptor_ = std::thread([this] { accept_until_stopped(); });
}

TlsRecorder::~TlsRecorder() {
  stopping_ = true;
  acceptor_.join();
  for (auto& server : servers_) server.join();
  close(listener_);
}

std::string TlsRecorder::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

void TlsRecorder::accept_until_stopped() {
  block_sigpipe();
  while (!stopping_) {
    if (!readable(listener_, -1)) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    ++connections_;
    servers_.emplace_back([this, client] {
      serve(client);
      close(client);
    });
  }
}

TlsRecorder::Connection TlsRecorder::connect_upstream() {
  const int upstream = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = local_address(upstream_port_);
  if (connect(upstream, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(upstream);
    return nullptr;
  }
  Connection connection(SSL_new(client_.get()));
  SSL_set_fd(connection.get(), upstream);
  return connection;
}

void TlsRecorder::serve(int client) {
  const Connection downstream(SSL_new(server_.get()));
  SSL_set_fd(downstream.get(), client);
  if (SSL_accept(downstream.get()) != 1) return;
  const Connection upstream = connect_upstream();
  if (!upstream) return;
  bool open = SSL_connect(upstream.get()) == 1;
  while (open && !stopping_) {
    if (!has_input(downstream.get()) && !has_input(upstream.get()) &&
        !readable(client, SSL_get_fd(upstream.get()))) {
      continue;
    }
    if (has_input(downstream.get())) open = pass_on(downstream.get(), upstream.get(), true);
    if (open && has_input(upstream.get())) {
      open = pass_on(upstream.get(), downstream.get(), false);
    }
  }
  close(SSL_get_fd(upstream.get()));
}

bool TlsRecorder::pass_on(SSL* from, SSL* to, bool record) {
  std::array<char, 16384> buffer{};
  const int count = SSL_read(from, buffer.data(), static_cast<int>(buffer.size()));
  if (count <= 0) return SSL_get_error(from, count) == SSL_ERROR_WANT_READ;
  if (record) {
    const std::lock_guard lock(mutex_);
    received_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return SSL_write(to, buffer.data(), count) == count;
}

}  // namespace signet::tests
