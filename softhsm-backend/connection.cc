#include "softhsm-backend/connection.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>

#include "common/log.h"
#include "softhsm-backend/control.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/faults.h"
#include "softhsm-backend/http_message.h"

namespace signet::emulator {

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
using namespace std::chrono_literals;

constexpr auto kHandshakeTime = 10s;
constexpr auto kIdleTime = 75s;  // until a request's header is whole
constexpr auto kBodyTime = 30s;
constexpr auto kWriteTime = 60s;
constexpr auto kGoodbyeTime = 2s;
constexpr std::size_t kMaxUnreadBody =
    16 * 1024 * 1024;  // read and dropped so that a 413 can arrive
constexpr int kMaxAtWork = 4096;

enum class Next { request, end };

class AtWork {
 public:
  explicit AtWork(std::atomic<int>& count) : count_(count) { ++count_; }
  AtWork(const AtWork&) = delete;
  AtWork& operator=(const AtWork&) = delete;
  ~AtWork() { --count_; }

 private:
  std::atomic<int>& count_;
};

class Connection {
 public:
  Connection(asio::ip::tcp::socket socket, Hall& hall, asio::ssl::context& context)
      : hall_(hall), stream_(std::move(socket), context) {
    error_code error;
    const auto peer = beast::get_lowest_layer(stream_).socket().remote_endpoint(error);
    loopback_ = !error && peer.address().is_loopback();
    beast::get_lowest_layer(stream_).socket().set_option(asio::ip::tcp::no_delay(true), error);
  }

