#include "seal-client/activated_client.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "seal-client/cryptogram.h"
#include "seal-client/key_identity.h"
#include "seal-client/key_pair.h"

namespace signet::sealclient {

namespace {

constexpr Milliseconds kPauseForOthers{1'000};  // while another machine changes the password

LoginError of_server(const ServerError& error) {
  return {.kind = LoginError::Kind::server, .sentence = error.sentence, .server = error.kind};
}

LoginError forged(std::string sentence) {
  return {.kind = LoginError::Kind::forged, .sentence = std::move(sentence)};
}

// Whether to ask again after a pause: another machine of the client is at it.
template <typename T>
bool must_wait(const ServerResult<T>& answer, Deadline deadline) {
  return !answer && answer.assume_error().kind == ServerError::Kind::wait &&
         deadline.left() > kPauseForOthers;
}

}  // namespace

Options options_at(const ServerPlace& place, std::vector<Bytes> chain,
                   std::shared_ptr<EVP_PKEY> key, std::string user_agent) {
  Options options;
  options.url = place.url;
  options.pins = place.pins;
  options.identity = [chain = std::move(chain), key = std::move(key)] {
    return std::make_unique<KeyIdentity>(chain, key);
  };
  options.user_agent = std::move(user_agent);
  return options;
}

std::unique_ptr<ActivatedClient> ActivatedClient::make(Activation activation, Outbox& outbox,
                                                       std::string user_agent) {
  std::unique_ptr<ActivatedClient> client(new ActivatedClient);
  PkeyPtr key = key_pair_of(activation.key.reveal());
  if (!key) return nullptr;
  client->key_ = std::shared_ptr<EVP_PKEY>(std::move(key));
  client->server_ = std::make_unique<SealClient>(
      options_at(activation.server, activation.certificates, client->key_, std::move(user_agent)),
      outbox);
  client->activation_ = std::move(activation);
  return client;
}

Task<LoginResult<Cryptogram>> ActivatedClient::start_fetch(Deadline deadline) {
  using Answer = LoginResult<Cryptogram>;
  auto cryptogram = co_await server_->start_cryptogram(deadline);
  while (must_wait(cryptogram, deadline)) {
    co_await wait_for(kPauseForOthers);
    cryptogram = co_await server_->start_cryptogram(deadline);
  }
  if (!cryptogram) co_return Answer(of_server(cryptogram.assume_error()));
  co_return Answer(std::move(cryptogram).assume_value());
}

LoginResult<Secret> ActivatedClient::opened(const Cryptogram& cryptogram) const {
  auto content_key = open_cryptogram(cryptogram.cryptogram, cms::software_key(key_.get()),
                                     activation_.content_key_hash);
  if (!content_key) return forged(content_key.assume_error().sentence);
  return std::move(content_key).assume_value();
}

LoginResult<void> ActivatedClient::add_candidate(const Bytes& encrypted, const Secret& content_key,
                                                 OfferedCredentials& offered) const {
  auto clear = decrypt_credentials(encrypted, content_key, activation_.client);
  if (!clear) return forged(clear.assume_error().sentence);
  offered.candidates.push_back(std::move(clear).assume_value());
  offered.encrypted.push_back(encrypted);
  return success();
}

LoginResult<Secret> ActivatedClient::content_key(Deadline deadline) {
  BOOST_OUTCOME_TRY(const Cryptogram cryptogram, start_fetch(deadline).finish());
  return opened(cryptogram);
}

Task<LoginResult<OfferedCredentials>> ActivatedClient::start_offer(Deadline deadline) {
  using Answer = LoginResult<OfferedCredentials>;
  const auto fetched = co_await start_fetch(deadline);
  if (!fetched) co_return Answer(fetched.assume_error());
  const Cryptogram& cryptogram = fetched.assume_value();
  const auto content_key = opened(cryptogram);
  if (!content_key) co_return Answer(content_key.assume_error());
  OfferedCredentials offered;
  if (cryptogram.next.empty()) {
    const auto added = add_candidate(cryptogram.credentials, content_key.assume_value(), offered);
    if (!added) co_return Answer(added.assume_error());
    co_return Answer(std::move(offered));
  }
  auto lease = co_await server_->start_change_credentials({}, {}, deadline);
  while (must_wait(lease, deadline)) {
    co_await wait_for(kPauseForOthers);
    lease = co_await server_->start_change_credentials({}, {}, deadline);
  }
  if (!lease) co_return Answer(of_server(lease.assume_error()));
  offered.lease = lease.assume_value().id;
  std::vector<Bytes> all{lease.assume_value().credentials};
  std::ranges::copy(lease.assume_value().next, std::back_inserter(all));
  for (const Bytes& each : all) {
    const auto added = add_candidate(each, content_key.assume_value(), offered);
    if (!added) co_return Answer(added.assume_error());
  }
  co_return Answer(std::move(offered));
}

Task<LoginResult<void>> ActivatedClient::start_settle(OfferedCredentials offered,
                                                      std::size_t accepted, Deadline deadline) {
  using Answer = LoginResult<void>;
  if (offered.lease.empty()) co_return Answer(success());
  const auto committed = co_await server_->start_commit_credentials(
      offered.lease, offered.encrypted.at(accepted), deadline);
  co_return committed ? Answer(success()) : Answer(of_server(committed.assume_error()));
}

LoginResult<Credentials> ActivatedClient::log_in(const TryCredentials& attempt, Deadline deadline) {
  BOOST_OUTCOME_TRY(OfferedCredentials offered, start_offer(deadline).finish());
  for (std::size_t i = 0; i < offered.candidates.size(); ++i) {
    const auto tried = attempt(offered.candidates[i]);
    const bool last = i + 1 == offered.candidates.size();
    if (!tried && (last || tried.assume_error().kind != LoginError::Kind::wrong_password))
      return tried.assume_error();
    if (!tried) continue;
    Credentials credentials = offered.candidates[i];
    BOOST_OUTCOME_TRY(start_settle(std::move(offered), i, deadline).finish());
    return credentials;
  }
  return forged("The seal server has no credentials of the client.");
}

}  // namespace signet::sealclient
