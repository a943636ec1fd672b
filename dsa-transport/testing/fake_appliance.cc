#include "dsa-transport/testing/fake_appliance.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "crypto/algorithm_table.h"
#include "dsa-transport/sign_record.h"

namespace signet::transport {

namespace {

constexpr unsigned kWrongPasswordsToLock = 5;

ApplianceError fail(Failure failure, std::string sentence) {
  return ApplianceError{failure, "fake appliance: " + std::move(sentence), {}};
}

template <typename Object>
void update(Object& object, const std::optional<Bytes>& label, const std::optional<Bytes>& cka_id) {
  if (label) object.label = *label;
  if (cka_id) object.cka_id = *cka_id;
}

}  // namespace

Answer<FakeAppliance::Lock> FakeAppliance::begin(Call call, Deadline deadline) {
  std::function<void(Call)> hook;
  {
    const Lock lock(mutex_);
    ++counts_.at(static_cast<std::size_t>(call));
    given_[call] = deadline.left();
    hook = hook_;
  }
  if (hook) hook(call);
  Lock lock(mutex_);
  if (auto& queue = failures_[call]; !queue.empty()) {
    ApplianceError error = std::move(queue.front());
    queue.pop_front();
    return error;
  }
  if (deadline.passed()) return fail(Failure::timed_out, "the deadline has passed");
  return lock;
}

bool FakeAppliance::is_held(Call call) const {
  const Lock lock(mutex_);
  return held_.contains(call);
}

Task<bool> FakeAppliance::held(Call call, Deadline deadline) {
  while (is_held(call) && !deadline.passed()) co_await wait_for(Milliseconds(1));
  co_return true;
}

Answer<FakeAppliance::Lock> FakeAppliance::begin_as(Call call, const Credential& who,
                                                    Deadline deadline) {
  BOOST_OUTCOME_TRY(auto lock, begin(call, deadline));
  BOOST_OUTCOME_TRY(authenticate(who));
  if (accounts_[who.user].expired && call != Call::change_password) {
    return fail(Failure::password_expired, "the password has expired");
  }
  return lock;
}

Answer<void> FakeAppliance::authenticate(const Credential& who) {
  const auto found = accounts_.find(who.user);
  if (found == accounts_.end()) return fail(Failure::wrong_password, "wrong user or password");
  FakeAccount& account = found->second;
  if (account.disabled) return fail(Failure::account_disabled, "the account is disabled");
  if (!account.activated) return fail(Failure::account_not_activated, "not activated yet");
  if (account.wrong_passwords >= kWrongPasswordsToLock) {
    return fail(Failure::account_locked, "the account is locked");
  }
  if (!(who.password == Secret(account.password))) {
    ++account.wrong_passwords;
    return fail(Failure::wrong_password, "wrong user or password");
  }
  account.wrong_passwords = 0;
  return success();
}

Task<Answer<ApplianceInfo>> FakeAppliance::start_info(Deadline deadline) {
  co_await held(Call::info, deadline);
  BOOST_OUTCOME_CO_TRY(const auto lock, begin(Call::info, deadline));
  co_return info_;
}

Task<Answer<AccountInfo>> FakeAppliance::start_account(const Credential& who, Deadline deadline) {
  co_await held(Call::account, deadline);
  BOOST_OUTCOME_CO_TRY(const auto lock, begin_as(Call::account, who, deadline));
  const FakeAccount& account = accounts_[who.user];
  co_return AccountInfo{.user = account.user,
                        .common_name = account.user,
                        .administrator = account.administrator,
                        .sign_credential = account.sign_credential,
                        .password_expires_at = std::nullopt,
                        .trace = {}};
}

Task<Answer<std::optional<ObjectSet>>> FakeAppliance::start_objects(const Credential& who,
                                                                    std::string_view known_etag,
                                                                    Deadline deadline) {
  co_await held(Call::objects, deadline);
  BOOST_OUTCOME_CO_TRY(const auto lock, begin_as(Call::objects, who, deadline));
  ObjectSet set;
  set.etag = fmt::format("\"{}\"", version_);
  if (set.etag == known_etag) co_return std::nullopt;
  for (const auto& [id, key] : keys_) set.keys.push_back(key.info);
  for (const auto& [id, certificate] : certificates_) set.certificates.push_back(certificate);
  co_return set;
}

Answer<void> FakeAppliance::check_sign_password(const FakeAccount& account,
                                                const SignRequest& request) const {
  if (account.sign_credential == SignCredential::none) return success();
  if (!request.sign_password) {
    return fail(Failure::sign_credential_missing, "the key requires a second credential");
  }
  if (*request.sign_password == Secret(account.sign_password)) return success();
  return fail(Failure::sign_credential_wrong, "the second credential is wrong");
}

Answer<Bytes> FakeAppliance::sign_one(const StoredKey& key, const SignRequest& request,
                                      const Bytes& digest) {
  if (request.hash != Hash::none && digest.size() != crypto::digest_size(request.hash)) {
    return fail(Failure::digest_length, "the digest has the wrong length");
  }
  Bytes input = digest;
  PkeyPtr other;
  EVP_PKEY* signer = key.key.get();
  const Spoil spoil = std::exchange(spoil_, Spoil::none);
  if (spoil == Spoil::other_digest && !input.empty()) input[0] ^= 1U;
  if (spoil == Spoil::other_key) {
    other = key_maker_({key.info.type, key.info.bits, key.info.curve, {}, {}});
    signer = other.get();
  }
  auto signature = fake_sign(signer, request.algorithm, request.hash, request.salt_length, input);
  if (!signature) return fail(Failure::bad_parameter, "the key cannot sign this");
  if (spoil == Spoil::bit_flip) signature->back() ^= 1U;
  if (spoil == Spoil::cut_short) signature->pop_back();
  return *std::move(signature);
}

// The idempotency key under which it goes.
std::string FakeAppliance::depart(const SignRequest& request) {
  if (request.records.empty()) return request.idempotency_key;
  std::string candidate;
  {
    const Lock lock(mutex_);
    candidate = new_id('e');
  }
  return request.records.front()->depart({SignRecord::with_key(request, std::move(candidate)), 0});
}

Task<Answer<Signatures>> FakeAppliance::start_sign(const Credential& who,
                                                   const SignRequest& request, Deadline deadline) {
  const std::string idempotency_key = depart(request);
  co_await held(Call::sign, deadline);
  BOOST_OUTCOME_CO_TRY(const auto lock, begin_as(Call::sign, who, deadline));
  const auto answered = signed_.find(idempotency_key);
  if (answered != signed_.end()) co_return answered->second;
  sign_requests_.push_back(request);
  const auto key = keys_.find(request.key_id);
  if (key == keys_.end()) co_return fail(Failure::no_such_object, "no such key");
  if (!key->second.info.active) co_return fail(Failure::not_permitted, "the key is disabled");
  BOOST_OUTCOME_CO_TRY(check_sign_password(accounts_[who.user], request));
  if (request.digests.empty() || request.digests.size() > info_.max_digests_per_request) {
    co_return fail(Failure::bad_parameter, "the number of digests is out of bounds");
  }
  Signatures signatures;
  for (const Bytes& digest : request.digests) {
    BOOST_OUTCOME_CO_TRY(auto signature, sign_one(key->second, request, digest));
    signatures.values.push_back(std::move(signature));
  }
  if (!idempotency_key.empty()) signed_[idempotency_key] = signatures;
  co_return signatures;
}

Task<Answer<Traced<KeyInfo>>> FakeAppliance::start_generate_key(const Credential& who,
                                                                const KeySpec& spec,
                                                                Deadline deadline) {
  {
    co_await held(Call::generate_key, deadline);
    BOOST_OUTCOME_CO_TRY(const auto lock, begin_as(Call::generate_key, who, deadline));
    const auto answered = made_.find(spec.idempotency_key);
    if (answered != made_.end()) co_return answered->second;
    if (keys_.size() + certificates_.size() >= object_limit_) {
      co_return fail(Failure::storage_full, "the key limit is reached");
    }
    const bool known_size = spec.type != KeyType::rsa ||
                            std::ranges::find(info_.rsa_bits, spec.bits) != info_.rsa_bits.end();
    if (!known_size) co_return fail(Failure::bad_parameter, "no keys of this size");
  }
  const KeyInfo made = add_key(spec);
  if (!spec.idempotency_key.empty()) {
    const Lock lock(mutex_);
    made_[spec.idempotency_key] = made;
  }
  co_return made;
}

Task<Answer<Traced<KeyInfo>>> FakeAppliance::start_update_key(const Credential& who, std::string id,
                                                              std::optional<Bytes> label,
                                                              std::optional<Bytes> cka_id,
                                                              Deadline deadline) {
  co_await held(Call::update_key, deadline);
  BOOST_OUTCOME_CO_TRY(const auto lock, begin_as(Call::update_key, who, deadline));
  const auto key = keys_.find(id);
  if (key == keys_.end()) co_return fail(Failure::no_such_object, "no such key");
  update(key->second.info, label, cka_id);
  changed();
  co_return key->second.info;
}

Task<Answer<Trace>> FakeAppliance::start_delete_key(const Credential& who, std::string id,
                                                    Deadline deadline) {
  co_await held(Call::delete_key, deadline);
  BOOST_OUTCOME_CO_TRY(const auto lock, begin_as(Call::delete_key, who, deadline));
  if (keys_.erase(id) == 0) co_return fail(Failure::no_such_object, "no such key");
  for (auto& [certificate_id, certificate] : certificates_) {
    if (certificate.key_id == id) certificate.key_id.clear();
  }
  changed();
  co_return Trace{};
}

Task<Answer<Traced<CertificateInfo>>> FakeAppliance::start_import_certificate(
    const Credential& who, ByteView der, Bytes label, Bytes cka_id, Deadline deadline) {
  {
    co_await held(Call::import_certificate, deadline);
    BOOST_OUTCOME_CO_TRY(const auto lock, begin_as(Call::import_certificate, who, deadline));
    if (!certificate_public_key(der)) co_return fail(Failure::bad_parameter, "not a certificate");
    for (const auto& [id, certificate] : certificates_) {
      const bool same_names = certificate.label == label && certificate.cka_id == cka_id;
      if (same_names && equal(certificate.der, der)) co_return certificate;
    }
    if (keys_.size() + certificates_.size() >= object_limit_) {
      co_return fail(Failure::storage_full, "the certificate limit is reached");
    }
  }
  co_return add_certificate(der, label, cka_id);
}

Task<Answer<Traced<CertificateInfo>>> FakeAppliance::start_update_certificate(
    const Credential& who, std::string id, std::optional<Bytes> label, std::optional<Bytes> cka_id,
    Deadline deadline) {
  co_await held(Call::update_certificate, deadline);
  BOOST_OUTCOME_CO_TRY(const auto lock, begin_as(Call::update_certificate, who, deadline));
  const auto certificate = certificates_.find(id);
  if (certificate == certificates_.end()) {
    co_return fail(Failure::no_such_object, "no such certificate");
  }
  update(certificate->second, label, cka_id);
  changed();
  co_return certificate->second;
}

Task<Answer<Trace>> FakeAppliance::start_delete_certificate(const Credential& who, std::string id,
                                                            Deadline deadline) {
  co_await held(Call::delete_certificate, deadline);
  BOOST_OUTCOME_CO_TRY(const auto lock, begin_as(Call::delete_certificate, who, deadline));
  if (certificates_.erase(id) == 0) co_return fail(Failure::no_such_object, "no such certificate");
  changed();
  co_return Trace{};
}

Task<Answer<void>> FakeAppliance::start_change_password(const Credential& who,
                                                        const Secret& new_password,
                                                        Deadline deadline) {
  co_await held(Call::change_password, deadline);
  BOOST_OUTCOME_CO_TRY(const auto lock, begin_as(Call::change_password, who, deadline));
  if (new_password.empty())
    co_return fail(Failure::password_length, "the new password is too short");
  FakeAccount& account = accounts_[who.user];
  account.password = text_of(new_password.reveal());
  account.expired = false;
  co_return success();
}

Task<Answer<void>> FakeAppliance::start_set_password(const Credential& administrator,
                                                     std::string user, const Secret& new_password,
                                                     Deadline deadline) {
  co_await held(Call::set_password, deadline);
  BOOST_OUTCOME_CO_TRY(const auto lock, begin_as(Call::set_password, administrator, deadline));
  if (!accounts_[administrator.user].administrator) {
    co_return fail(Failure::not_permitted, "only an administrator sets others' passwords");
  }
  const auto account = accounts_.find(user);
  if (account == accounts_.end()) co_return fail(Failure::no_such_object, "no such account");
  if (new_password.empty())
    co_return fail(Failure::password_length, "the new password is too short");
  account->second.password = text_of(new_password.reveal());
  account->second.wrong_passwords = 0;
  co_return success();
}

std::string FakeAppliance::new_id(char kind) {
  return fmt::format("{:08x}-0000-4000-8000-{}{:011x}", next_id_++, kind, 0);
}

}  // namespace signet::transport
