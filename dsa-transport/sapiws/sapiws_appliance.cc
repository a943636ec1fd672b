#include "dsa-transport/sapiws/sapiws_appliance.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <utility>

#include "common/mutex.h"
#include "crypto/algorithm_table.h"
#include "dsa-transport/cluster.h"
#include "dsa-transport/sapiws/account_objects.h"
#include "dsa-transport/sapiws/failures.h"
#include "dsa-transport/sapiws/messages.h"
#include "dsa-transport/sapiws/xml.h"

namespace signet::transport::sapiws {

namespace {

using Selector = config::SapiwsConfig::Selector;

// Of RightsMask (SAPIUMTypes.h): an administrator of users, and of those of an installation without a directory.
constexpr std::uint32_t kManagesUsers = 0x4 | 0x8;

ApplianceError refuse(Failure failure, std::string sentence) {
  return {failure, std::move(sentence), {}};
}

Answer<void> check_texts(const Credential& who) {
  if (who.user.empty() || !is_xml_text(who.user)) {
    return refuse(Failure::bad_parameter, "the user's name cannot be written in XML");
  }
  if (!is_xml_text(text_of(who.password.reveal()))) {
    return refuse(Failure::wrong_password,
                  "the password is not UTF-8, or has a control character, and cannot be sent");
  }
  return success();
}

// What the service cannot be asked for is refused before anything is sent: it has a flag for PSS, and no salt length.
Answer<void> check_digests(const SignRequest& request) {
  const std::size_t size = crypto::digest_size(request.hash);
  for (const Bytes& digest : request.digests) {
    if (digest.size() == size) continue;
    return refuse(Failure::digest_length,
                  fmt::format("a {} digest has {} bytes", crypto::hash_name(request.hash), size));
  }
  if (request.algorithm == Scheme::rsa_pss && request.salt_length != size) {
    return refuse(Failure::bad_parameter,
                  fmt::format("the SOAP service takes no salt length; that of {} is {} bytes",
                              crypto::hash_name(request.hash), size));
  }
  return success();
}

unsigned number_from(std::string_view text) {
  unsigned number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

struct State {
  explicit State(Settings settings) : cluster(std::move(settings)) {}

  // Sends, and judges what comes back.
  Task<Result<DssAnswer, CallFailure>> ask(Call call, https::Request request) {
    const auto judge = [deadline = call.deadline](const https::Response& response,
                                                  const std::string& /*member*/) {
      return judge_dss(response, deadline);
    };
    co_return co_await cluster.ask<DssAnswer>(call, std::move(request), judge);
  }
  Task<Result<DssAnswer, CallFailure>> ask_for_signature(Call call, https::Request request) {
    const auto judge = [this, deadline = call.deadline](const https::Response& response,
                                                        const std::string& /*member*/) {
      return judge_sign(response, deadline, signs_nothing);
    };
    co_return co_await cluster.ask<DssAnswer>(call, std::move(request), judge);
  }
  Task<Result<SpmlAnswer, CallFailure>> manage(Call call, https::Request request) {
    const auto judge = [deadline = call.deadline](const https::Response& response,
                                                  const std::string& /*member*/) {
      return judge_spml(response, deadline);
    };
    co_return co_await cluster.ask<SpmlAnswer>(call, std::move(request), judge);
  }

  Identity identity_of(const Credential& who, const Settings& settings) const {
    return {.user = who.user,
            .domain = settings.sapiws.domain,
            .password = text_of(who.password.reveal())};
  }

  Task<Result<DssAnswer, CallFailure>> certificates(const Credential& who, Deadline deadline) {
    const auto settings = cluster.settings();
    const Call call{"enum-certificates", Access::login, cluster.common_attempt(), deadline};
    co_return co_await ask(call, sign_request(kEnumCertificates, identity_of(who, *settings)));
  }

  Task<Answer<std::vector<Bytes>>> issuers(Deadline deadline);
  void learn(KnownKeys known);
  void forget();
  std::optional<KnownKey> find_key(const std::string& id) const;
  bool has_one_key() const;
  Task<Answer<KnownKey>> key(const Credential& who, std::string id, Deadline deadline);

  Cluster cluster;
  const DerCheck der;
  std::atomic<bool> signs_nothing{false};  // the firmware has said so
  mutable Mutex mutex;                     // held only for moments
  KnownKeys keys SIGNET_GUARDED_BY(mutex);
  std::vector<Bytes> latest_issuers SIGNET_GUARDED_BY(mutex);
};

// Issuers are a convenience: without them programs need them from elsewhere. They get no more than half of the time, so
// that a login does not fail for them; where they cannot be had now, those that were told last stay.
Task<Answer<std::vector<Bytes>>> State::issuers(Deadline deadline) {
  const Call call{"ca-info-get", Access::read, cluster.common_attempt(),
                  deadline.within(deadline.left() / 2)};
  auto told = plain(co_await ask(call, verify_request(kCaInfoGet)));
  const MutexLock lock(mutex);
  if (told) latest_issuers = std::move(told).value().issuers;
  co_return latest_issuers;
}

void State::learn(KnownKeys known) {
  const MutexLock lock(mutex);
  keys.swap(known);
}

void State::forget() {
  signs_nothing = false;
  const MutexLock lock(mutex);
  keys.clear();
  latest_issuers.clear();
}

bool State::has_one_key() const {
  const MutexLock lock(mutex);
  return keys.size() == 1;
}

std::optional<KnownKey> State::find_key(const std::string& id) const {
  const MutexLock lock(mutex);
  const auto found = keys.find(id);
  if (found == keys.end()) return std::nullopt;
  return found->second;
}

Task<Answer<KnownKey>> State::key(const Credential& who, std::string id, Deadline deadline) {
  if (auto known = find_key(id)) co_return *std::move(known);
  auto own = plain(co_await certificates(who, deadline));
  if (!own) co_return std::move(own).error();
  const std::vector<Bytes> none;
  auto objects = objects_of(der, own.value().certificates, none, deadline);
  if (!objects) co_return std::move(objects).error();
  learn(std::move(objects.value().keys));
  if (auto known = find_key(id)) co_return *std::move(known);
  co_return refuse(Failure::no_such_object, "the account has no certificate of this key any more");
}

SapiwsAppliance::SapiwsAppliance(Settings settings)
    : state_(std::make_unique<State>(std::move(settings))) {}

SapiwsAppliance::~SapiwsAppliance() = default;

ApplianceInfo SapiwsAppliance::minimum() const {
  ApplianceInfo info;
  info.rsa_bits = {1024, 2048, 3072, 4096};
  info.algorithms = {Scheme::rsa_pkcs1};
  if (state_->cluster.settings()->sapiws.pss) info.algorithms.push_back(Scheme::rsa_pss);
  info.hashes = {Hash::sha1, Hash::sha256, Hash::sha384, Hash::sha512};
  info.stores_objects = false;
  return info;
}

ApplianceFigures SapiwsAppliance::figures() const {
  return state_->cluster.figures();
}

void SapiwsAppliance::reconfigure(const Settings& settings) {
  const bool other = state_->cluster.settings()->members != settings.members;
  state_->cluster.reconfigure(settings);
  if (other) state_->forget();
}

void SapiwsAppliance::abandon() noexcept {
  state_->cluster.abandon();
}

Task<Answer<ApplianceInfo>> SapiwsAppliance::start_info(Deadline deadline) {
  const Call call{"cosign-info", Access::read, state_->cluster.common_attempt(), deadline};
  auto said = plain(co_await state_->ask(call, verify_request(kCosignInfo)));
  // A box that has no such call is an appliance all the same.
  if (!said && said.error().failure != Failure::not_supported) co_return std::move(said).error();
  ApplianceInfo info = minimum();
  info.manufacturer = "ARX";
  info.model = "CoSign";
  if (said) {
    info.serial_number = said.value().serial_number;
    info.cluster_id = said.value().cluster;
    info.firmware = {number_from(said.value().major), number_from(said.value().minor_version)};
  }
  if (state_->signs_nothing) info.algorithms.clear();
  const Call time_call{"time-get", Access::read, state_->cluster.common_attempt(), deadline};
  const auto time = plain(co_await state_->ask(time_call, verify_request(kTimeGet)));
  // The HTTP server's clock where the appliance's cannot be had.
  if (said) info.clock = said.value().date;
  if (time) info.clock = time.value().time ? time.value().time : time.value().date;
  co_return info;
}

Task<Answer<AccountInfo>> SapiwsAppliance::start_account(const Credential& who, Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_texts(who));
  const auto settings = state_->cluster.settings();
  AccountInfo account;
  account.user = who.user;
  if (who.user != settings->user) {
    const Call call{"lookup", Access::login, state_->cluster.common_attempt(), deadline};
    const auto found = plain(co_await state_->manage(
        call, lookup_request(state_->identity_of(who, *settings), who.user)));
    if (!found && found.error().failure != Failure::not_permitted) co_return found.error();
    account.administrator = found && (found.value().rights.value_or(0) & kManagesUsers) != 0;
    if (account.administrator) {
      account.trace = found.value().trace;
      co_return account;
    }
  }
  const auto own = plain(co_await state_->certificates(who, deadline));
  if (!own) co_return own.error();
  account.trace = own.value().trace;
  if (settings->sapiws.prompt_for_sign) account.sign_credential = SignCredential::password;
  co_return account;
}

Task<Answer<std::optional<ObjectSet>>> SapiwsAppliance::start_objects(const Credential& who,
                                                                      std::string_view known_etag,
                                                                      Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_texts(who));
  const std::string etag(known_etag);
  const auto own = plain(co_await state_->certificates(who, deadline));
  if (!own) co_return own.error();
  const auto issuers = co_await state_->issuers(deadline);
  auto objects = objects_of(state_->der, own.value().certificates, issuers.value(), deadline);
  if (!objects) co_return std::move(objects).error();
  state_->learn(std::move(objects.value().keys));
  ObjectSet set = std::move(objects.value().set);
  if (!etag.empty() && set.etag == etag) co_return std::nullopt;
  co_return std::optional(std::move(set));
}

Task<Answer<Signatures>> SapiwsAppliance::start_sign(const Credential& who,
                                                     const SignRequest& request,
                                                     Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_texts(who));
  const auto settings = state_->cluster.settings();
  const bool rsa = request.algorithm == Scheme::rsa_pkcs1 ||
                   (request.algorithm == Scheme::rsa_pss && settings->sapiws.pss);
  const auto flags = sign_flags(request.hash, request.algorithm, settings->sapiws.pkcs1_flag);
  if (!rsa || !flags) {
    co_return refuse(
        Failure::not_supported,
        "the SOAP service signs digests of SHA-1, SHA-256, SHA-384 and SHA-512 with RSA");
  }
  BOOST_OUTCOME_CO_TRY(check_digests(request));
  auto key = co_await state_->key(who, request.key_id, deadline);
  if (!key) co_return std::move(key).error();
  IssuerSerial names;
  if (settings->sapiws.selector == Selector::issuer_serial) {
    auto read = issuer_serial_of(key.value().certificate);
    if (!read) {
      co_return refuse(Failure::bad_parameter,
                       "issuer and serial number of the certificate cannot be read; set another "
                       "selector in [token.sapiws]");
    }
    names = *std::move(read);
  }
  if (settings->sapiws.selector == Selector::none && !state_->has_one_key()) {
    co_return refuse(Failure::bad_parameter,
                     "the account has several keys, and without a selector the appliance signs "
                     "with whichever it likes; set selector = \"certificate\" in [token.sapiws]");
  }
  Identity identity = state_->identity_of(who, *settings);
  if (request.sign_password) {
    identity.sign_password = text_of(request.sign_password->reveal());
    if (!is_xml_text(identity.sign_password)) {
      co_return refuse(Failure::sign_credential_wrong, "the second credential cannot be sent");
    }
  }
  const Call call{"sign", Access::read, settings->limits.sign_attempt, deadline,
                  settings->limits.resign ? std::string_view() : std::string_view("signed")};
  Signatures all;
  for (const Bytes& digest : request.digests) {
    const SignInput input{
        *flags, digest, key.value().certificate, settings->sapiws.selector, key.value().key_id,
        names};
    auto answer =
        plain(co_await state_->ask_for_signature(call, sign_request(kPkcs1, identity, input)));
    if (!answer) {
      ApplianceError error = std::move(answer).error();
      if (error.failure == Failure::sign_credential_wrong && !request.sign_password) {
        error.failure = Failure::sign_credential_missing;
      }
      co_return error;
    }
    const auto& signature = answer.value().signature;
    if (!signature || signature->size() != key.value().size) {
      co_return refuse(
          Failure::bad_answer,
          fmt::format(
              "the answer has {}, not a signature of {} bytes: this firmware may answer with "
              "a whole CMS, which is of no use to PKCS#11",
              signature ? fmt::format("{} bytes", signature->size()) : "nothing",
              key.value().size));
    }
    state_->signs_nothing = false;
    all.values.push_back(*signature);
    all.trace = answer.value().trace;
  }
  co_return all;
}

