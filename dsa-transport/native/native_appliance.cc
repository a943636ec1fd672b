#include "dsa-transport/native/native_appliance.h"

#include <algorithm>
#include <utility>

#include "crypto/algorithm_table.h"
#include "crypto/base64.h"
#include "dsa-transport/json_writer.h"
#include "dsa-transport/native/problem.h"
#include "dsa-transport/native/state.h"
#include "dsa-transport/native/wire_objects.h"
#include "dsa-transport/native/wire_values.h"
#include "dsa-transport/wire_text.h"

namespace signet::transport::native {

namespace {

std::size_t signature_size(const KeyInfo& key) {
  if (key.type == KeyType::rsa) return (key.bits + 7U) / 8U;
  return 2 * crypto::row_of(key.curve).size;
}

}  // namespace

void SignatureSizes::learn(const KeyInfo& key) {
  const MutexLock lock(mutex_);
  sizes_[key.id] = signature_size(key);
}

void SignatureSizes::learn(const std::vector<KeyInfo>& keys) {
  std::map<std::string, std::size_t> sizes;
  for (const KeyInfo& key : keys) sizes[key.id] = signature_size(key);
  const MutexLock lock(mutex_);
  sizes_.swap(sizes);
}

std::optional<std::size_t> SignatureSizes::find(const std::string& key_id) const {
  const MutexLock lock(mutex_);
  const auto found = sizes_.find(key_id);
  if (found == sizes_.end()) return std::nullopt;
  return found->second;
}

Verdict verdict_of_failure(const https::Response& response) {
  constexpr int misdirected = 421;
  const Problem problem = read_problem(response);
  if (response.status == misdirected) {
    return {Verdict::Kind::alternate,
            {Failure::appliance_fault,
             "this is the alternate, which takes no changes",
             {response.status, problem.sapi_code, response.request_id}}};
  }
  ApplianceError error = error_from(response, problem);
  auto kind = Verdict::Kind::refused;
  if (error.failure == Failure::busy) {
    kind = Verdict::Kind::busy;
  } else if (error.failure == Failure::appliance_fault || error.failure == Failure::bad_answer) {
    kind = Verdict::Kind::faulty;
  }
  return {kind, std::move(error)};
}

State::State(Settings settings)
    : cluster(std::move(settings)),
      sign_batcher([this](const Credential& who, const SignRequest& request,
                          Deadline deadline) { return send_sign(who, request, deadline); },
                   cluster.limits().connections) {}

Task<Result<Trace, CallFailure>> State::tell(Call call, https::Request request) {
  struct Told {
    Trace trace;
  };
  const auto read = [](const https::Response& response) -> Read<Told> {
    if (response.status == https::kNoContent) return Told{};
    return WireError{"a change is answered with a wrong status"};
  };
  auto told = co_await ask<Told>(call, std::move(request), read);
  if (!told) co_return std::move(told).error();
  co_return std::move(told).value().trace;
}

https::Request new_request(https::Method method, std::string target, const Credential* who,
                           std::optional<WipedText> body) {
  https::Request request{method, std::move(target), {}, std::move(body)};
  request.headers.add("Accept", "application/json, application/problem+json");
  request.headers.add("Expect", "");  // a 100-continue would cost a round trip
  if (who != nullptr) {
    const ByteView password = who->password.reveal();
    WipedText pair;
    pair.reserve(who->user.size() + 1 + password.size());
    append(pair, who->user);
    pair.push_back(':');
    append(pair, text_of(password));
    constexpr std::string_view scheme = "Basic ";
    WipedText basic(scheme.size() + crypto::base64_size(pair.size()) + 1);
    std::ranges::copy(scheme, basic.begin());
    crypto::write_base64(view_of(text_of(pair)), basic.data() + scheme.size());
    basic.pop_back();  // the NUL
    request.headers.add("Authorization", text_of(basic));
  }
  if (request.body) request.headers.add("Content-Type", "application/json");
  return request;
}

https::Request new_post(std::string target, const Credential& who, WipedText body,
                        const std::string& idempotency_key) {
  auto request = new_request(https::Method::post, std::move(target), &who, std::move(body));
  request.headers.add("Idempotency-Key", idempotency_key.empty() ? random_uuid() : idempotency_key);
  return request;
}

ApplianceError refuse(Failure failure, std::string sentence) {
  return {failure, std::move(sentence), {}};
}

Answer<void> check_user(const Credential& who) {
  const bool control = std::ranges::any_of(
      who.user, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (who.user.empty() || control || who.user.find(':') != std::string::npos) {
    return refuse(Failure::bad_parameter,
                  "the user's name is empty or has a character that cannot "
                  "be sent (a colon or a control character)");
  }
  return success();
}

Answer<void> check_user_and_id(const Credential& who, const std::string& id) {
  BOOST_OUTCOME_TRY(check_user(who));
  if (is_object_id(id)) return success();
  return refuse(Failure::no_such_object, "the id of the object is invalid");
}

WipedText naming_body(const std::optional<Bytes>& label, const std::optional<Bytes>& cka_id) {
  JsonWriter body;
  if (label) body.base64("label", *label);
  if (cka_id) body.base64("ckaId", *cka_id);
  return body.finish();
}

Answer<Trace> deleted(Result<Trace, CallFailure> result) {
  if (result) return std::move(result).value();
  CallFailure failure = std::move(result).error();
  if (failure.error.failure == Failure::no_such_object && failure.may_be_repeated) {
    return Trace{failure.error.cause.request_id, failure.error.cause.member};
  }
  return std::move(failure.error);
}

NativeAppliance::NativeAppliance(Settings settings)
    : state_(std::make_unique<State>(std::move(settings))) {}

NativeAppliance::~NativeAppliance() = default;

ApplianceInfo NativeAppliance::minimum() const {
  return contract_minimum();
}

// As long as an appliance remembers answers at least.
Milliseconds NativeAppliance::repeatable_for() const {
  return std::chrono::minutes(10);
}

ApplianceFigures NativeAppliance::figures() const {
  return state_->cluster.figures();
}

void NativeAppliance::abandon() noexcept {
  state_->cluster.abandon();
}

void NativeAppliance::reconfigure(const Settings& settings) {
  state_->cluster.reconfigure(settings);
  state_->sign_batcher.change_room(settings.limits.connections);
}

}  // namespace signet::transport::native
