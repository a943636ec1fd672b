#include "dsa-transport/csc/csc_appliance.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "crypto/algorithm_table.h"
#include "dsa-transport/csc/signer.h"
#include "dsa-transport/csc/time_stamper.h"
#include "dsa-transport/sign_batcher.h"

namespace signet::transport::csc {

namespace {

using namespace std::chrono_literals;

// Login and the list of objects follow each other: the same listing serves both.
constexpr Milliseconds kFresh = 3000ms;
constexpr std::size_t kMostGathered = 1000;

template <typename T>
void add(std::vector<T>& list, T item) {
  if (std::ranges::find(list, item) == list.end()) list.push_back(item);
}

// "2.0.0.2" -> 2.0
ApplianceInfo::Version version_from(std::string_view specs) {
  ApplianceInfo::Version version;
  const char* const end = specs.data() + specs.size();
  const auto major = std::from_chars(specs.data(), end, version.major);
  if (major.ec == std::errc() && major.ptr != end) {
    std::from_chars(major.ptr + 1, end, version.minor);
  }
  return version;
}

void add_algorithms(const SigningCredential& credential, ApplianceInfo& info) {
  for (const std::string& oid : credential.algorithms) {
    const AlgorithmRow* const row = find_algorithm(oid);
    const bool of_curves = credential.key.type == KeyType::ec;
    if (row == nullptr || (row->scheme == Scheme::ecdsa) != of_curves) continue;
    add(info.algorithms, row->scheme);
    if (row->hash != Hash::none) {
      add(info.hashes, row->hash);
      continue;
    }
    for (const Hash hash : {Hash::sha256, Hash::sha384, Hash::sha512}) add(info.hashes, hash);
  }
}

// There is one kind of user: a service that permits something not to him refuses the client as such.
ApplianceError at_login(ApplianceError error) {
  if (error.failure == Failure::not_permitted) error.failure = Failure::access_refused;
  return error;
}

ApplianceInfo describe(const ServiceInfo& service, const Listing& listing) {
  ApplianceInfo info;
  info.manufacturer = service.name;
  info.model = "CSC API " + service.specs;
  info.firmware = version_from(service.specs);
  info.stores_objects = false;
  info.changes_passwords = false;
  info.needs_password = false;
  info.time_stamps = names_time_stamps(service);
  std::size_t most = 1;
  for (const CredentialPtr& credential : listing.credentials) {
    if (credential->key.type == KeyType::rsa) {
      add(info.rsa_bits, credential->key.bits);
    } else {
      add(info.curves, credential->key.curve);
    }
    add_algorithms(*credential, info);
    info.needs_password |= credential->wants_pin();
    most = std::max(most, credential->multisign);
  }
  info.max_digests_per_request = std::min(most, kMostGathered);
  return info;
}

}  // namespace

struct State {
  explicit State(Settings settings)
      : service(std::move(settings)),
        signer(service),
        time_stamper(service),
        sign_batcher(
            [this](const Credential& who, const SignRequest& request, Deadline deadline) {
              return signer.sign(who, request, deadline);
            },
            service.cluster.limits().connections, 500ms,
            [this](const SignRequest& request) { return service.multisign_of(request.key_id); }) {}

  Answer<ObjectSet> objects_of(const Listing& listing, Deadline deadline) const;

