// What tests set up in a fake appliance and look up afterwards; what it does for its client is in fake_appliance.cc.
#include <algorithm>
#include <utility>

#include "dsa-transport/testing/fake_appliance.h"

namespace signet::transport {

namespace {

ApplianceInfo default_info() {
  ApplianceInfo info;
  info.manufacturer = "Signet";
  info.model = "Fake appliance";
  info.serial_number = "FAKE0001";
  info.firmware = {1, 0};
  info.hardware = {1, 0};
  info.cluster_id = "fake";
  info.max_digests_per_request = 8;
  info.rsa_bits = {2048, 3072, 4096};
  info.curves = {Curve::p256, Curve::p384, Curve::p521};
  info.algorithms = {Scheme::rsa_pkcs1, Scheme::rsa_pss, Scheme::ecdsa};
  info.hashes = {Hash::sha1, Hash::sha256, Hash::sha384, Hash::sha512};
  info.raw_pkcs1 = true;
  return info;
}

}  // namespace

FakeAppliance::FakeAppliance() : info_(default_info()) {
  accounts_["seal"] = {.user = "seal", .password = "secret"};
}

ApplianceInfo FakeAppliance::minimum() const {
  const Lock lock(mutex_);
  return info_;
}

void FakeAppliance::set_info(ApplianceInfo info) {
  const Lock lock(mutex_);
  info_ = std::move(info);
}

void FakeAppliance::set_account(FakeAccount account) {
  const Lock lock(mutex_);
  accounts_[account.user] = std::move(account);
}

KeyInfo FakeAppliance::add_key(const KeySpec& spec) {
  StoredKey stored;
  stored.key = key_maker()(spec);
  stored.info.label = spec.label;
  stored.info.cka_id = spec.cka_id;
  stored.info.type = spec.type;
  stored.info.bits = spec.type == KeyType::rsa ? spec.bits : 0;
  stored.info.curve = spec.curve;
  stored.info.public_key = public_key_der(stored.key.get());
  stored.info.created_at = std::chrono::system_clock::now();
  const Lock lock(mutex_);
  stored.info.id = new_id('a');
  KeyInfo info = stored.info;
  keys_[info.id] = std::move(stored);
  changed();
  return info;
}

void FakeAppliance::set_key_maker(std::function<PkeyPtr(const KeySpec&)> maker) {
  const Lock lock(mutex_);
  key_maker_ = std::move(maker);
}

std::function<PkeyPtr(const KeySpec&)> FakeAppliance::key_maker() const {
  const Lock lock(mutex_);
  return key_maker_;
}

KeyInfo FakeAppliance::add_rsa_key(unsigned bits, Bytes label, Bytes cka_id) {
  return add_key({KeyType::rsa, bits, Curve::p256, std::move(label), std::move(cka_id)});
}

KeyInfo FakeAppliance::add_ec_key(Curve curve, Bytes label, Bytes cka_id) {
  return add_key({KeyType::ec, 0, curve, std::move(label), std::move(cka_id)});
}

void FakeAppliance::set_key_active(const std::string& id, bool active) {
  const Lock lock(mutex_);
  keys_.at(id).info.active = active;
  changed();
}

CertificateInfo FakeAppliance::add_certificate(ByteView der, Bytes label, Bytes cka_id) {
  const Lock lock(mutex_);
  CertificateInfo info{.id = new_id('c'),
                       .label = std::move(label),
                       .cka_id = std::move(cka_id),
                       .der = copy_of(der),
                       .key_id = {}};
  const auto public_key = certificate_public_key(der);
  for (const auto& [id, key] : keys_) {
    if (public_key && key.info.public_key == *public_key) info.key_id = id;
  }
  certificates_[info.id] = info;
  changed();
  return info;
}

void FakeAppliance::set_object_limit(std::size_t keys_and_certificates) {
  const Lock lock(mutex_);
  object_limit_ = keys_and_certificates;
}

void FakeAppliance::set_repeatable_for(Milliseconds time) {
  const Lock lock(mutex_);
  repeatable_for_ = time;
}

Milliseconds FakeAppliance::repeatable_for() const {
  const Lock lock(mutex_);
  return repeatable_for_;
}

void FakeAppliance::fail_next(Call call, Failure failure, unsigned times) {
  fail_next(call, {failure, "fake appliance: a failure on demand", {}}, times);
}

void FakeAppliance::fail_next(Call call, ApplianceError error, unsigned times) {
  const Lock lock(mutex_);
  auto& queue = failures_[call];
  queue.insert(queue.end(), times, std::move(error));
}

void FakeAppliance::hold(Call call) {
  const Lock lock(mutex_);
  held_.insert(call);
}

void FakeAppliance::let_go(Call call) {
  const Lock lock(mutex_);
  held_.erase(call);
}

void FakeAppliance::clear_failures() {
  const Lock lock(mutex_);
  failures_.clear();
}

void FakeAppliance::spoil_next_signature(Spoil spoil) {
  const Lock lock(mutex_);
  spoil_ = spoil;
}

void FakeAppliance::on_call(std::function<void(Call)> hook) {
  const Lock lock(mutex_);
  hook_ = std::move(hook);
}

unsigned FakeAppliance::calls(Call call) const {
  const Lock lock(mutex_);
  return counts_.at(static_cast<std::size_t>(call));
}

unsigned FakeAppliance::calls() const {
  const Lock lock(mutex_);
  unsigned sum = 0;
  for (const unsigned count : counts_) sum += count;
  return sum;
}

std::vector<SignRequest> FakeAppliance::sign_requests() const {
  const Lock lock(mutex_);
  return sign_requests_;
}

PkeyPtr FakeAppliance::private_key(const std::string& id) const {
  const Lock lock(mutex_);
  EVP_PKEY* key = keys_.at(id).key.get();
  EVP_PKEY_up_ref(key);
  return PkeyPtr(key);
}

Milliseconds FakeAppliance::time_given(Call call) const {
  const Lock lock(mutex_);
  const auto found = given_.find(call);
  return found == given_.end() ? Milliseconds::zero() : found->second;
}

}  // namespace signet::transport
