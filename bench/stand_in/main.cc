// An appliance that answers as fast as this machine can, to measure clients beside: signet-bench-stand-in --config FILE ...
//
// TLS 1.3 on a loopback port, HTTP/1.1 with connections that stay open, a thread for each connection, one read and one write a
// request. Ends with its standard input.
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <fstream>
#include <iostream>
#include <limits>
#include <thread>

#include "bench/first_line.h"
#include "bench/stand_in/service.h"
#include "tests/support/x509.h"

namespace signet::bench {

namespace {

void require_server(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("the stand-in: ") + what);
}

struct ServerOptions {
  std::vector<std::string> keys{"P-256", "RSA-2048", "RSA-3072"};
  std::string user = "seal";
  std::string pin_file;
  std::string config;
};

// The value of a header, whose name is given in lower case with its colon; empty: not there.
std::string_view header(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos;
       at = head.find("\r\n", at)) {
    at += 2;
    const std::string_view line = head.substr(at, head.find("\r\n", at) - at);
    if (line.size() < name.size()) continue;
    const bool same = std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
      return a == (b >= 'A' && b <= 'Z' ? b + 32 : b);
    });
    if (!same) continue;
    const std::string_view value = line.substr(name.size());
    return value.substr(std::min(value.find_first_not_of(' '), value.size()));
  }
  return {};
}

// One client, until it goes.
class Connection {
 public:
  Connection(StandInService& service, SSL_CTX* context, int socket)
      : service_(service), tls_(SSL_new(context), &SSL_free), socket_(socket) {
    for (std::size_t i = 0; i < service.keys(); ++i) signers_.emplace_back(service.key(i));
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(socket_); }

  void serve() {
    if (SSL_set_fd(tls_.get(), socket_) != 1 || SSL_accept(tls_.get()) != 1) return;
    service_.count_handshake();
    while (take_request()) {
    }
  }

 private:
  bool read_more() {
    const std::size_t before = buffer_.size();
    buffer_.resize(before + 4096);
    std::size_t got = 0;
    const bool good = SSL_read_ex(tls_.get(), buffer_.data() + before, 4096, &got) == 1;
    buffer_.resize(before + got);
    return good;
  }

  bool take_request() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
      if (!read_more()) return false;
    end += 4;
    std::size_t length = 0;
    const std::string_view stated =
        header(std::string_view(buffer_).substr(0, end), "content-length:");
    std::from_chars(stated.data(), stated.data() + stated.size(), length);
    while (buffer_.size() < end + length)
      if (!read_more()) return false;
    const std::string_view head = std::string_view(buffer_).substr(0, end);
    const auto space = head.find(' ');
    const auto second = head.find(' ', space + 1);
    if (second == std::string_view::npos) return false;
    int status = 0;
    const std::string body = service_.answer(
        {head.substr(0, space), head.substr(space + 1, second - space - 1),
         header(head, "authorization:"), std::string_view(buffer_).substr(end, length)},
        signers_, status);
    buffer_.erase(0, end + length);
    const std::string answer = fmt::format(
        "HTTP/1.1 {} -\r\nContent-Type: application/json\r\nX-Request-Id: {:016x}\r\nETag: "
        "\"1\"\r\n"
        "Content-Length: {}\r\n\r\n{}",
        status, ++number_, body.size(), body);
    std::size_t written = 0;
    return SSL_write_ex(tls_.get(), answer.data(), answer.size(), &written) == 1;
  }

  StandInService& service_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
  int socket_;
  std::vector<StandInSigner> signers_;
  std::string buffer_;
  std::uint64_t number_ = 0;
};

std::shared_ptr<SSL_CTX> tls_context(const StandInKey& key) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  const Bytes certificate = tests::certificate_for(key.public_key(), "stand-in");
  require_server(
      context != nullptr && SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) == 1 &&
          SSL_CTX_use_certificate_ASN1(context.get(), static_cast<int>(certificate.size()),
                                       certificate.data()) == 1 &&
          SSL_CTX_use_PrivateKey(context.get(), const_cast<EVP_PKEY*>(key.get())) == 1,
      "no TLS");
  SSL_CTX_set_read_ahead(context.get(), 1);
  return context;
}

int listening_socket(std::uint16_t& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  require_server(socket >= 0 &&
                     bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                     listen(socket, 1024) == 0 &&
                     getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0,
                 "no port");
  port = ntohs(address.sin_port);
  return socket;
}

// A client configuration with one token, named after the account.
void write_config(const ServerOptions& options, const StandInKey& key, std::uint16_t port) {
  std::ofstream out(options.config);
  out << fmt::format(
      "[[token]]\nlabel = \"{0}\"\nuser = \"{0}\"\n\n  [[token.member]]\n  url = "
      "\"https://127.0.0.1:{1}/dsa/v1\"\n"
      "  pins = [\"{2}\"]\n",
      options.user, port, tests::pin_of(key.get()));
  require_server(static_cast<bool>(out.flush()), "cannot write the configuration");
}

int serve(const ServerOptions& options) {
  // Everything stays until the process ends: threads may still serve then.
  auto& service = *new StandInService(options.keys, options.user, first_line(options.pin_file));
  const StandInKey identity("P-256");
  const auto context = tls_context(identity);
  std::uint16_t port = 0;
  const int listener = listening_socket(port);
  write_config(options, identity, port);
  std::cout << port << std::endl;
  std::thread([&service, context, listener] {
    for (;;) {
      const int socket = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) continue;
      const int on = 1;
      setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      std::thread([&service, context, socket] {
        try {
          Connection(service, context.get(), socket).serve();
        } catch (const std::exception& error) {
          std::cerr << error.what() << '\n';
        }
      }).detach();
    }
  }).detach();
  std::cin.ignore(std::numeric_limits<std::streamsize>::max(), EOF);
  std::cout.flush();
  _exit(0);
}

int run_stand_in(int argc, char** argv) {
  CLI::App app(
      "An appliance for measuring clients: prints its port, ends with the standard input.");
  ServerOptions options;
  app.add_option("--key", options.keys, "Type of a key: P-256, P-384, RSA-2048 ...");
  app.add_option("--user", options.user, "Account");
  app.add_option("--pin-file", options.pin_file, "File with the account's PIN")->required();
  app.add_option("--config", options.config, "The client's configuration, written")->required();
  CLI11_PARSE(app, argc, argv);
  return serve(options);
}

}  // namespace

}  // namespace signet::bench

int main(int argc, char** argv) {
  try {
    return signet::bench::run_stand_in(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
