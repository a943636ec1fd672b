#include "softhsm-backend/server.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>
#include <vector>

#include "common/log.h"
#include "softhsm-backend/connection.h"
#include "softhsm-backend/tls_identity.h"

namespace signet::emulator {

namespace {

namespace asio = boost::asio;
using asio::as_tuple;
using asio::use_awaitable;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr unsigned kIoThreads = 2;  // TLS and parsing
constexpr unsigned kMakers = 2;     // keys made at once
constexpr int kBacklog = 1024;
constexpr auto kLastAnswers = 3s;  // for requests at work when the server is told to stop

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

asio::ssl::context tls_context(const ServerOptions& options, const char* identity) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  SSL_CTX* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_alpn_select_cb(native, choose_http, nullptr);
  const std::string session_id = options.role + identity;
  SSL_CTX_set_session_id_context(native, reinterpret_cast<const unsigned char*>(session_id.data()),
                                 static_cast<unsigned>(session_id.size()));
  const IdentityFiles files = identity_files(options.dir, options.role, identity);
  context.use_certificate_chain_file(files.certificate.string());
  context.use_private_key_file(files.key.string(), asio::ssl::context::pem);
  return context;
}

}  // namespace

class Server::Impl {
 public:
  Impl(Service& service, const ServerOptions& options)
      : hall_{.service = service,
              .faults = {},
              .counters = {},
              .live = tls_context(options, "live"),
              .backup = tls_context(options, "backup"),
              .foreign = tls_context(options, "foreign"),
              .workers = asio::thread_pool(std::max(1U, options.workers)),
              .makers = asio::thread_pool(kMakers)},
        acceptor_(door_),
        signals_(door_, SIGTERM, SIGINT) {
    listen(options.listen);
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void run(const std::function<void()>& each_minute) {
    asio::co_spawn(door_, accept(), asio::detached);
    asio::co_spawn(context_, tick(each_minute), asio::detached);
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (!error) close();
    });
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < kIoThreads; ++i) threads.emplace_back([this] { context_.run(); });
    for (std::thread& thread : threads) thread.join();
    hall_.makers.join();
    hall_.workers.join();
  }

 private:
  void listen(const Endpoint& endpoint) {
    const tcp::endpoint address(asio::ip::make_address(endpoint.host), endpoint.port);
    try {
      acceptor_.open(address.protocol());
      acceptor_.set_option(tcp::acceptor::reuse_address(true));
      acceptor_.bind(address);
      acceptor_.listen(kBacklog);
    } catch (const boost::system::system_error& error) {
      throw std::runtime_error("cannot listen on " + endpoint.text() + ": " +
                               error.code().message());
    }
  }

  asio::awaitable<void> accept() {
    asio::steady_timer pause(door_);
    while (acceptor_.is_open()) {
      auto strand = asio::make_strand(context_);
      auto [error, socket] = co_await acceptor_.async_accept(strand, as_tuple(use_awaitable));
      if (!error) {
        asio::co_spawn(strand, serve_connection(std::move(socket), hall_), asio::detached);
        continue;
      }
      if (error == asio::error::operation_aborted) co_return;
      log::warn("cannot accept a connection: {}", error.message());
      pause.expires_after(100ms);  // out of descriptors, mostly; others will end
      co_await pause.async_wait(as_tuple(use_awaitable));
    }
  }

  asio::awaitable<void> tick(std::function<void()> each_minute) {
    asio::steady_timer timer(context_);
    while (true) {
      timer.expires_after(60s);
      co_await timer.async_wait(use_awaitable);
      asio::post(hall_.workers, each_minute);
    }
  }

  void close() {
    hall_.closing = true;
    acceptor_.close();
    asio::co_spawn(context_, finish(), asio::detached);
  }

  asio::awaitable<void> finish() {
    asio::steady_timer timer(context_);
    const auto end = std::chrono::steady_clock::now() + kLastAnswers;
    while (hall_.at_work > 0 && std::chrono::steady_clock::now() < end) {
      timer.expires_after(10ms);
      co_await timer.async_wait(use_awaitable);
    }
    context_.stop();
  }

  Hall hall_;
  asio::io_context context_{static_cast<int>(kIoThreads)};
  // Accepting and closing, one after the other: an acceptor is no thing for two threads.
  asio::strand<asio::io_context::executor_type> door_{context_.get_executor()};
  tcp::acceptor acceptor_;
  asio::signal_set signals_;
};

Server::Server(Service& service, const ServerOptions& options)
    : impl_(std::make_unique<Impl>(service, options)) {}

Server::~Server() = default;

std::uint16_t Server::port() const {
  return impl_->port();
}

void Server::run(const std::function<void()>& each_minute) {
  impl_->run(each_minute);
}

}  // namespace signet::emulator
