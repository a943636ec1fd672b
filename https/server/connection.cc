#include "https/server/connection.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <optional>

#include "common/log.h"
#include "crypto/openssl.h"

namespace signet::https::server {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::as_tuple;
using asio::awaitable;
using asio::use_awaitable;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class Counted {
 public:
  explicit Counted(std::atomic<int>& count) : count_(count) { ++count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --count_; }

 private:
  std::atomic<int>& count_;
};

// Beside a header, which is kept whole: what is read of a body at a time. So no line of a chunked body can be longer.
constexpr std::size_t kReadAhead = 64 * 1024;

class Connection : public Wire {
 public:
  Connection(asio::ip::tcp::socket socket, Shared& shared)
      : shared_(shared),
        handler_(shared.handler),
        limits_(shared.limits),
        context_(handler_.tls()),
        stream_(std::move(socket), *context_),
        buffer_(limits_.header + kReadAhead) {
    error_code error;
    const auto peer = beast::get_lowest_layer(stream_).socket().remote_endpoint(error);
    if (!error) {
      peer_.address = peer.address().to_string();
      peer_.loopback = peer.address().is_loopback();
    }
    beast::get_lowest_layer(stream_).socket().set_option(asio::ip::tcp::no_delay(true), error);
  }

  ~Connection() override { count_encrypted(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  awaitable<void> run() {
    // Each co_await of this file stands alone, without temporaries beside it: g++ 12 destroys those of a
    // condition or an argument twice.
    const bool secured = co_await handshake();
    Next next = secured ? Next::request : Next::end;
    while (next == Next::request && !shared_.stopping) next = co_await serve_one();
  }

  awaitable<bool> write(std::string_view octets) override;
  awaitable<void> pause(milliseconds span) override;
  void reset() override;

 private:
  awaitable<bool> handshake();
  awaitable<Next> serve_one();
  awaitable<error_code> wait_for_request();
  awaitable<Next> refuse(const Parser& parser, error_code error);
  awaitable<Next> respond(const Request& request, bool keep_alive);
  awaitable<void> say_goodbye();
  awaitable<void> drop_unread_body();
  void expire_in(steady_clock::duration span) {
    beast::get_lowest_layer(stream_).expires_after(span);
  }
  void count_encrypted();
  void read_peer_certificate();

  Shared& shared_;
  Handler& handler_;
  const Limits& limits_;
  const std::shared_ptr<asio::ssl::context>
      context_;  // its callbacks are asked as long as the stream lives
  beast::ssl_stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
  Peer peer_;
  const Request* unanswered_ = nullptr;  // until the first byte of its answer
  steady_clock::time_point received_;
  std::uint64_t read_ = 0;  // encrypted, as far as it is counted
  std::uint64_t written_ = 0;
};

void Connection::count_encrypted() {
  BIO* wire = SSL_get_rbio(stream_.native_handle());
  const std::uint64_t read = BIO_number_read(wire);
  const std::uint64_t written = BIO_number_written(wire);
  handler_.encrypted(read - read_, written - written_);
  read_ = read;
  written_ = written;
}

void Connection::read_peer_certificate() {
  const X509Ptr certificate(SSL_get1_peer_certificate(stream_.native_handle()));
  if (certificate) peer_.certificate = crypto::der_of(certificate.get(), i2d_X509);
}

awaitable<bool> Connection::handshake() {
  expire_in(limits_.handshake);
  const auto [error] =
      co_await stream_.async_handshake(asio::ssl::stream_base::server, as_tuple(use_awaitable));
  count_encrypted();
  if (error) {
    handler_.handshake_failed();
    log::debug("TLS handshake failed: {}", error.message());
    co_return false;
  }
  read_peer_certificate();
  handler_.handshake_done(*stream_.native_handle());
  co_return true;
}

// Its first bytes, so that a connection may be idle for longer than a header may take.
awaitable<error_code> Connection::wait_for_request() {
  if (buffer_.size() > 0) co_return error_code();
  expire_in(limits_.idle);
  constexpr std::size_t first_read = 4096;
  const auto space = buffer_.prepare(first_read);
  const auto [error, size] = co_await stream_.async_read_some(space, as_tuple(use_awaitable));
  buffer_.commit(size);
  co_return error;
}

awaitable<Next> Connection::serve_one() {
  Parser parser;
  set_limits(parser, limits_);
  parser.body_limit(boost::none);  // until the target is known
  const error_code ended = co_await wait_for_request();
  if (ended) {
    if (ended == asio::error::eof) co_await say_goodbye();
    co_return Next::end;
  }
  expire_in(limits_.header_time);
  const auto [header_error, header_size] =
      co_await http::async_read_header(stream_, buffer_, parser, as_tuple(use_awaitable));
  if (header_error) co_return co_await refuse(parser, header_error);
  if (!is_framed(parser)) co_return co_await refuse(parser, http::error::bad_transfer_encoding);
  const auto target = parser.get().target();
  const std::uint64_t most =
      handler_.body_limit({target.data(), target.size()}, peer_).value_or(limits_.body);
  if (parser.content_length().value_or(0) > most) {
    co_return co_await refuse(parser, http::error::body_limit);
  }
  parser.body_limit(most);
  expire_in(limits_.body_time);
  if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(stream_, asio::buffer(kContinue), use_awaitable);
  }
  const auto [body_error, body_size] =
      co_await http::async_read(stream_, buffer_, parser, as_tuple(use_awaitable));
  received_ = steady_clock::now();
  handler_.received({target.data(), target.size()}, header_size + body_size);
  count_encrypted();
  if (body_error) co_return co_await refuse(parser, body_error);

  const bool keep_alive = parser.keep_alive();
  const Request request = request_of(parser, peer_);
  unanswered_ = &request;
  const Next next = co_await respond(request, keep_alive);
  unanswered_ = nullptr;
  co_return next;
}

awaitable<Next> Connection::refuse(const Parser& parser, error_code error) {
  const std::optional<Refusal> refusal = refusal_of(error);
  if (!refusal) {
    if (error == http::error::end_of_stream) co_await say_goodbye();
    co_return Next::end;
  }
  log::debug("a request is refused unread: {}", error.message());
  const Response response = handler_.refuse(*refusal, error.message());
  const auto method = parser.get().method_string();
  const Octets octets = octets_of({method.data(), method.size()}, response, false);
  (void)co_await write(octets.text);
  co_await drop_unread_body();
  co_await say_goodbye();
  co_return Next::end;
}

// A client that still sends would be met by a TCP reset, and never read the refusal.
awaitable<void> Connection::drop_unread_body() {
  expire_in(limits_.goodbye);
  std::string sink(64 * 1024, '\0');
  for (std::size_t dropped = 0; dropped < limits_.unread_body;) {
    const auto [error, size] =
        co_await stream_.async_read_some(asio::buffer(sink), as_tuple(use_awaitable));
    if (error) co_return;
    dropped += size;
  }
}

awaitable<Next> Connection::respond(const Request& request, bool keep_alive) {
  const Counted at_work(shared_.at_work);
  Response response;
  if (shared_.at_work > limits_.requests) {
    response = handler_.refuse(Refusal::busy, "Too many requests at once.");
  } else {
    response = co_await handler_.handle(request, *this);
  }
  const Octets octets = octets_of(request.method, response, keep_alive);
  Next next = Next::end;
  if (response.send) {
    next = co_await response.send(*this, octets);
  } else {
    const bool written = co_await write(octets.text);
    if (written) next = Next::request;
  }
  if (next == Next::end || keep_alive) co_return next;
  co_await say_goodbye();
  co_return Next::end;
}

awaitable<bool> Connection::write(std::string_view octets) {
  expire_in(limits_.write);
  if (unanswered_ != nullptr) {
    handler_.answering(*std::exchange(unanswered_, nullptr), steady_clock::now() - received_);
  }
  const auto [error, written] =
      co_await asio::async_write(stream_, asio::buffer(octets), as_tuple(use_awaitable));
  handler_.sent(written);
  count_encrypted();
  co_return !error;
}

awaitable<void> Connection::pause(milliseconds span) {
  constexpr milliseconds step(100);
  asio::steady_timer timer(stream_.get_executor());
  const auto end = steady_clock::now() + span;
  while (!shared_.stopping && steady_clock::now() < end) {
    timer.expires_at(std::min(end, steady_clock::now() + step));
    co_await timer.async_wait(as_tuple(use_awaitable));
  }
}

void Connection::reset() {
  auto& socket = beast::get_lowest_layer(stream_).socket();
  error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

awaitable<void> Connection::say_goodbye() {
  expire_in(limits_.goodbye);
  co_await stream_.async_shutdown(as_tuple(use_awaitable));
}

}  // namespace

awaitable<void> serve_connection(asio::ip::tcp::socket socket, Shared& shared) {
  const Counted counted(shared.connections);
  if (shared.connections > shared.limits.connections) co_return;
  shared.handler.connection_opened();
  try {
    Connection connection(std::move(socket), shared);
    co_await connection.run();
  } catch (const std::exception& error) {
    log::debug("a connection ended: {}", error.what());
  }
  shared.handler.connection_closed();
}

}  // namespace signet::https::server
