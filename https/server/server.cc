#include "https/server/server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <thread>
#include <vector>

#include "common/log.h"
#include "https/server/connection.h"

namespace signet::https::server {

namespace {

namespace asio = boost::asio;
using asio::as_tuple;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

constexpr int kBacklog = 1024;

}  // namespace

class Server::Impl {
 public:
  Impl(Handler& handler, const Options& options)
      : shared_{.handler = handler, .limits = options.limits},
        threads_(options.threads),
        context_(static_cast<int>(options.threads)) {}

  error_code listen(const Options& options) {
    error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) return error;
    const tcp::endpoint endpoint(address, options.port);
    if (acceptor_.open(endpoint.protocol(), error)) return error;
    if (acceptor_.set_option(tcp::acceptor::reuse_address(true), error)) return error;
    if (acceptor_.bind(endpoint, error)) return error;
    return acceptor_.listen(kBacklog, error);
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  asio::any_io_executor executor() { return context_.get_executor(); }

  void stop_on(std::initializer_list<int> signals) {
    for (const int signal : signals) signals_.add(signal);
    signals_.async_wait([this](const error_code& error, int) {
      if (!error) close();
    });
  }

  void run() {
    asio::co_spawn(door_, accept(), asio::detached);
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < threads_; ++i) threads.emplace_back([this] { context_.run(); });
    for (std::thread& thread : threads) thread.join();
  }

  void stop() {
    asio::post(door_, [this] { close(); });
  }

 private:
  asio::awaitable<void> accept() {
    asio::steady_timer pause(door_);
    while (acceptor_.is_open()) {
      auto strand = asio::make_strand(context_);
      auto [error, socket] = co_await acceptor_.async_accept(strand, as_tuple(use_awaitable));
      if (!error) {
        asio::co_spawn(strand, serve_connection(std::move(socket), shared_), asio::detached);
        continue;
      }
      if (error == asio::error::operation_aborted) co_return;
      log::warn("cannot accept a connection: {}", error.message());
      pause.expires_after(100ms);  // out of descriptors, mostly; others will end
      co_await pause.async_wait(as_tuple(use_awaitable));
    }
  }

  void close() {
    shared_.stopping = true;
    acceptor_.close();
    asio::co_spawn(context_, finish(), asio::detached);
  }

  asio::awaitable<void> finish() {
    asio::steady_timer timer(context_);
    const auto end = std::chrono::steady_clock::now() + shared_.limits.stop;
    while (shared_.at_work > 0 && std::chrono::steady_clock::now() < end) {
      timer.expires_after(10ms);
      co_await timer.async_wait(use_awaitable);
    }
    context_.stop();
  }

  Shared shared_;
  const unsigned threads_;
  asio::io_context context_;
  // Accepting and closing, one after the other: an acceptor is no thing for two threads.
  asio::strand<asio::io_context::executor_type> door_{context_.get_executor()};
  tcp::acceptor acceptor_{door_};
  asio::signal_set signals_{door_};
};

Result<std::unique_ptr<Server>, std::string> Server::listen(Handler& handler,
                                                            const Options& options) {
  auto impl = std::make_unique<Impl>(handler, options);
  if (const error_code error = impl->listen(options)) {
    const bool v6 = options.address.find(':') != std::string::npos;
    return "cannot listen on " + (v6 ? "[" + options.address + "]" : options.address) + ":" +
           std::to_string(options.port) + ": " + error.message();
  }
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() = default;

std::uint16_t Server::port() const {
  return impl_->port();
}

asio::any_io_executor Server::executor() {
  return impl_->executor();
}

void Server::stop_on(std::initializer_list<int> signals) {
  impl_->stop_on(signals);
}

void Server::run() {
  impl_->run();
}

void Server::stop() {
  impl_->stop();
}

}  // namespace signet::https::server
