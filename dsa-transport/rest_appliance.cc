#include "dsa-transport/rest_appliance.h"

#include <algorithm>
#include <utility>

#include "dsa-transport/native/json_writer.h"
#include "dsa-transport/rest_state.h"
#include "dsa-transport/native/wire_values.h"

namespace signet::transport {

namespace {

std::vector<FileStamp> stamps_of(const config::MemberConfig& member,
                                 const std::optional<config::ClientCertificate>& certificate) {
  const auto files = config::files_of(member, certificate);
  std::vector<FileStamp> stamps(files.size());
  std::ranges::transform(files, stamps.begin(), FileStamp::of);
  return stamps;
}

std::vector<EndpointOptions> endpoints(const RestOptions& options) {
  std::vector<EndpointOptions> endpoints;
  for (const config::MemberConfig& member : options.members) {
    endpoints.push_back({.member = member,
                         .client_certificate = options.client_certificate,
                         .limits = options.limits,
                         .user_agent = options.user_agent,
                         .may_create_threads = options.may_create_threads,
                         .files = stamps_of(member, options.client_certificate)});
  }
  return endpoints;
}

std::size_t signature_size(const KeyInfo& key) {
  constexpr std::size_t ed25519_size = 64;
  switch (key.type) {
    case KeyType::rsa:
      return (key.bits + 7U) / 8U;
    case KeyType::ec:
      return 2 * order_size(key.curve);
    case KeyType::ed25519:
      break;
  }
  return ed25519_size;
}

}  // namespace

void SignatureSizes::learn(const KeyInfo& key) {
  const std::lock_guard lock(mutex_);
  sizes_[key.id] = signature_size(key);
}

void SignatureSizes::learn(const std::vector<KeyInfo>& keys) {
  std::unordered_map<std::string, std::size_t> sizes;
  for (const KeyInfo& key : keys) sizes[key.id] = signature_size(key);
  const std::lock_guard lock(mutex_);
  sizes_.swap(sizes);
}

std::optional<std::size_t> SignatureSizes::find(const std::string& key_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = sizes_.find(key_id);
  if (found == sizes_.end()) return std::nullopt;
  return found->second;
}

RestState::RestState(RestOptions options)
    : sign_batcher([this](const Credential& who, const SignRequest& request,
                          Deadline deadline) { return send_sign(who, request, deadline); },
                   options.limits.connections),
      options_(std::move(options)),
      pair_(std::make_shared<Pair>(endpoints(options_), counters, sockets, options_.may_repeat)) {}

void RestState::reconfigure(const config::TokenConfig& config) {
  std::shared_ptr<Pair> former;  // its connections are closed on return, after the lock
  const std::lock_guard lock(mutex_);
  options_.members = config.members;
  options_.client_certificate = config.client_certificate;
  options_.limits = config.limits;
  sign_batcher.change_room(config.limits.connections);
  former =
      std::exchange(pair_, std::make_shared<Pair>(endpoints(options_), counters, sockets, *pair_));
}

std::shared_ptr<Pair> RestState::pair() const {
  const std::lock_guard lock(mutex_);
  return pair_;
}

config::Limits RestState::limits() const {
  const std::lock_guard lock(mutex_);
  return options_.limits;
}

Result<void, CallFailure> RestState::tell(const Call& call, const HttpRequest& request) {
  constexpr int no_content = 204;
  const AnswerReader reader = [](const HttpAnswer& answer) -> std::optional<std::string> {
    if (answer.status != no_content) return "a change is answered with a wrong status";
    return std::nullopt;
  };
  auto reply = pair()->call(call, request, reader);
  if (!reply) return std::move(reply).error();
  return success();
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

Answer<void> check_id(const std::string& id) {
  if (is_object_id(id)) return success();
  return refuse(Failure::no_such_object, "this is no id of an object");
}

WipedText naming_body(const std::optional<Bytes>& label, const std::optional<Bytes>& cka_id) {
  JsonWriter body;
  if (label) body.base64("label", *label);
  if (cka_id) body.base64("ckaId", *cka_id);
  return body.finish();
}

Answer<void> deleted(const Result<void, CallFailure>& result) {
  if (result) return success();
  const CallFailure& failure = result.error();
  if (failure.error.failure == Failure::no_such_object && failure.may_be_repeated) {
    return success();
  }
  return failure.error;
}

RestAppliance::RestAppliance(RestOptions options)
    : state_(std::make_unique<RestState>(std::move(options))) {}

RestAppliance::~RestAppliance() = default;

ApplianceFigures RestAppliance::figures() const {
  return state_->counters.read();
}

void RestAppliance::abandon() noexcept {
  state_->sockets.close_all();
}

void RestAppliance::reconfigure(const config::TokenConfig& config) {
  state_->reconfigure(config);
}

std::unique_ptr<RestAppliance> make_rest_appliance(RestOptions options) {
  return std::make_unique<RestAppliance>(std::move(options));
}

}  // namespace signet::transport
