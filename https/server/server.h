// An HTTPS server for handlers that answer whole requests: HTTP/1.1 with kept connections, TLS 1.2 and 1.3, limits, time
// limits, and an end that lets running requests finish.
#ifndef SIGNET_HTTPS_SERVER_SERVER_H_
#define SIGNET_HTTPS_SERVER_SERVER_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "common/result.h"
#include "https/server/message.h"

namespace signet::https::server {

// A connection, as the sender of one response sees it.
class Wire {
 public:
  virtual ~Wire() = default;

  // False where the connection has failed.
  virtual boost::asio::awaitable<bool> write(std::string_view octets) = 0;

  // Shorter where the server stops.
  virtual boost::asio::awaitable<void> pause(std::chrono::milliseconds span) = 0;

  // Ends the connection by a TCP reset.
  virtual void reset() = 0;
};

// What the server serves. Its functions run on the server's few threads, for several connections at once, so they must
// not block; see run_on(). Outlives the server.
class Handler {
 public:
  virtual ~Handler() = default;

  // The answer to `request`. An exception ends the connection. `wire` is for pauses only here.
  virtual boost::asio::awaitable<Response> handle(const Request& request, Wire& wire) = 0;

  // Bytes that the body of a request for `target` by `peer` may have; nothing: Limits::body.
  virtual std::optional<std::uint64_t> body_limit(std::string_view /*target*/,
                                                  const Peer& /*peer*/) const {
    return std::nullopt;
  }

  // The answer to what cannot be read as a request or is too much; the connection ends after it. `detail`: a sentence.
  virtual Response refuse(Refusal why, const std::string& detail) = 0;

  // The identity for the next handshake; see make_tls_context(). May change from one to the next.
  virtual std::shared_ptr<boost::asio::ssl::context> tls() = 0;

  // For whoever counts.
  virtual void connection_opened() {}
  virtual void connection_closed() {}
  virtual void handshake_done(const SSL& /*tls*/) {}
  virtual void handshake_failed() {}
  virtual void encrypted(std::uint64_t /*read*/, std::uint64_t /*written*/) {
  }  // bytes, since the last call
  virtual void received(std::string_view /*target*/, std::size_t /*bytes*/) {}  // header and body
  virtual void sent(std::size_t /*bytes*/) {}                                   // header and body
  // Before the first byte of the answer: the time since the last byte of its request.
  virtual void answering(const Request& /*request*/, std::chrono::nanoseconds /*span*/) {}
};

// For handlers that block: the value of `work()`, run in a thread of `pool`. The owner of the pool joins it after run()
// and before the server goes.
template <typename Work>
boost::asio::awaitable<std::invoke_result_t<Work&>> run_on(boost::asio::thread_pool& pool,
                                                           Work work) {
  auto task = [&work]() -> boost::asio::awaitable<std::invoke_result_t<Work&>> {
    co_return work();
  };
  auto value = co_await boost::asio::co_spawn(pool, task, boost::asio::use_awaitable);
  co_return value;
}

struct Options {
  std::string address;     // IPv4 or IPv6, in numbers
  std::uint16_t port = 0;  // 0: any free one
  unsigned threads = 2;    // for TLS and HTTP
  Limits limits = {};
};

class Server {
 public:
  // Listens; connections wait until run(). The error is a sentence.
  static Result<std::unique_ptr<Server>, std::string> listen(Handler& handler,
                                                             const Options& options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  std::uint16_t port() const;

  // For timers and other work beside the connections.
  boost::asio::any_io_executor executor();

  // Before run(): each of these signals is as a call of stop().
  void stop_on(std::initializer_list<int> signals);

  // Serves until it is stopped.
  void run();

  // From any thread. No further connection or request is taken; requests at work are answered first, as far as
  // Limits::stop allows.
  void stop();

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::https::server

#endif  // SIGNET_HTTPS_SERVER_SERVER_H_
