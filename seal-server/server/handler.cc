#include "seal-server/server/handler.h"

#include <fmt/format.h>

#include <stdexcept>

#include "common/log.h"
#include "https/server/tls.h"
#include "seal-server/server/answers.h"

namespace signet::sealserver {

namespace {

using https::server::Refusal;
using https::server::Response;
using ClientCertificate = https::server::TlsOptions::ClientCertificate;

constexpr std::uint64_t kMostForm = std::uint64_t{64} * 1024;  // bytes

Problem problem_of(Refusal why, const std::string& detail) {
  switch (why) {
    case Refusal::body_too_large:
      return {413, "Content too large", "The request's body is over the limit."};
    case Refusal::header_too_large:
      return {431, "Header too large", "The request's header is over the limit."};
    case Refusal::busy:
      return {503, "Busy", detail};
    case Refusal::malformed:
      break;
  }
  return problems::malformed("This is not an HTTP request: " + detail + ".");
}

Response health_answer(bool healthy) {
  if (healthy) return text_answer("ok\n");
  return problem_answer({503, "Database unavailable", "The database does not answer."});
}

}  // namespace

Handler::Handler(Service& service, Options options)
    : service_(service), options_(std::move(options)), workers_(options_.workers) {
  auto identity = read_identity();
  const MutexLock lock(mutex_);
  identity_ = std::move(identity);
}

std::shared_ptr<boost::asio::ssl::context> Handler::read_identity() {
  auto context = https::server::make_tls_context(
      {.certificates = options_.certificates,
       .key = options_.key,
       .session_context = "signet-seald",
       .client_certificate = ClientCertificate::optional,
       .accept_client = [this](ByteView certificate) { return service_.knows(certificate); }});
  if (!context) throw std::runtime_error(context.assume_error());
  return std::move(context).assume_value();
}

void Handler::reload_tls() {
  try {
    auto identity = read_identity();
    const MutexLock lock(mutex_);
    identity_ = std::move(identity);
    log::info("the TLS certificate and key were read again");
  } catch (const std::exception& error) {
    log::error("the TLS certificate and key stay as they were: {}", error.what());
  }
}

std::shared_ptr<boost::asio::ssl::context> Handler::tls() {
  const MutexLock lock(mutex_);
  return identity_;
}

boost::asio::awaitable<Response> Handler::handle(const https::server::Request& request,
                                                 https::server::Wire& /*wire*/) {
  const bool is_get = request.method == "GET";
  if (is_get && request.target == "/metrics" && request.peer.loopback)
    co_return text_answer(metrics());
  const bool asks_health = is_get && request.target == "/healthz";
  const auto work = [this, &request, asks_health] {
    if (asks_health) return health_answer(service_.is_healthy());
    if (options_.pages != nullptr && !request.target.starts_with(kBasePath))
      return options_.pages->handle(request);
    return service_.handle(request);
  };
  Response answer = co_await https::server::run_on(workers_, work);
  co_return answer;
}

// The forms of the pages are small, and whoever shows no certificate has nothing else to send: thousands of connections of
// nobody cannot fill the memory.
std::optional<std::uint64_t> Handler::body_limit(std::string_view target,
                                                 const https::server::Peer& peer) const {
  const bool may_be_large = target.starts_with(kBasePath) && !peer.certificate.empty();
  return may_be_large ? std::nullopt : std::optional<std::uint64_t>(kMostForm);
}

Response Handler::refuse(Refusal why, const std::string& detail) {
  return problem_answer(problem_of(why, detail));
}

void Handler::answering(const https::server::Request& /*request*/, std::chrono::nanoseconds span) {
  nanoseconds_ += static_cast<std::uint64_t>(span.count());
  ++answers_;
}

std::string Handler::metrics() const {
  return fmt::format(
      "# HELP signet_seald_connections Connections that are open.\n"
      "# TYPE signet_seald_connections gauge\n"
      "signet_seald_connections {}\n"
      "# HELP signet_seald_failed_handshakes_total TLS handshakes that failed.\n"
      "# TYPE signet_seald_failed_handshakes_total counter\n"
      "signet_seald_failed_handshakes_total {}\n"
      "# HELP signet_seald_answer_seconds Time from a request's last byte to its answer.\n"
      "# TYPE signet_seald_answer_seconds summary\n"
      "signet_seald_answer_seconds_sum {:.6f}\n"
      "signet_seald_answer_seconds_count {}\n",
      connections_.load(), failed_handshakes_.load(),
      static_cast<double>(nanoseconds_.load()) / 1e9, answers_.load());
}

}  // namespace signet::sealserver