  Service service;
  Signer signer;
  TimeStamper time_stamper;
  SignBatcher sign_batcher;
};

Answer<ObjectSet> State::objects_of(const Listing& listing, Deadline deadline) const {
  const auto settings = service.cluster.settings();
  const DerCheck& der = service.der();
  ObjectSet set;
  std::set<Bytes> shown;  // certificates; a service may have credentials of issuers, too
  for (const CredentialPtr& credential : listing.credentials) {
    shown.insert(credential->chain.front());
  }
  Bytes summary;  // of all that is shown
  for (const CredentialPtr& credential : listing.credentials) {
    const auto certified = der.certified_key(credential->chain.front());
    if (!certified) continue;
    const auto& named = settings->csc.keys;
    const auto own = std::ranges::find(named, credential->id, &config::CscConfig::Key::credential);
    const Bytes label = copy_of(view_of(own != named.end() ? own->label : certified->common_name));
    KeyInfo key;
    key.id = credential->name;
    key.label = label;
    key.cka_id = certified->id;
    key.type = certified->parameters.type;
    key.bits = certified->parameters.bits;
    key.curve = certified->parameters.curve;
    key.public_key = certified->public_key;
    key.active = credential->enabled;
    for (std::size_t place = 0; place < credential->chain.size(); ++place) {
      if (deadline.passed()) return out_of_time();
      const Bytes& certificate = credential->chain[place];
      const bool issuer = place != 0;
      if (issuer && !shown.insert(certificate).second) continue;
      CertificateInfo info;
      info.id = issuer ? "issuer-" + to_hex(der.digest(Hash::sha256, certificate))
                       : "certificate-" + credential->name;
      info.der = certificate;
      const auto its = issuer ? der.certified_key(certificate) : certified;
      info.label = !issuer ? label : its ? copy_of(view_of(its->common_name)) : Bytes();
      info.cka_id = its ? its->id : Bytes();
      if (!issuer) info.key_id = credential->name;
      summary.insert(summary.end(), certificate.begin(), certificate.end());
      set.certificates.push_back(std::move(info));
    }
    const std::string line = fmt::format("{} {} {}\n", key.id, text_of(key.label), key.active);
    summary.insert(summary.end(), line.begin(), line.end());
    set.keys.push_back(std::move(key));
  }
  set.etag = to_hex(der.digest(Hash::sha256, summary));
  return set;
}

CscAppliance::CscAppliance(Settings settings)
    : state_(std::make_unique<State>(std::move(settings))) {}

CscAppliance::~CscAppliance() = default;

ApplianceInfo CscAppliance::minimum() const {
  ApplianceInfo info;
  info.rsa_bits = {2048, 3072, 4096};
  info.curves = {Curve::p256, Curve::p384, Curve::p521};
  info.algorithms = {Scheme::rsa_pkcs1, Scheme::ecdsa};
  info.hashes = {Hash::sha256, Hash::sha384, Hash::sha512};
  info.stores_objects = false;
  info.changes_passwords = false;
  return info;
}

ApplianceFigures CscAppliance::figures() const {
  return state_->service.figures();
}

void CscAppliance::reconfigure(const Settings& settings) {
  if (state_->service.reconfigure(settings)) state_->signer.forget();
  state_->sign_batcher.change_room(settings.limits.connections);
}

void CscAppliance::abandon() noexcept {
  state_->service.abandon();
}

Task<Answer<ApplianceInfo>> CscAppliance::start_info(Deadline deadline) {
  auto service = co_await state_->service.fresh_info(deadline);
  if (!service) co_return std::move(service).error();
  auto listing = co_await state_->service.listing(kFresh, deadline);
  if (!listing) co_return std::move(listing).error();
  ApplianceInfo info = describe(*service.value(), *listing.value());
  state_->sign_batcher.learn_most_digests(info.max_digests_per_request);
  co_return info;
}

Task<Answer<AccountInfo>> CscAppliance::start_account(const Credential& who, Deadline deadline) {
  auto listing = co_await state_->service.listing(0ms, deadline);
  if (!listing) co_return at_login(std::move(listing).error());
  AccountInfo account;
  account.user = who.user;
  std::size_t most = 1;
  CredentialPtr checkable;
  for (const CredentialPtr& credential : listing.value()->credentials) {
    account.trace = credential->trace;  // of the last request; none where there is no credential
    most = std::max(most, credential->multisign);
    if (credential->wants_otp()) account.sign_credential = SignCredential::one_time_password;
    const bool may_be_checked = credential->enabled && !credential->scal2 &&
                                credential->wants_pin() && !credential->wants_otp();
    if (may_be_checked && checkable == nullptr) checkable = credential;
  }
  state_->sign_batcher.learn_most_digests(std::min(most, kMostGathered));
  if (checkable != nullptr) {
    const auto checked =
        co_await state_->signer.check_pin(who.password, std::move(checkable), deadline);
    if (!checked) co_return at_login(checked.error());
  }
  co_return account;
}

Task<Answer<std::optional<ObjectSet>>> CscAppliance::start_objects(const Credential& /*who*/,
                                                                   std::string_view known_etag,
                                                                   Deadline deadline) {
  const std::string etag(known_etag);
  auto listing = co_await state_->service.listing(kFresh, deadline);
  if (!listing) co_return std::move(listing).error();
  auto set = state_->objects_of(*listing.value(), deadline);
  if (!set) co_return std::move(set).error();
  if (!etag.empty() && set.value().etag == etag) co_return std::nullopt;
  co_return std::optional(std::move(set).value());
}

Task<Answer<Signatures>> CscAppliance::start_sign(const Credential& who, const SignRequest& request,
                                                  Deadline deadline) {
  if (request.digests.empty()) {
    co_return ApplianceError{Failure::bad_parameter, "there is no digest to sign", {}};
  }
  const std::size_t size = crypto::digest_size(request.hash);
  for (const Bytes& digest : request.digests) {
    if (request.hash != Hash::none && digest.size() != size) {
      co_return ApplianceError{
          Failure::digest_length,
          fmt::format("a {} digest has {} bytes", crypto::hash_name(request.hash), size),
          {}};
    }
  }
  co_return co_await state_->sign_batcher.sign(who, request, deadline);
}

Task<Answer<TimeStamp>> CscAppliance::start_time_stamp(TimeStampRequest request,
                                                       Deadline deadline) {
  return state_->time_stamper.stamp(std::move(request), deadline);
}

Task<Answer<void>> CscAppliance::start_change_password(const Credential& /*who*/,
                                                       const Secret& /*new_password*/,
                                                       Deadline /*deadline*/) {
  co_return ApplianceError{Failure::not_supported,
                           "the CSC API has no way to change a PIN; ask the service's operator",
                           {}};
}

Task<Answer<void>> CscAppliance::start_set_password(const Credential& /*administrator*/,
                                                    std::string /*user*/,
                                                    const Secret& /*new_password*/,
                                                    Deadline /*deadline*/) {
  co_return ApplianceError{Failure::not_supported,
                           "the CSC API has no way to set a PIN; ask the service's operator",
                           {}};
}

}  // namespace signet::transport::csc
