#include "seal-client/seal_client.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/log.h"
#include "common/printable.h"
#include "crypto/context.h"
#include "seal-client/wire.h"

namespace signet::sealclient {

namespace {

using https::Fault;
using Kind = ServerError::Kind;

constexpr const char* kBase = "/seal/v1/";
constexpr Milliseconds kFirstPause{100};
constexpr Milliseconds kLongestPause{2'000};
constexpr int kStatusAccepted = 202;
constexpr int kTooMany = 429;
constexpr int kUnavailable = 503;

https::EndpointOptions endpoint_options(Options options) {
  https::EndpointOptions endpoint;
  endpoint.url = std::move(options.url);
  endpoint.pins = std::move(options.pins);
  endpoint.identity = std::move(options.identity);
  endpoint.user_agent = std::move(options.user_agent);
  return endpoint;
}

ServerError error_of(Kind kind, std::string sentence) {
  return {.kind = kind, .sentence = std::move(sentence)};
}

ServerError error_of(const Fault& fault) {
  const Kind kind = fault.kind == Fault::Kind::untrusted ? Kind::untrusted : Kind::unreachable;
  return error_of(kind, printable(fault.sentence));
}

Kind kind_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return Kind::not_admitted;
    case 404:
      return Kind::missing;
    case 409:
      return Kind::conflict;
    case kTooMany:
      return Kind::limit;
    default:
      return status >= 500 ? Kind::unreachable : Kind::refused;
  }
}

ServerError error_of(const https::Response& response) {
  const std::string detail = read_problem(response.body);
  Kind kind = kind_of(response.status);
  if (kind == Kind::conflict && response.retry_after) kind = Kind::wait;
  return error_of(kind, "The seal server answers " + std::to_string(response.status) +
                            (detail.empty() ? "." : ": " + printable(detail)));
}

ServerError bad_answer() {
  return error_of(Kind::bad_answer, "The seal server's answer is not one of its contract.");
}

// It may go through the next time.
bool is_passing(const Result<https::Response, Fault>& exchanged) {
  if (exchanged) return exchanged.assume_value().status == kUnavailable;
  const Fault::Kind kind = exchanged.assume_error().kind;
  return kind != Fault::Kind::untrusted && kind != Fault::Kind::oversized;
}

std::string new_key() {
  std::array<std::uint8_t, 16> octets;
  return crypto::random_bytes(octets) ? to_hex(octets) : std::string();
}

}  // namespace

SealClient::SealClient(Options options, Outbox& outbox)
    : outbox_(outbox),
      log_(options.log),
      endpoint_(std::make_shared<https::Endpoint>(endpoint_options(std::move(options)), sockets_)),
      pool_(endpoint_) {}

