#include "bench/raw_connection.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>

#include "bench/https_client.h"
#include "common/bytes.h"
#include "crypto/base64.h"

namespace signet::bench {

namespace {

constexpr std::string_view kHost = "https://127.0.0.1:";
constexpr std::size_t kPiece = 4096;

void require_raw(bool good, const std::string& what) {
  if (!good) throw std::runtime_error("the raw request: " + what);
}

}  // namespace

RawConnection::RawConnection(const std::string& url, const std::string& user,
                             const std::string& pin)
    : headers_(fmt::format("Host: 127.0.0.1\r\nAuthorization: Basic {}\r\n"
                           "Content-Type: application/json\r\n",
                           crypto::to_base64(view_of(user + ":" + pin)))),
      context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free),
      tls_(nullptr, &SSL_free) {
  require_raw(url.starts_with(kHost), "only to 127.0.0.1");
  const char* const end = url.data() + url.size();
  const auto [rest, error] = std::from_chars(url.data() + kHost.size(), end, port_);
  require_raw(error == std::errc() && context_ != nullptr, "no port in " + url);
  base_ = std::string(rest, end);
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_read_ahead(context_.get(), 1);
}

RawConnection::~RawConnection() {
  if (socket_ >= 0) close(socket_);
}

void RawConnection::connect() {
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port_);
  const int on = 1;
  require_raw(socket_ >= 0 &&
                  ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0,
              "cannot connect");
  tls_.reset(SSL_new(context_.get()));
  require_raw(
      tls_ != nullptr && SSL_set_fd(tls_.get(), socket_) == 1 && SSL_connect(tls_.get()) == 1,
      "no TLS");
}

void RawConnection::read_some() {
  const std::size_t before = answer_.size();
  answer_.resize(before + kPiece);
  std::size_t got = 0;
  require_raw(SSL_read_ex(tls_.get(), answer_.data() + before, kPiece, &got) == 1, "cut off");
  answer_.resize(before + got);
}

std::string_view RawConnection::post(const std::string& path, std::string_view body) {
  if (!tls_) connect();
  request_.clear();
  fmt::format_to(std::back_inserter(request_),
                 "POST {}{} HTTP/1.1\r\n{}Idempotency-Key: {}\r\nContent-Length: {}\r\n\r\n{}",
                 base_, path, headers_, new_uuid(), body.size(), body);
  std::size_t written = 0;
  require_raw(SSL_write_ex(tls_.get(), request_.data(), request_.size(), &written) == 1,
              "cannot write");
  answer_.clear();
  std::size_t end = 0;
  for (read_some(); (end = answer_.find("\r\n\r\n")) == std::string::npos;) read_some();
  end += 4;
  require_raw(answer_.starts_with("HTTP/1.1 200"), answer_);
  std::size_t length = 0;
  const auto stated = answer_.find("Content-Length: ");
  require_raw(stated < end, "no length");
  constexpr std::size_t name = std::string_view("Content-Length: ").size();
  std::from_chars(answer_.data() + stated + name, answer_.data() + end, length);
  while (answer_.size() < end + length) read_some();
  return std::string_view(answer_).substr(end, length);
}

}  // namespace signet::bench
