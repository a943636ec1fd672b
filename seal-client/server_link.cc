#include "seal-client/server_link.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/printable.h"
#include "crypto/context.h"
#include "seal-client/wire.h"

namespace signet::sealclient {

namespace {

using https::Fault;
using LinkKind = ServerError::Kind;

constexpr const char* kBase = "/seal/v1/";
constexpr Milliseconds kFirstPause{100};
constexpr Milliseconds kLongestPause{2'000};
constexpr int kStatusAccepted = 202;
constexpr int kTooMany = 429;
constexpr int kUnavailable = 503;

https::EndpointOptions endpoint_options(ServerAddress address) {
  https::EndpointOptions endpoint;
  endpoint.url = std::move(address.url);
  endpoint.pins = std::move(address.pins);
  endpoint.identity = std::move(address.identity);
  endpoint.user_agent = std::move(address.user_agent);
  return endpoint;
}

ServerError error_of(LinkKind kind, std::string sentence) {
  return {.kind = kind, .sentence = std::move(sentence)};
}

ServerError error_of(const Fault& fault) {
  const LinkKind kind =
      fault.kind == Fault::Kind::untrusted ? LinkKind::untrusted : LinkKind::unreachable;
  return error_of(kind, printable(fault.sentence));
}

LinkKind kind_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return LinkKind::not_admitted;
    case 404:
      return LinkKind::missing;
    case 409:
      return LinkKind::conflict;
    case kTooMany:
      return LinkKind::limit;
    default:
      return status >= 500 ? LinkKind::unreachable : LinkKind::refused;
  }
}

ServerError error_of(const https::Response& response) {
  const std::string detail = read_problem(response.body);
  LinkKind kind = kind_of(response.status);
  if (kind == LinkKind::conflict && response.retry_after) kind = LinkKind::wait;
  return error_of(kind, "The seal server answers " + std::to_string(response.status) +
                            (detail.empty() ? "." : ": " + printable(detail)));
}

// It may go through the next time.
bool is_passing(const Result<https::Response, Fault>& exchanged) {
  if (exchanged) return exchanged.assume_value().status == kUnavailable;
  const Fault::Kind kind = exchanged.assume_error().kind;
  return kind != Fault::Kind::untrusted && kind != Fault::Kind::oversized;
}

}  // namespace

ServerError bad_answer() {
  return error_of(LinkKind::bad_answer, "The seal server's answer is not one of its contract.");
}

ServerError no_randomness() {
  return error_of(LinkKind::refused, "The system has no randomness.");
}

std::string new_idempotency_key() {
  std::array<std::uint8_t, 16> octets;
  return crypto::random_bytes(octets) ? to_hex(octets) : std::string();
}

ServerLink::ServerLink(ServerAddress address)
    : endpoint_(std::make_shared<https::Endpoint>(endpoint_options(std::move(address)), sockets_)),
      pool_(endpoint_) {}

Task<ServerLink::Exchanged> ServerLink::exchange(https::Request& request, Deadline deadline) {
  auto taken = co_await pool_.take(deadline);
  if (!taken) {
    Fault fault;
    fault.kind = Fault::Kind::saturated;
    fault.sentence = "no connection to the seal server became free in time";
    co_return Exchanged(std::move(fault));
  }
  https::Pool::Lease lease = std::move(taken).assume_value();
  https::Connection& connection = *lease;
  connection.start(request, deadline, endpoint_->options().connect);
  while (!connection.step()) co_await connection.wait();
  Exchanged exchanged = connection.finish();
  if (exchanged) lease.keep();
  co_return exchanged;
}

Task<ServerResult<https::Response>> ServerLink::ask(https::Method method, std::string target,
                                                    std::string body, std::string key,
                                                    Deadline deadline) {
  using Answer = ServerResult<https::Response>;
  Milliseconds pause = kFirstPause;
  while (true) {
    https::Request request;
    request.method = method;
    request.target = kBase + target;
    request.headers.add("Accept", "application/json, application/problem+json");
    if (!key.empty()) request.headers.add("Idempotency-Key", key);
    if (!body.empty()) {
      request.headers.add("Content-Type", "application/json");
      append(request.body.emplace(), body);
    }
    Exchanged exchanged = co_await exchange(request, deadline);
    if (!is_passing(exchanged) || deadline.left() <= pause) {
      if (!exchanged) co_return Answer(error_of(exchanged.assume_error()));
      const int status = exchanged.assume_value().status;
      if (status == https::kOk || status == kStatusAccepted)
        co_return Answer(std::move(exchanged).assume_value());
      co_return Answer(error_of(exchanged.assume_value()));
    }
    co_await wait_for(pause);
    pause = std::min(pause * 2, kLongestPause);
  }
}

ServerResult<https::Response> ServerLink::get(const std::string& target, Deadline deadline) {
  return ask(https::Method::get, target, {}, {}, deadline).finish();
}

ServerResult<https::Response> ServerLink::put(const std::string& target, std::string body,
                                              Deadline deadline) {
  return ask(https::Method::put, target, std::move(body), {}, deadline).finish();
}

ServerResult<https::Response> ServerLink::post(const std::string& target, std::string body,
                                               Deadline deadline) {
  const std::string key = new_idempotency_key();
  if (key.empty()) return no_randomness();
  return ask(https::Method::post, target, std::move(body), key, deadline).finish();
}

}  // namespace signet::sealclient