Task<SealClient::Exchanged> SealClient::exchange(https::Request& request, Deadline deadline) {
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

// Every request of the contract may be repeated: reads, results, and announcements by their key.
Task<ServerResult<https::Response>> SealClient::ask(https::Method method, std::string target,
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

Task<ServerResult<std::vector<OpenedSeal>>> SealClient::start_open(std::vector<NewSeal> seals,
                                                                   Deadline deadline) {
  using Answer = ServerResult<std::vector<OpenedSeal>>;
  const std::string key = new_key();
  if (key.empty()) co_return Answer(error_of(Kind::refused, "The system has no randomness."));
  const auto seen = co_await seen_events(deadline);
  if (!seen) co_return Answer(seen.assume_error());
  std::vector<NamedResult> results = outbox_.first(kMostResults);
  auto response = co_await ask(https::Method::post, "transactions", write_opening(seals, results),
                               key, deadline);
  if (!response && response.assume_error().kind == Kind::refused && !results.empty()) {
    // A result that the server does not take must not stop the seals; flush() finds out which one it is.
    results.clear();
    response = co_await ask(https::Method::post, "transactions", write_opening(seals, results), key,
                            deadline);
  }
  if (!response) co_return Answer(response.assume_error());
  auto opening = read_opening(response.assume_value().body);
  if (!opening || opening->seals.size() != seals.size() ||
      opening->results.size() != results.size())
    co_return Answer(bad_answer());
  const auto checked = check_receipts(opening->seals, seen.assume_value());
  if (!checked) co_return Answer(checked.assume_error());
  settle(opening->results);
  co_return Answer(std::move(opening->seals));
}

ServerResult<std::vector<OpenedSeal>> SealClient::open(std::vector<NewSeal> seals,
                                                       Deadline deadline) {
  return start_open(std::move(seals), deadline).finish();
}

void SealClient::settle(const std::vector<Reported>& results) {
  for (const Reported& reported : results) {
    if (reported.outcome == Outcome::conflict)
      log::error("the seal server has another result of transaction {}", printable(reported.id));
    if (reported.outcome == Outcome::unknown_transaction)
      log::error("the seal server has no transaction {}", printable(reported.id));
    outbox_.remove(reported.id);
  }
}

ServerResult<void> SealClient::flush(Deadline deadline) {
  while (true) {
    const std::vector<NamedResult> next = outbox_.first(1);
    if (next.empty()) return success();
    const NamedResult& named = next.front();
    const auto response = ask(https::Method::put, "transactions/" + named.id,
                              write_result(named.result), {}, deadline)
                              .finish();
    Reported reported{.id = named.id, .outcome = Outcome::recorded};
    if (!response) {
      const ServerError& error = response.assume_error();
      if (error.kind == Kind::refused) {
        log::error("a result of transaction {} is set aside: {}", named.id, error.sentence);
        outbox_.set_aside(named.id);
        continue;
      }
      if (error.kind != Kind::conflict && error.kind != Kind::missing) return error;
      reported.outcome =
          error.kind == Kind::conflict ? Outcome::conflict : Outcome::unknown_transaction;
    }
    settle({reported});
  }
}

ServerResult<https::Response> SealClient::get(const std::string& target, Deadline deadline) {
  return ask(https::Method::get, target, {}, {}, deadline).finish();
}

ServerResult<https::Response> SealClient::post(const std::string& target, std::string body,
                                               Deadline deadline) {
  const std::string key = new_key();
  if (key.empty()) return error_of(Kind::refused, "The system has no randomness.");
  return ask(https::Method::post, target, std::move(body), key, deadline).finish();
}

ServerResult<ClientStatus> SealClient::status(Deadline deadline) {
  BOOST_OUTCOME_TRY(const auto response, get("client", deadline));
  auto client = read_client(response.body);
  if (!client) return bad_answer();
  return *std::move(client);
}

ServerResult<Cryptogram> SealClient::cryptogram(Deadline deadline) {
  BOOST_OUTCOME_TRY(const auto response, get("cryptogram", deadline));
  auto found = read_cryptogram(response.body);
  if (!found) return bad_answer();
  return *std::move(found);
}

ServerResult<CredentialsLease> SealClient::change_credentials(const std::string& lease,
                                                              ByteView next, Deadline deadline) {
  BOOST_OUTCOME_TRY(const auto response,
                    post("credentials/change", write_change(lease, next), deadline));
  auto held = read_credentials_lease(response.body);
  if (!held) return bad_answer();
  return *std::move(held);
}

ServerResult<void> SealClient::commit_credentials(const std::string& lease, ByteView credentials,
                                                  Deadline deadline) {
  BOOST_OUTCOME_TRY(post("credentials/commit", write_commit(lease, credentials), deadline));
  return success();
}

ServerResult<std::string> SealClient::place_order(const std::string& target, std::string body,
                                                  Deadline deadline) {
  BOOST_OUTCOME_TRY(const auto response, post(target, std::move(body), deadline));
  auto id = read_ordered(response.body);
  if (!id) return bad_answer();
  return *std::move(id);
}

ServerResult<CertificateOrder> SealClient::order_at(const std::string& target, Deadline deadline) {
  BOOST_OUTCOME_TRY(const auto response, get(target, deadline));
  auto order = read_order(response.body);
  if (!order) return bad_answer();
  return *std::move(order);
}

ServerResult<std::string> SealClient::order_authentication(ByteView request, ByteView cryptogram,
                                                           Succession succession,
                                                           Deadline deadline) {
  return place_order("authentication-certificates",
                     write_authentication_order(request, cryptogram, succession), deadline);
}

ServerResult<CertificateOrder> SealClient::authentication_order(const std::string& id,
                                                                Deadline deadline) {
  return order_at("authentication-certificates/" + id, deadline);
}

ServerResult<void> SealClient::confirm_authentication(const std::string& id, Deadline deadline) {
  BOOST_OUTCOME_TRY(
      post("authentication-certificates/" + id + "/confirm", write_nothing(), deadline));
  return success();
}

ServerResult<SealingLease> SealClient::lease_sealing_key(Deadline deadline) {
  BOOST_OUTCOME_TRY(const auto response,
                    post("sealing-certificates/lease", write_nothing(), deadline));
  auto lease = read_sealing_lease(response.body);
  if (!lease) return bad_answer();
  return *std::move(lease);
}

ServerResult<std::string> SealClient::order_sealing(const std::string& lease,
                                                    ByteView sealed_request, Deadline deadline) {
  return place_order("sealing-certificates", write_sealing_order(lease, sealed_request), deadline);
}

ServerResult<CertificateOrder> SealClient::sealing_order(const std::string& id, Deadline deadline) {
  return order_at("sealing-certificates/" + id, deadline);
}

ServerResult<void> SealClient::activate_sealing(const std::string& id, Deadline deadline) {
  BOOST_OUTCOME_TRY(
      ask(https::Method::put, "sealing-certificates/" + id, write_activation(), {}, deadline)
          .finish());
  return success();
}

}  // namespace signet::sealclient
