#include "softhsm-backend/handler.h"

#include <algorithm>
#include <stdexcept>

#include "common/log.h"
#include "https/server/tls.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/tls_identity.h"

namespace signet::emulator {

namespace {

using boost::asio::awaitable;
using https::server::Next;
using https::server::Octets;
using https::server::Refusal;
using https::server::Wire;
using std::chrono::milliseconds;
using Kind = Fault::Kind;
using Send = decltype(Answer::send);

using ClientCertificate = https::server::TlsOptions::ClientCertificate;

constexpr unsigned kMakers = 2;  // keys made at once

std::shared_ptr<boost::asio::ssl::context> identity(const HandlerOptions& options,
                                                    const char* name) {
  const IdentityFiles files = identity_files(options.dir, options.role, name);
  auto context =
      https::server::make_tls_context({.certificates = files.certificate,
                                       .key = files.key,
                                       .session_context = options.role + name,
                                       .client_certificate = ClientCertificate::optional});
  if (!context) throw std::runtime_error(context.assume_error());
  return std::move(context).assume_value();
}

Problem problem_of(Refusal why, const std::string& detail) {
  switch (why) {
    case Refusal::body_too_large:
      return problems::too_large("The request's body is over the limit.");
    case Refusal::header_too_large:
      return problems::header_too_large();
    case Refusal::busy:
      return problems::busy(detail);
    case Refusal::malformed:
      break;
  }
  return problems::malformed("This is not an HTTP request: " + detail + ".");
}

// How an answer leaves under a fault; nothing: as any other.
Send sending_under(const Fault& fault) {
  const milliseconds pause(fault.ms);
  switch (fault.kind) {
    case Kind::delay:
      if (!fault.after_processing) return {};
      return [pause](Wire& wire, const Octets& octets) -> awaitable<Next> {
        co_await wire.pause(pause);
        const bool written = co_await wire.write(octets.text);
        co_return written ? Next::request : Next::end;
      };
    case Kind::stall:
      return [pause](Wire& wire, const Octets& /*octets*/) -> awaitable<Next> {
        co_await wire.pause(pause);
        co_return Next::end;
      };
    case Kind::reset:
      return [](Wire& wire, const Octets& /*octets*/) -> awaitable<Next> {
        wire.reset();
        co_return Next::end;
      };
    case Kind::cut:
      return [size = fault.after_bytes](Wire& wire, const Octets& octets) -> awaitable<Next> {
        const auto part = std::string_view(octets.text).substr(0, octets.header_size + size);
        (void)co_await wire.write(part);
        co_return Next::end;
      };
    case Kind::drip:
      return [pause](Wire& wire, const Octets& octets) -> awaitable<Next> {
        for (const char& octet : octets.text) {
          const bool written = co_await wire.write({&octet, 1});
          if (!written) co_return Next::end;
          co_await wire.pause(pause);
        }
        co_return Next::request;
      };
    case Kind::close:
      return [](Wire& wire, const Octets& octets) -> awaitable<Next> {
        (void)co_await wire.write(octets.text);
        co_return Next::end;
      };
    default:
      return {};
  }
}

}  // namespace

Answer finished(const Request& request, Answer answer) {
  const bool typed = std::ranges::any_of(
      answer.headers, [](const auto& header) { return header.first == "Content-Type"; });
  if (!answer.body.empty() && !typed) {
    answer.headers.emplace_back(
        "Content-Type", answer.status >= 400 ? "application/problem+json" : "application/json");
  }
  answer.headers.emplace_back("Server", "signet-emulator");
  answer.headers.emplace_back("Cache-Control", "no-store");
  answer.headers.emplace_back("X-Request-Id", request.id);
  return answer;
}

Answer refusal(Refusal why, const std::string& detail) {
  Request request;
  request.id = new_uuid();
  const Problem problem = problem_of(why, detail);
  log::debug("{} refused unread: {}", request.id, problem.status);
  return finished(request, to_answer(problem));
}

unsigned Handler::threads(const HandlerOptions& options) {
  return std::max(1U, options.workers) + kMakers;
}

Handler::Handler(Service& service, std::vector<Dialect*> dialects, const HandlerOptions& options)
    : service_(service),
      dialects_(std::move(dialects)),
      live_(identity(options, "live")),
      backup_(identity(options, "backup")),
      foreign_(identity(options, "foreign")),
      workers_(std::max(1U, options.workers)),
      makers_(kMakers) {}

awaitable<Answer> Handler::handle(const https::server::Request& received, Wire& wire) {
  Request request{received};
  request.id = new_uuid();
  if (is_control(request.target)) {
    if (!request.peer.loopback) co_return finished(request, to_answer(problems::no_such_path()));
    co_return finished(request, handle_control(request, faults_, counters_));
  }
  const auto begin = std::chrono::steady_clock::now();
  Dialect* const dialect = dialect_of(request.target);
  counters_.count_request(dialect == nullptr ? Service::route_name(request.method, request.target)
                                             : dialect->route_name(request));
  const std::optional<Fault> fault = faults_.next(request.method, request.target);
  if (fault) {
    ++counters_.faults_met;
    request.signature_fault = fault->signature_fault;
    if (fault->kind == Kind::dialect) request.dialect_fault = fault->variant;
    request.other_answer_place = fault->kind == Kind::answer_place;
    log::debug("{} {} {} gets an injected fault", request.id, request.method, request.target);
  }
  const bool delayed = fault && fault->kind == Kind::delay;
  if (delayed && !fault->after_processing) co_await wire.pause(milliseconds(fault->ms));
  Answer answer{.status = 200, .body = "{}"};
  if (!fault || delayed || fault->after_processing) answer = co_await process(request, dialect);
  if (fault && dialect == nullptr) answer = answer_under(*fault, std::move(answer));
  if (fault && dialect != nullptr) {
    answer = dialect->answer_under_fault(request, *fault, std::move(answer));
  }
  if (fault) answer.send = sending_under(*fault);
  const auto span =
      std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
  log::debug("{} {} {} {} {} ms", request.id, request.method, request.target, answer.status,
             span.count());
  co_return finished(request, std::move(answer));
}

Dialect* Handler::dialect_of(std::string_view target) const {
  const auto found = std::ranges::find_if(
      dialects_, [&](const Dialect* dialect) { return dialect->serves(target); });
  return found == dialects_.end() ? nullptr : *found;
}

awaitable<Answer> Handler::process(const Request& request, Dialect* dialect) {
  const bool slow = dialect == nullptr && Service::is_slow(request.method, request.target);
  auto& pool = slow ? makers_ : workers_;
  const auto work = [this, &request, dialect] {
    return dialect == nullptr ? service_.handle(request) : dialect->handle(request);
  };
  Answer answer = co_await https::server::run_on(pool, work);
  co_return answer;
}

std::optional<std::uint64_t> Handler::body_limit(std::string_view target,
                                                 const https::server::Peer& /*peer*/) const {
  const Dialect* const dialect = dialect_of(target);
  if (dialect == nullptr) return std::nullopt;
  return dialect->body_limit();
}

Answer Handler::refuse(Refusal why, const std::string& detail) {
  return refusal(why, detail);
}

std::shared_ptr<boost::asio::ssl::context> Handler::tls() {
  const auto certificate = faults_.next_certificate();
  if (!certificate) return live_;
  ++counters_.faults_met;
  return *certificate == "backup" ? backup_ : foreign_;
}

void Handler::connection_opened() {
  ++counters_.connections;
  ++counters_.open_connections;
}

void Handler::connection_closed() {
  --counters_.open_connections;
}

void Handler::handshake_done(const SSL& tls) {
  const bool resumed = SSL_session_reused(&tls) == 1;
  ++(resumed ? counters_.handshakes_resumed : counters_.handshakes_full);
  counters_.count_handshake(std::string(SSL_get_version(&tls)) + " " + SSL_get_cipher_name(&tls));
}

void Handler::handshake_failed() {
  ++counters_.handshakes_failed;
}

void Handler::encrypted(std::uint64_t read, std::uint64_t written) {
  counters_.raw_bytes_read += read;
  counters_.raw_bytes_written += written;
}

void Handler::received(std::string_view target, std::size_t bytes) {
  if (!is_control(target)) counters_.request_bytes += bytes;
}

void Handler::sent(std::size_t bytes) {
  counters_.response_bytes += bytes;
}

void Handler::answering(const https::server::Request& request, std::chrono::nanoseconds span) {
  if (is_control(request.target)) return;
  counters_.service_nanoseconds += static_cast<std::uint64_t>(span.count());
  ++counters_.answers;
}

void Handler::join() {
  makers_.join();
  workers_.join();
}

}  // namespace signet::emulator