Task<Answer<void>> SapiwsAppliance::start_change_password(const Credential& who,
                                                          const Secret& new_password,
                                                          Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_texts(who));
  const auto settings = state_->cluster.settings();
  Identity identity = state_->identity_of(who, *settings);
  identity.new_password = text_of(new_password.reveal());
  if (!is_xml_text(identity.new_password)) {
    co_return refuse(
        Failure::password_policy,
        "the new password is not UTF-8, or has a control character, and cannot be sent");
  }
  const Call call{"change password", Access::write, state_->cluster.common_attempt(), deadline,
                  "changed the password"};
  const auto told = plain(co_await state_->ask(call, sign_request(kChangePassword, identity)));
  if (!told) co_return told.error();
  co_return success();
}

Task<Answer<void>> SapiwsAppliance::start_set_password(const Credential& administrator,
                                                       std::string user, const Secret& new_password,
                                                       Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_texts(administrator));
  if (!is_xml_text(user) || !is_xml_text(text_of(new_password.reveal()))) {
    co_return refuse(
        Failure::password_policy,
        "the new password is not UTF-8, or has a control character, and cannot be sent");
  }
  const auto settings = state_->cluster.settings();
  const Call call{"set password", Access::write, state_->cluster.common_attempt(), deadline};
  const auto told = plain(co_await state_->manage(
      call, set_password_request(state_->identity_of(administrator, *settings), user,
                                 text_of(new_password.reveal()))));
  if (!told) co_return told.error();
  co_return success();
}

}  // namespace signet::transport::sapiws