  ~Connection() { count_raw_bytes(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  awaitable<void> run() {
    // Each co_await of this file stands alone, without temporaries beside it: g++ 12 destroys those of a
    // condition or an argument twice.
    const bool secured = co_await handshake();
    Next next = secured ? Next::request : Next::end;
    while (next == Next::request && !hall_.closing) next = co_await serve_one();
  }

 private:
  awaitable<bool> handshake();
  awaitable<Next> serve_one();
  awaitable<Next> refuse(const Parser& parser, error_code error);
  awaitable<Next> respond(Request& request, bool keep_alive);
  awaitable<Next> respond_with(const Request& request, const Fault& fault, bool keep_alive);
  awaitable<Answer> process(const Request& request);
  awaitable<Next> send(const Wire& wire, bool keep_alive);
  awaitable<Next> drip(const Wire& wire, milliseconds pause);
  awaitable<void> send_part(const Wire& wire, std::size_t size);
  awaitable<void> say_goodbye();
  awaitable<void> drop_unread_body();
  awaitable<void> sleep(milliseconds span);
  void reset();
  void expire_in(steady_clock::duration span) {
    beast::get_lowest_layer(stream_).expires_after(span);
  }
  void count_raw_bytes();
  void count_service();

  Hall& hall_;
  beast::ssl_stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
  bool loopback_ = false;
  std::optional<steady_clock::time_point> unanswered_since_;  // a request that counts was read
  std::uint64_t raw_read_ = 0;
  std::uint64_t raw_written_ = 0;
};

void Connection::count_raw_bytes() {
  BIO* wire = SSL_get_rbio(stream_.native_handle());
  const std::uint64_t read = BIO_number_read(wire);
  const std::uint64_t written = BIO_number_written(wire);
  hall_.counters.raw_bytes_read += read - raw_read_;
  hall_.counters.raw_bytes_written += written - raw_written_;
  raw_read_ = read;
  raw_written_ = written;
}

// Before an answer's first byte is written.
void Connection::count_service() {
  if (!unanswered_since_) return;
  const auto span = std::chrono::nanoseconds(steady_clock::now() - *unanswered_since_);
  unanswered_since_.reset();
  hall_.counters.service_nanoseconds += static_cast<std::uint64_t>(span.count());
  ++hall_.counters.answers;
}

awaitable<bool> Connection::handshake() {
  expire_in(kHandshakeTime);
  const auto [error] =
      co_await stream_.async_handshake(asio::ssl::stream_base::server, as_tuple(use_awaitable));
  count_raw_bytes();
  if (error) {
    ++hall_.counters.handshakes_failed;
    log::debug("TLS handshake failed: {}", error.message());
    co_return false;
  }
  const bool resumed = SSL_session_reused(stream_.native_handle()) == 1;
  ++(resumed ? hall_.counters.handshakes_resumed : hall_.counters.handshakes_full);
  const SSL* tls = stream_.native_handle();
  hall_.counters.count_handshake(std::string(SSL_get_version(tls)) + " " +
                                 SSL_get_cipher_name(tls));
  co_return true;
}

awaitable<Next> Connection::serve_one() {
  Parser parser;
  set_limits(parser);
  expire_in(kIdleTime);
  const auto [header_error, header_size] =
      co_await http::async_read_header(stream_, buffer_, parser, as_tuple(use_awaitable));
  if (header_error) co_return co_await refuse(parser, header_error);
  expire_in(kBodyTime);
  if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(stream_, asio::buffer(kContinue), use_awaitable);
  }
  const auto [body_error, body_size] =
      co_await http::async_read(stream_, buffer_, parser, as_tuple(use_awaitable));
  const bool counted = !is_control(parser.get().target());
  unanswered_since_.reset();
  if (counted && !body_error) unanswered_since_ = steady_clock::now();
  if (counted) hall_.counters.request_bytes += header_size + body_size;
  count_raw_bytes();
  if (body_error) co_return co_await refuse(parser, body_error);

  const bool keep_alive = parser.keep_alive();
  Request request = request_of(parser, new_uuid());
  const Next next = co_await respond(request, keep_alive);
  co_return next;
}

awaitable<Next> Connection::refuse(const Parser& parser, error_code error) {
  const std::optional<Problem> problem = refusal_of(error);
  if (!problem) {
    if (error == http::error::end_of_stream) co_await say_goodbye();
    co_return Next::end;
  }
  Request request;
  request.id = new_uuid();
  request.method = std::string(parser.get().method_string());
  log::debug("{} refused unread: {} ({})", request.id, problem->status, error.message());
  const Wire wire = wire_of(request, to_answer(*problem), false);
  co_await send_part(wire, std::string::npos);
  co_await drop_unread_body();
  co_await say_goodbye();
  co_return Next::end;
}

// A client that still sends would be met by a TCP reset, and never read the refusal.
awaitable<void> Connection::drop_unread_body() {
  expire_in(kGoodbyeTime);
  std::string sink(64 * 1024, '\0');
  for (std::size_t dropped = 0; dropped < kMaxUnreadBody;) {
    const auto [error, size] =
        co_await stream_.async_read_some(asio::buffer(sink), as_tuple(use_awaitable));
    if (error) co_return;
    dropped += size;
  }
}

awaitable<Answer> Connection::process(const Request& request) {
  if (is_control(request.target)) {
    co_return loopback_ ? handle_control(request, hall_.faults, hall_.counters)
                        : to_answer(problems::no_such_path());
  }
  if (hall_.at_work > kMaxAtWork) co_return to_answer(problems::busy("Too many requests at once."));
  auto& pool = Service::is_slow(request.method, request.target) ? hall_.makers : hall_.workers;
  auto work = [this, &request]() -> awaitable<Answer> { co_return hall_.service.handle(request); };
  Answer answer = co_await asio::co_spawn(pool, work, use_awaitable);
  co_return answer;
}

awaitable<Next> Connection::respond(Request& request, bool keep_alive) {
  const auto begin = steady_clock::now();
  const AtWork at_work(hall_.at_work);
  std::optional<Fault> fault;
  if (!is_control(request.target)) {
    hall_.counters.count_request(Service::route_name(request.method, request.target));
    fault = hall_.faults.next(request.method, request.target);
  }
  if (fault) {
    ++hall_.counters.faults_met;
    request.signature_fault = fault->signature_fault;
    log::debug("{} {} {} meets a fault", request.id, request.method, request.target);
    co_return co_await respond_with(request, *fault, keep_alive);
  }
  const Answer answer = co_await process(request);
  const Wire wire = wire_of(request, answer, keep_alive);
  const Next next = co_await send(wire, keep_alive);
  const auto span = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
  log::debug("{} {} {} {} {} ms", request.id, request.method, request.target, answer.status,
             span.count());
  co_return next;
}

awaitable<Next> Connection::respond_with(const Request& request, const Fault& fault,
                                         bool keep_alive) {
  using Kind = Fault::Kind;
  const milliseconds pause(fault.ms);
  if (fault.kind == Kind::delay && !fault.after_processing) co_await sleep(pause);
  Answer answer{.status = 200, .body = "{}", .headers = {}};
  if (fault.after_processing || fault.kind == Kind::delay) answer = co_await process(request);
  const Wire wire = wire_of(request, answer_under(fault, answer), keep_alive);
  switch (fault.kind) {
    case Kind::delay:
      if (fault.after_processing) co_await sleep(pause);
      co_return co_await send(wire, keep_alive);
    case Kind::stall:
      co_await sleep(pause);
      co_return Next::end;
    case Kind::reset:
      reset();
      co_return Next::end;
    case Kind::cut:
      co_await send_part(wire, wire.header_size + fault.after_bytes);
      co_return Next::end;
    case Kind::drip:
      co_return co_await drip(wire, pause);
    case Kind::close:
      co_await send_part(wire, std::string::npos);
      co_return Next::end;
    default:
      co_return co_await send(wire, keep_alive);
  }
}

awaitable<void> Connection::send_part(const Wire& wire, std::size_t size) {
  expire_in(kWriteTime);
  count_service();
  const std::size_t count = std::min(size, wire.bytes.size());
  const auto [error, written] = co_await asio::async_write(
      stream_, asio::buffer(wire.bytes.data(), count), as_tuple(use_awaitable));
  if (!error) hall_.counters.response_bytes += written;
}

awaitable<Next> Connection::send(const Wire& wire, bool keep_alive) {
  expire_in(kWriteTime);
  count_service();
  const auto [error, written] =
      co_await asio::async_write(stream_, asio::buffer(wire.bytes), as_tuple(use_awaitable));
  hall_.counters.response_bytes += written;
  count_raw_bytes();
  if (error) co_return Next::end;
  if (keep_alive) co_return Next::request;
  co_await say_goodbye();
  co_return Next::end;
}

awaitable<Next> Connection::drip(const Wire& wire, milliseconds pause) {
  count_service();
  for (std::size_t i = 0; i < wire.bytes.size() && !hall_.closing; ++i) {
    expire_in(kWriteTime);
    const auto [error, written] = co_await asio::async_write(
        stream_, asio::buffer(wire.bytes.data() + i, 1), as_tuple(use_awaitable));
    if (error) co_return Next::end;
    hall_.counters.response_bytes += written;
    co_await sleep(pause);
  }
  co_return Next::request;
}

awaitable<void> Connection::say_goodbye() {
  expire_in(kGoodbyeTime);
  co_await stream_.async_shutdown(as_tuple(use_awaitable));
}

awaitable<void> Connection::sleep(milliseconds span) {
  constexpr milliseconds step(100);
  asio::steady_timer timer(stream_.get_executor());
  const auto end = steady_clock::now() + span;
  while (!hall_.closing && steady_clock::now() < end) {
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

asio::ssl::context& context_for(Hall& hall, const std::optional<std::string>& certificate) {
  if (!certificate) return hall.live;
  return *certificate == "backup" ? hall.backup : hall.foreign;
}

}  // namespace

awaitable<void> serve_connection(asio::ip::tcp::socket socket, Hall& hall) {
  ++hall.counters.connections;
  ++hall.counters.open_connections;
  const auto certificate = hall.faults.next_certificate();
  if (certificate) ++hall.counters.faults_met;
  try {
    Connection connection(std::move(socket), hall, context_for(hall, certificate));
    co_await connection.run();
  } catch (const std::exception& error) {
    log::debug("a connection ended: {}", error.what());
  }
  --hall.counters.open_connections;
}

}  // namespace signet::emulator
