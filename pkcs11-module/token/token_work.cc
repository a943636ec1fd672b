// Work at the appliance: signatures, keys, certificates.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "common/log.h"
#include "dsa-transport/sign_record.h"
#include "pkcs11-module/token/token.h"

namespace signet::token {

namespace {

// What the appliance refuses where it does not offer what was asked of it.
bool refuses_form(const transport::Answer<transport::Signatures>& answer) {
  if (answer) return false;
  const transport::Failure failure = answer.error().failure;
  return failure == transport::Failure::bad_parameter ||
         failure == transport::Failure::not_supported;
}

bool same_words(const transport::SignRequest& one, const transport::SignRequest& other) {
  return one.algorithm == other.algorithm && one.hash == other.hash && one.digests == other.digests;
}

CkError write_protected() {
  return ck_error(CKR_TOKEN_WRITE_PROTECTED,
                  "the token is write-protected: its service makes, names and deletes no keys or "
                  "certificates for its clients; ask its operator");
}

// A key without CKA_ID cannot be tied to its certificate by SunPKCS11, OpenSSH and others.
CkResult<Bytes> fresh_id() {
  Bytes id(20);
  BOOST_OUTCOME_TRY(crypto::random_bytes(id));
  return id;
}

}  // namespace

template <typename T>
Task<CkResult<T>> Token::settle(LoginPtr login, Deadline deadline, transport::Answer<T> answer,
                                Purpose purpose) {
  if (!answer) {
    const transport::Failure failure = answer.error().failure;
    // The password was changed elsewhere. Going on with the old one would lock the account.
    if (failure == transport::Failure::wrong_password) login_.forget_if(login);
    if (failure == transport::Failure::no_such_object) {
      (void)co_await store_.start_read(login->credential, always_authenticate(), deadline);
    }
  } else {
    co_await refresh_if_old(login, deadline);
  }
  co_return translate(std::move(answer), purpose);
}

void Token::log_done(std::string_view what, ByteView label, const transport::Trace& trace,
                     SteadyTime began) const noexcept try {
  if (!log::enabled(log::Level::info)) return;
  const auto spent = std::chrono::steady_clock::now() - began;
  const auto milliseconds = std::to_string(std::chrono::duration_cast<Milliseconds>(spent).count());
  const ConfigPtr config = this->config();
  const std::string& token = config->label;
  const std::array fields = {
      log::Field{.name = "token", .value = token, .in_sentence = true},
      log::Field{.name = "label", .value = text_of(label), .in_sentence = true},
      log::Field{.name = "member", .value = trace.member},
      log::Field{.name = "request_id", .value = trace.request_id},
      log::Field{.name = "milliseconds", .value = milliseconds, .number = true}};
  log::write(log::Level::info, fmt::format("token \"{}\": {} \"{}\"", token, what, text_of(label)),
             fields);
} catch (...) {  // no memory for the line: what was done is done
}

Task<CkResult<transport::Signatures>> Token::start_sign(MakeRequest make) {
  BOOST_OUTCOME_CO_TRY(const auto request, make(*known_offer()));
  BOOST_OUTCOME_CO_TRY(const auto login, login_.user());
  const Deadline deadline = call_deadline();
  auto answer = co_await appliance_->start_sign(login->credential, request, deadline);
  if (refuses_form(answer)) {
    co_await start_learn(Capabilities::Wanted::fresh, deadline.within(config()->limits.connect));
    BOOST_OUTCOME_CO_TRY(const auto better, make(*known_offer()));
    if (!same_words(better, request))
      answer = co_await appliance_->start_sign(login->credential, better, deadline);
  }
  co_return co_await settle(login, deadline, std::move(answer), Purpose::sign);
}

CkResult<transport::TimeStamp> Token::time_stamp(transport::TimeStampRequest request,
                                                 std::uint64_t milliseconds) {
  const Milliseconds most = config()->limits.call;
  const bool shorter = milliseconds != 0 && milliseconds < static_cast<std::uint64_t>(most.count());
  const Deadline deadline =
      Deadline::after(shorter ? Milliseconds(static_cast<Milliseconds::rep>(milliseconds)) : most);
  return translate(appliance_->time_stamp(std::move(request), deadline), Purpose::time_stamp);
}

Task<CkResult<transport::Signatures>> Token::start_sign_again(transport::SignRequest request,
                                                              std::size_t position, Deadline end) {
  BOOST_OUTCOME_CO_TRY(const auto login, login_.user());
  const Deadline deadline = end.within(config()->limits.call);
  auto answer = co_await appliance_->start_sign(login->credential, request, deadline);
  if (!answer && request.digests.size() > 1 && transport::blames_content(answer.error().failure)) {
    request.idempotency_key = transport::lone_key(request.idempotency_key, position);
    request.digests = {Bytes(request.digests.at(position))};
    answer = co_await appliance_->start_sign(login->credential, request, deadline);
  } else if (answer) {
    answer.value().values = {Bytes(answer.value().values.at(position))};
  }
  co_return co_await settle(login, deadline, std::move(answer), Purpose::sign);
}

CkResult<void> Token::complete(transport::KeySpec& spec) {
  if (!spec.cka_id.empty()) return success();
  BOOST_OUTCOME_TRY(spec.cka_id, fresh_id());
  return success();
}

Task<CkResult<Token::KeyPair>> Token::start_generate(transport::KeySpec spec,
                                                     std::optional<Deadline> end) {
  BOOST_OUTCOME_CO_TRY(const auto login, login_.user());
  if (!assumed_info().stores_objects) co_return write_protected();
  BOOST_OUTCOME_CO_TRY(complete(spec));
  const SteadyTime began = std::chrono::steady_clock::now();
  const Milliseconds most = config()->limits.key_generation;
  const Deadline deadline = end ? end->within(most) : Deadline::after(most);
  auto answer = co_await appliance_->start_generate_key(login->credential, spec, deadline);
  auto settled = co_await settle(login, deadline, std::move(answer), Purpose::generate);
  BOOST_OUTCOME_CO_TRY(auto key, std::move(settled));
  log_done("made key", key.label, key.trace, began);
  const KeyPair pair{handles().of(CKO_PUBLIC_KEY, key.id), handles().of(CKO_PRIVATE_KEY, key.id)};
  store_.put(std::move(key));
  co_return pair;
}

Task<CkResult<CK_OBJECT_HANDLE>> Token::start_store_certificate(
    object::NewCertificate certificate) {
  BOOST_OUTCOME_CO_TRY(const auto login, login_.user());
  if (!assumed_info().stores_objects) co_return write_protected();
  const auto public_key = crypto::PublicKey::from_certificate(context_, certificate.der);
  const auto key = public_key ? store_.key_with(public_key.value()->spki())
                              : std::optional<transport::KeyInfo>();
  BOOST_OUTCOME_CO_TRY(object::check_category(certificate, key.has_value()));
  if (key && certificate.id.empty()) {
    certificate.id = key->cka_id;
    if (certificate.label.empty()) certificate.label = key->label;
  }
  const SteadyTime began = std::chrono::steady_clock::now();
  const Deadline deadline = call_deadline();
  auto answer = co_await appliance_->start_import_certificate(
      login->credential, certificate.der, certificate.label, certificate.id, deadline);
  auto settled = co_await settle(login, deadline, std::move(answer), Purpose::create);
  BOOST_OUTCOME_CO_TRY(auto stored, std::move(settled));
  log_done("stored certificate", stored.label, stored.trace, began);
  const CK_OBJECT_HANDLE handle = handles().of(CKO_CERTIFICATE, stored.id);
  store_.put(std::move(stored));
  co_return handle;
}

Task<CkResult<void>> Token::start_destroy(object::ObjectPtr object) {
  BOOST_OUTCOME_CO_TRY(const auto login, login_.user());
  if (!assumed_info().stores_objects) co_return write_protected();
  const std::string& id = object->appliance_id;
  const ByteView label = object->find(CKA_LABEL).value_or(ByteView{});
  if (object->object_class == CKO_PUBLIC_KEY) {
    // The appliance has one object for both halves. Programs destroy them one after the other, many the public one first.
    store_.hide_public_half(id);
    co_return success();
  }
  const SteadyTime began = std::chrono::steady_clock::now();
  const Deadline deadline = call_deadline();
  if (object->origin == object::Origin::appliance_key) {
    auto answer = co_await appliance_->start_delete_key(login->credential, id, deadline);
    auto settled = co_await settle(login, deadline, std::move(answer), Purpose::destroy);
    BOOST_OUTCOME_CO_TRY(const auto trace, std::move(settled));
    log_done("deleted key", label, trace, began);
    store_.remove_key(id);
    co_return success();
  }
  auto answer = co_await appliance_->start_delete_certificate(login->credential, id, deadline);
  auto settled = co_await settle(login, deadline, std::move(answer), Purpose::destroy);
  BOOST_OUTCOME_CO_TRY(const auto trace, std::move(settled));
  log_done("deleted certificate", label, trace, began);
  store_.remove_certificate(id);
  co_return success();
}

Task<CkResult<void>> Token::start_change(object::ObjectPtr object, object::Change change) {
  BOOST_OUTCOME_CO_TRY(const auto login, login_.user());
  if (change.empty()) co_return success();
  if (!assumed_info().stores_objects) co_return write_protected();
  const std::string& id = object->appliance_id;
  const SteadyTime began = std::chrono::steady_clock::now();
  const Deadline deadline = call_deadline();
  if (object->origin == object::Origin::appliance_key) {
    auto answer = co_await appliance_->start_update_key(login->credential, id, change.label,
                                                        change.id, deadline);
    auto settled = co_await settle(login, deadline, std::move(answer), Purpose::change);
    BOOST_OUTCOME_CO_TRY(auto key, std::move(settled));
    log_done("changed key", key.label, key.trace, began);
    store_.put(std::move(key));
    co_return success();
  }
  if (object->origin == object::Origin::appliance_certificate) {
    auto answer = co_await appliance_->start_update_certificate(login->credential, id, change.label,
                                                                change.id, deadline);
    auto settled = co_await settle(login, deadline, std::move(answer), Purpose::change);
    BOOST_OUTCOME_CO_TRY(auto certificate, std::move(settled));
    log_done("changed certificate", certificate.label, certificate.trace, began);
    store_.put(std::move(certificate));
    co_return success();
  }
  co_return ck_error(CKR_ACTION_PROHIBITED, "this object is part of the token itself");
}

}  // namespace signet::token
