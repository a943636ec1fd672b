#include "seal-client/seal_client.h"

#include <utility>

#include "common/log.h"
#include "common/printable.h"
#include "seal-client/wire.h"

namespace signet::sealclient {

using Kind = ServerError::Kind;

SealClient::SealClient(Options options, Outbox& outbox)
    : outbox_(outbox),
      log_(options.log),
      link_({.url = std::move(options.url),
             .pins = std::move(options.pins),
             .identity = std::move(options.identity),
             .user_agent = std::move(options.user_agent)}) {}

Task<ServerResult<std::vector<OpenedSeal>>> SealClient::start_open(std::vector<NewSeal> seals,
                                                                   Deadline deadline) {
  using Answer = ServerResult<std::vector<OpenedSeal>>;
  const std::string key = new_idempotency_key();
  if (key.empty()) co_return Answer(no_randomness());
  const auto seen = co_await seen_events(deadline);
  if (!seen) co_return Answer(seen.assume_error());
  std::vector<NamedResult> results = outbox_.first(kMostResults);
  auto response = co_await link_.ask(https::Method::post, "transactions",
                                     write_opening(seals, results), key, deadline);
  if (!response && response.assume_error().kind == Kind::refused && !results.empty()) {
    // A result that the server does not take must not stop the seals; flush() finds out which one it is.
    results.clear();
    response = co_await link_.ask(https::Method::post, "transactions",
                                  write_opening(seals, results), key, deadline);
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
    const auto response = link_
                              .ask(https::Method::put, "transactions/" + named.id,
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

ServerResult<ClientStatus> SealClient::status(Deadline deadline) {
  BOOST_OUTCOME_TRY(const auto response, link_.get("client", deadline));
  auto client = read_client(response.body);
  if (!client) return bad_answer();
  return *std::move(client);
}

Task<ServerResult<Cryptogram>> SealClient::start_cryptogram(Deadline deadline) {
  using Answer = ServerResult<Cryptogram>;
  const auto response = co_await link_.ask(https::Method::get, "cryptogram", {}, {}, deadline);
  if (!response) co_return Answer(response.assume_error());
  auto found = read_cryptogram(response.assume_value().body);
  if (!found) co_return Answer(bad_answer());
  co_return Answer(*std::move(found));
}

ServerResult<Cryptogram> SealClient::cryptogram(Deadline deadline) {
  return start_cryptogram(deadline).finish();
}

Task<ServerResult<CredentialsLease>> SealClient::start_change_credentials(std::string lease,
                                                                          Bytes next,
                                                                          Deadline deadline) {
  using Answer = ServerResult<CredentialsLease>;
  const std::string key = new_idempotency_key();
  if (key.empty()) co_return Answer(no_randomness());
  const auto response = co_await link_.ask(https::Method::post, "credentials/change",
                                           write_change(lease, next), key, deadline);
  if (!response) co_return Answer(response.assume_error());
  auto held = read_credentials_lease(response.assume_value().body);
  if (!held) co_return Answer(bad_answer());
  co_return Answer(*std::move(held));
}

ServerResult<CredentialsLease> SealClient::change_credentials(const std::string& lease,
                                                              ByteView next, Deadline deadline) {
  return start_change_credentials(lease, copy_of(next), deadline).finish();
}

Task<ServerResult<void>> SealClient::start_commit_credentials(std::string lease, Bytes credentials,
                                                              Deadline deadline) {
  using Answer = ServerResult<void>;
  const std::string key = new_idempotency_key();
  if (key.empty()) co_return Answer(no_randomness());
  const auto response = co_await link_.ask(https::Method::post, "credentials/commit",
                                           write_commit(lease, credentials), key, deadline);
  co_return response ? Answer(success()) : Answer(response.assume_error());
}

ServerResult<void> SealClient::commit_credentials(const std::string& lease, ByteView credentials,
                                                  Deadline deadline) {
  return start_commit_credentials(lease, copy_of(credentials), deadline).finish();
}

ServerResult<std::string> SealClient::place_order(const std::string& target, std::string body,
                                                  Deadline deadline) {
  BOOST_OUTCOME_TRY(const auto response, link_.post(target, std::move(body), deadline));
  auto id = read_ordered(response.body);
  if (!id) return bad_answer();
  return *std::move(id);
}

ServerResult<CertificateOrder> SealClient::order_at(const std::string& target, Deadline deadline) {
  BOOST_OUTCOME_TRY(const auto response, link_.get(target, deadline));
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
      link_.post("authentication-certificates/" + id + "/confirm", write_nothing(), deadline));
  return success();
}

ServerResult<SealingLease> SealClient::lease_sealing_key(Deadline deadline) {
  BOOST_OUTCOME_TRY(const auto response,
                    link_.post("sealing-certificates/lease", write_nothing(), deadline));
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
      link_.ask(https::Method::put, "sealing-certificates/" + id, write_activation(), {}, deadline)
          .finish());
  return success();
}

}  // namespace signet::sealclient
