#include "dsa-transport/sapiws/sapiws_appliance.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <map>
#include <utility>

#include "common/mutex.h"
#include "crypto/algorithm_table.h"
#include "dsa-transport/cluster.h"
#include "dsa-transport/der_check.h"
#include "dsa-transport/sapiws/failures.h"
#include "dsa-transport/wire_text.h"

namespace signet::transport::sapiws {

namespace {

constexpr std::size_t kMostBytes = std::size_t{16} * 1024 * 1024;  // of all certificates

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

unsigned number_from(std::string_view text) {
  unsigned number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// A key of the account, with what a signature needs of its certificate.
struct KnownKey {
  Bytes certificate;
  Bytes key_id;          // SHA-1 of the public key
  std::size_t size = 0;  // bytes of a signature
};

}  // namespace

struct State {
  explicit State(Settings settings) : cluster(std::move(settings)) {}

  // Sends, and judges a DSS or SPML result.
  Task<Result<DssAnswer, CallFailure>> ask(Call call, https::Request request) {
    const auto judge = [](const https::Response& response,
                          const std::string& /*member*/) -> Judged<DssAnswer> {
      if (response.status != https::kOk) return verdict_of_status(response);
      auto answer = read_dss(response.body);
      if (answer && !answer.value().success) return verdict_of(answer.value(), response);
      return judged(std::move(answer), response);
    };
    co_return co_await cluster.ask<DssAnswer>(call, std::move(request), judge);
  }
  Task<Result<SpmlAnswer, CallFailure>> manage(Call call, https::Request request) {
    const auto judge = [](const https::Response& response,
                          const std::string& /*member*/) -> Judged<SpmlAnswer> {
      if (response.status != https::kOk) return verdict_of_status(response);
      auto answer = read_spml(response.body);
      if (answer && !answer.value().success) return verdict_of(answer.value(), response);
      return judged(std::move(answer), response);
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
    const Call call{"enum-certificates", Access::read, cluster.common_attempt(), deadline};
    co_return co_await ask(call, sign_request(kEnumCertificates, identity_of(who, *settings)));
  }

  Answer<ObjectSet> objects_of(const DssAnswer& own, const std::vector<Bytes>& issuers);
  std::optional<KnownKey> find_key(const std::string& id) const;
  Task<Answer<KnownKey>> key(const Credential& who, std::string id, Deadline deadline);

  Cluster cluster;
  const DerCheck der;
  std::atomic<bool> signs_nothing{false};  // the firmware has said so
  mutable Mutex mutex;                     // held only for moments
  std::map<std::string, KnownKey> keys SIGNET_GUARDED_BY(mutex);
};

Answer<ObjectSet> State::objects_of(const DssAnswer& own, const std::vector<Bytes>& issuers) {
  ObjectSet set;
  Bytes summary;
  std::map<std::string, KnownKey> known;
  const auto add = [&](const Bytes& der_bytes, const CertifiedKey* certified, bool has_key) {
    const std::string id = to_hex(der.digest(Hash::sha256, der_bytes));
    if (std::ranges::find(set.certificates, "certificate-" + id, &CertificateInfo::id) !=
        set.certificates.end()) {
      return;
    }
    CertificateInfo info;
    info.id = "certificate-" + id;
    info.der = der_bytes;
    if (certified != nullptr) {
      info.label = copy_of(view_of(certified->common_name));
      info.cka_id = certified->id;
    }
    if (has_key) {
      KeyInfo key;
      key.id = id;
      key.label = info.label;
      key.cka_id = info.cka_id;
      key.type = certified->parameters.type;
      key.bits = certified->parameters.bits;
      key.public_key = certified->public_key;
      info.key_id = id;
      known[id] = {der_bytes, certified->id, (certified->parameters.bits + 7) / 8};
      set.keys.push_back(std::move(key));
    }
    summary.insert(summary.end(), der_bytes.begin(), der_bytes.end());
    set.certificates.push_back(std::move(info));
  };
  for (const Bytes& certificate : own.certificates) {
    const auto certified = der.certified_key(certificate);
    if (!der.is_certificate(certificate)) {
      return refuse(Failure::bad_answer, "a certificate of the account cannot be read");
    }
    const bool rsa = certified && certified->parameters.type == KeyType::rsa;
    add(certificate, certified ? &*certified : nullptr, rsa);
  }
  for (const Bytes& issuer : issuers) {
    const auto certified = der.certified_key(issuer);
    if (certified) add(issuer, &*certified, false);
  }
  if (summary.size() > kMostBytes) {
    return refuse(Failure::bad_answer, "the certificates of the account are too large");
  }
  set.etag = to_hex(der.digest(Hash::sha256, summary));
  const MutexLock lock(mutex);
  keys.swap(known);
  return set;
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
  const auto set = objects_of(own.value(), none);
  if (!set) co_return set.error();
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
  if (other) state_->signs_nothing = false;
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
  if (time) info.clock = parse_time(time.value().time);
  co_return info;
}

Task<Answer<AccountInfo>> SapiwsAppliance::start_account(const Credential& who, Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_texts(who));
  const auto settings = state_->cluster.settings();
  AccountInfo account;
  account.user = who.user;
  account.trace.member = settings->members.front().url;
  if (who.user == settings->user) {
    const auto own = plain(co_await state_->certificates(who, deadline));
    if (!own) co_return own.error();
    if (settings->sapiws.prompt_for_sign) account.sign_credential = SignCredential::password;
    co_return account;
  }
  const Call call{"lookup", Access::read, state_->cluster.common_attempt(), deadline};
  const auto found = plain(
      co_await state_->manage(call, lookup_request(state_->identity_of(who, *settings), who.user)));
  if (!found) co_return found.error();
  account.administrator = true;
  co_return account;
}

Task<Answer<std::optional<ObjectSet>>> SapiwsAppliance::start_objects(const Credential& who,
                                                                      std::string_view known_etag,
                                                                      Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_texts(who));
  const std::string etag(known_etag);
  const auto own = plain(co_await state_->certificates(who, deadline));
  if (!own) co_return own.error();
  // Issuers are a convenience: without them programs need them from elsewhere.
  // They get no more than half of the time, so that a login does not fail for them.
  const Call call{"ca-info-get", Access::read, state_->cluster.common_attempt(),
                  deadline.within(deadline.left() / 2)};
  const auto issuers = plain(co_await state_->ask(call, verify_request(kCaInfoGet)));
  const std::vector<Bytes> chain = issuers ? issuers.value().certificates : std::vector<Bytes>();
  auto set = state_->objects_of(own.value(), chain);
  if (!set) co_return std::move(set).error();
  if (!etag.empty() && set.value().etag == etag) co_return std::nullopt;
  co_return std::optional(std::move(set).value());
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
  auto key = co_await state_->key(who, request.key_id, deadline);
  if (!key) co_return std::move(key).error();
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
    if (digest.size() != crypto::digest_size(request.hash)) {
      co_return refuse(Failure::digest_length,
                       fmt::format("a {} digest has {} bytes", crypto::hash_name(request.hash),
                                   crypto::digest_size(request.hash)));
    }
    const SignInput input{*flags, digest, key.value().certificate, settings->sapiws.selector,
                          key.value().key_id};
    auto answer = plain(co_await state_->ask(call, sign_request(kPkcs1, identity, input)));
    if (!answer) {
      ApplianceError error = std::move(answer).error();
      if (error.failure == Failure::not_supported) state_->signs_nothing = true;
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
    all.values.push_back(*signature);
  }
  all.trace.member = settings->members.front().url;
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
