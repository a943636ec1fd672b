#include "https/testing/tls_test_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace signet::https {

namespace {

using namespace std::chrono_literals;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// With SO_REUSEADDR one listener may be bound to the port beside a socket that only holds it.
int bound_to(int port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = loopback(port);
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("no port of 127.0.0.1 can be had");
  }
  return descriptor;
}

int listen_on(int port, int backlog) {
  const int descriptor = bound_to(port);
  if (::listen(descriptor, backlog) != 0) throw std::runtime_error("cannot listen on 127.0.0.1");
  return descriptor;
}

int port_of(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

std::string pem_of(const std::function<void(BIO*)>& write) {
  BIO* memory = BIO_new(BIO_s_mem());
  write(memory);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

void add_extension(X509* certificate, int nid, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::string response_text(const TestReply& reply) {
  std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\n";
  for (const auto& [name, value] : reply.headers) text += name + ": " + value + "\r\n";
  if (!reply.body.empty()) text += "Content-Type: " + reply.content_type + "\r\n";
  const bool bodyless = reply.status == 204 || reply.status == 304;
  if (!bodyless) text += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  return text + "\r\n" + reply.body;
}

// Without TLS where `ssl` is null.
bool write_all(SSL* ssl, int descriptor, std::string_view text) {
  if (ssl == nullptr) {
    return ::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  std::size_t written = 0;
  return text.empty() || SSL_write_ex(ssl, text.data(), text.size(), &written) == 1;
}

void set_cork(int descriptor, int on) {
  setsockopt(descriptor, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
}

void make_reset_on_close(int descriptor) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

// Lets the client read the alert: a socket closed over unread bytes resets the connection instead.
void close_gently(int descriptor) {
  ::shutdown(descriptor, SHUT_WR);
  const timeval patience{.tv_sec = 1, .tv_usec = 0};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::array<char, 4096> unread{};
  while (::recv(descriptor, unread.data(), unread.size(), 0) > 0) continue;
}

// The test process must not die of a client that went away.
void block_sigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

TestIdentity::TestIdentity(const char* names)
    : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
  X509* certificate = certificate_.get();
  X509_set_version(certificate, 2);
  static std::atomic<long> serial{1};
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
  X509_set_pubkey(certificate, key_.get());
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("Test appliance"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  add_extension(certificate, NID_subject_alt_name, names);
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate, key_.get(), EVP_sha256());
}

Bytes TestIdentity::public_key_der() const {
  Bytes der(static_cast<std::size_t>(i2d_PUBKEY(key_.get(), nullptr)));
  unsigned char* out = der.data();
  i2d_PUBKEY(key_.get(), &out);
  return der;
}

Bytes TestIdentity::certificate_der() const {
  Bytes der(static_cast<std::size_t>(i2d_X509(certificate_.get(), nullptr)));
  unsigned char* out = der.data();
  i2d_X509(certificate_.get(), &out);
  return der;
}

pinning::Pin TestIdentity::pin() const {
  return pinning::Pin::of_public_key(public_key_der());
}

std::string TestIdentity::certificate_pem() const {
  return pem_of([&](BIO* out) { PEM_write_bio_X509(out, certificate_.get()); });
}

std::string TestIdentity::key_pem() const {
  return pem_of([&](BIO* out) {
    PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

TlsTestServer::TlsTestServer(std::shared_ptr<TestIdentity> identity, Handler handler,
                             Options options)
    : identity_(std::move(identity)),
      handler_(std::move(handler)),
      options_(options),
      context_(SSL_CTX_new(TLS_server_method())),
      reservation_(bound_to(0)),
      port_(port_of(reservation_.get())) {
  SSL_CTX_use_certificate(context_.get(), identity_->certificate());
  SSL_CTX_use_PrivateKey(context_.get(), identity_->key());
  const unsigned char session_context[] = "test";
  SSL_CTX_set_session_id_context(context_.get(), session_context, 4);
  if (options_.highest_version != 0) {
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), options_.highest_version);
  }
  if (options_.ciphers != nullptr) {
    SSL_CTX_set_cipher_list(context_.get(), options_.ciphers);
    SSL_CTX_set_max_proto_version(context_.get(), TLS1_2_VERSION);
  }
  if (options_.wants_client_certificate) {
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       [](int, X509_STORE_CTX*) { return 1; });
  }
  start();
}

TlsTestServer::~TlsTestServer() {
  stop();
}

void TlsTestServer::start() {
  listener_ = listen_on(port_, 128);
  running_ = true;
  acceptor_ = std::thread([this] { accept_loop(); });
}

void TlsTestServer::stop() {
  if (!running_.exchange(false)) return;
  acceptor_.join();
  ::close(listener_);
  drop_connections();
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    threads.swap(threads_);
  }
  for (auto& thread : threads) thread.join();
}

void TlsTestServer::note_client(const SSL* ssl) {
  const X509* const certificate = SSL_get0_peer_certificate(ssl);
  Bytes der;
  if (certificate != nullptr) {
    der.resize(static_cast<std::size_t>(i2d_X509(certificate, nullptr)));
    auto* out = der.data();
    i2d_X509(certificate, &out);
  }
  const STACK_OF(X509)* const issuers = SSL_get_peer_cert_chain(ssl);
  client_issuers_ = issuers == nullptr ? 0 : sk_X509_num(issuers);
  const std::lock_guard lock(mutex_);
  client_certificate_ = std::move(der);
}

Bytes TlsTestServer::client_certificate() const {
  const std::lock_guard lock(mutex_);
  return client_certificate_;
}

void TlsTestServer::drop_connections() {
  const std::lock_guard lock(mutex_);
  for (const int descriptor : descriptors_) ::shutdown(descriptor, SHUT_RDWR);
}

std::vector<TestRequest> TlsTestServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void TlsTestServer::accept_loop() {
  while (running_) {
    pollfd wanted{.fd = listener_, .events = POLLIN, .revents = 0};
    if (::poll(&wanted, 1, 20) != 1) continue;
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) continue;
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ++connections_;
    const std::lock_guard lock(mutex_);
    descriptors_.insert(descriptor);
    threads_.emplace_back([this, descriptor] { serve(descriptor); });
  }
}

void TlsTestServer::serve(int descriptor) {
  block_sigpipe();
  if (options_.stalls_handshake) {
    while (running_) std::this_thread::sleep_for(5ms);
  } else if (options_.plain) {
    serve_requests(nullptr, descriptor);
  } else {
    std::this_thread::sleep_for(options_.handshake_delay);
    SSL* ssl = SSL_new(context_.get());
    SSL_set_fd(ssl, descriptor);
    if (SSL_accept(ssl) == 1) {
      ++handshakes_;
      if (SSL_session_reused(ssl) == 1) ++resumptions_;
      note_client(ssl);
      serve_requests(ssl, descriptor);
    } else {
      close_gently(descriptor);
    }
    SSL_free(ssl);
    ERR_clear_error();
  }
  const std::lock_guard lock(mutex_);
  descriptors_.erase(descriptor);
  ::close(descriptor);
}

void TlsTestServer::serve_requests(SSL* ssl, int descriptor) {
  std::string buffer;
  for (TestRequest request; read_request(ssl, descriptor, buffer, request); request = {}) {
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    if (!send_reply(ssl, descriptor, handler_(request))) return;
  }
}

bool TlsTestServer::read_request(SSL* ssl, int descriptor, std::string& buffer,
                                 TestRequest& request) {
  const auto read_more = [&] {
    char piece[16384];
    std::size_t size = 0;
    if (ssl == nullptr) {
      const ssize_t got = ::recv(descriptor, piece, sizeof piece, 0);
      if (got <= 0) return false;
      size = static_cast<std::size_t>(got);
    } else if (SSL_read_ex(ssl, piece, sizeof piece, &size) != 1) {
      return false;
    }
    application_bytes_ += size;
    buffer.append(piece, size);
    return true;
  };
  while (buffer.find("\r\n\r\n") == std::string::npos) {
    if (!read_more()) return false;
  }
  std::size_t at = buffer.find("\r\n");
  const std::string first = buffer.substr(0, at);
  request.method = first.substr(0, first.find(' '));
  request.path = first.substr(request.method.size() + 1);
  request.path.resize(request.path.find(' '));
  for (at += 2; buffer.compare(at, 2, "\r\n") != 0;) {
    const std::size_t end = buffer.find("\r\n", at);
    const std::string line = buffer.substr(at, end - at);
    const std::size_t colon = line.find(": ");
    request.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
    at = end + 2;
  }
  buffer.erase(0, at + 2);
  const auto length = request.headers.find("content-length");
  const std::size_t size = length == request.headers.end() ? 0 : std::stoul(length->second);
  while (buffer.size() < size) {
    if (!read_more()) return false;
  }
  request.body = buffer.substr(0, size);
  buffer.erase(0, size);
  return true;
}

bool TlsTestServer::send_reply(SSL* ssl, int descriptor, const TestReply& reply) {
  std::this_thread::sleep_for(reply.delay);
  using Ending = TestReply::Ending;
  if (reply.ending == Ending::stall) {
    while (running_) std::this_thread::sleep_for(5ms);
    return false;
  }
  if (reply.ending == Ending::reset) {
    make_reset_on_close(descriptor);
    return false;
  }
  const std::string text = reply.raw.empty() ? response_text(reply) : reply.raw;
  if (reply.ending == Ending::cut) {
    write_all(ssl, descriptor,
              std::string_view(text).substr(0, text.size() - reply.body.size() / 2 - 1));
    return false;
  }
  if (reply.pause_between_bytes.count() > 0) {
    std::size_t at =
        reply.slow_bytes == 0 ? 0 : text.size() - std::min(reply.slow_bytes, text.size());
    if (!write_all(ssl, descriptor, std::string_view(text).substr(0, at))) return false;
    for (; running_ && at < text.size(); ++at) {
      if (!write_all(ssl, descriptor, std::string_view(text).substr(at, 1))) return false;
      std::this_thread::sleep_for(reply.pause_between_bytes);
    }
    return false;
  }
  const bool one_segment = !reply.unasked.empty() && reply.pause_before_unasked == 0ms;
  if (one_segment) set_cork(descriptor, 1);
  if (!write_all(ssl, descriptor, text)) return false;
  std::this_thread::sleep_for(reply.pause_before_unasked);
  if (!reply.unasked.empty() && !write_all(ssl, descriptor, reply.unasked)) return false;
  if (one_segment) set_cork(descriptor, 0);
  while (running_ && !reply.endless.empty()) {
    if (!write_all(ssl, descriptor, reply.endless)) return false;
  }
  if (reply.ending == Ending::keep && reply.raw.empty()) return true;
  if (ssl != nullptr) SSL_shutdown(ssl);
  return false;
}

BlackHole::BlackHole() : listener_(listen_on(0, 0)), port_(port_of(listener_)) {
  // Once the queue of an unattended listener is full, Linux drops what comes.
  for (int i = 0; i < 4; ++i) {
    const int filler = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port_);
    (void)::connect(filler, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    fillers_.push_back(filler);
  }
  std::this_thread::sleep_for(20ms);
}

BlackHole::~BlackHole() {
  for (const int filler : fillers_) ::close(filler);
  ::close(listener_);
}

int closed_port() {
  return port_of(bound_to(0));  // it stays bound
}

}  // namespace signet::https
