#include "softhsm-backend/csc/service.h"

#include <fmt/format.h>

#include <array>

#include "common/log.h"
#include "softhsm-backend/csc/algorithms.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/native/json_body.h"

namespace signet::emulator::csc {

enum class Access { open, client, token };

struct Method {
  std::string_view path;  // below the version
  Access access;
  bool form;  // takes one (RFC 6749), as well as JSON
  bool v1;
  bool v2;
  bool shown;  // among the methods of info, where it is served
  Outcome<Answer> (Service::*call)(Call&);

  static std::span<const Method> all();
};

std::span<const Method> Method::all() {
  using enum Access;
  static const auto methods = std::to_array<Method>({
      {"info", open, false, true, true, true, &Service::info},
      {"oauth2/token", client, true, true, true, true, &Service::token},
      {"oauth2/revoke", client, true, true, true, true, &Service::revoke_as_client},
      {"auth/login", client, false, true, true, true, &Service::log_in},
      {"auth/revoke", token, false, true, true, true, &Service::revoke_as_user},
      {"credentials/list", token, false, true, true, true, &Service::list},
      {"credentials/info", token, false, true, true, true, &Service::credential_info},
      {"credentials/authorize", token, false, true, true, true, &Service::authorize},
      {"credentials/extendTransaction", token, false, true, true, true, &Service::extend},
      {"signatures/signHash", token, false, true, true, true, &Service::sign_hash},
      {"signatures/signPolling", token, false, false, true, true, &Service::poll},
      {"signatures/timestamp", token, false, true, true, true, &Service::time_stamp},
  });
  return methods;
}

namespace {

struct Target {
  Version version;
  const Method* method;
};

std::optional<Target> find_method(std::string_view target) {
  std::string_view path = target.substr(0, target.find('?'));
  if (!path.starts_with(kPrefix)) return std::nullopt;
  path.remove_prefix(kPrefix.size());
  const bool v1 = path.starts_with("v1/");
  if (!v1 && !path.starts_with("v2/")) return std::nullopt;
  path.remove_prefix(3);
  for (const Method& method : Method::all()) {
    if (method.path == path && (v1 ? method.v1 : method.v2)) {
      return Target{v1 ? Version::v1 : Version::v2, &method};
    }
  }
  return std::nullopt;
}

// application/x-www-form-urlencoded as an object of texts.
std::optional<boost::json::object> read_form(std::string_view body) {
  boost::json::object form;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('&'), body.size());
    const std::string_view pair = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    std::string value(pair.substr(std::min(equals + 1, pair.size())));
    for (char& c : value) c = c == '+' ? ' ' : c;
    const auto decoded = percent_decoded(value);
    const std::string_view name = pair.substr(0, equals);
    if (!decoded || form.contains(name)) return std::nullopt;  // RFC 6749, 3.2: nothing twice
    form[name] = *decoded;
  }
  return form;
}

Outcome<boost::json::object> read_body(const Request& request, const Method& method) {
  if (request.method == "GET" || request.body.empty()) return boost::json::object();
  const std::string type = media_type(request.header("Content-Type"));
  if (method.form && type == "application/x-www-form-urlencoded") {
    auto form = read_form(request.body);
    if (!form) return invalid("The body is not application/x-www-form-urlencoded");
    return *std::move(form);
  }
  if (type != "application/json") {
    return Refused{415, "invalid_request", "A body needs Content-Type: application/json"};
  }
  const auto json = read_object(request);
  if (!json) return invalid("The body is not a JSON object");
  return json.assume_value().as_object();
}

Outcome<std::string> client_data_in(const boost::json::object& body) {
  constexpr std::size_t longest = 4096;  // bytes, as of a reference in the contract
  const auto* const member = body.if_contains("clientData");
  if (member == nullptr || member->is_null()) return std::string();
  auto text = text_in(body, "clientData");
  if (!text || text->size() > longest) return invalid("Invalid parameter clientData");
  return *std::move(text);
}

}  // namespace

// Of a locked account the specification knows what its credentials say, and nothing else.
Refused refusal_of(Denial denial, Version version) {
  switch (denial) {
    case Denial::account_locked:
      return invalid(version == Version::v1 ? "PIN locked" : "Credential locked");
    case Denial::account_not_activated:
      return {403, "access_denied", "The user is not activated"};
    case Denial::password_expired:
      return {403, "access_denied", "The password of the user has expired"};
    default:
      return {403, "access_denied", "The user is disabled"};
  }
}

Service::Service(State& state, Token& token, std::string role, Settings settings)
    : state_(state),
      token_(token),
      role_(std::move(role)),
      settings_(std::move(settings)),
      authenticator_(state) {}

bool Service::serves(std::string_view target) const {
  return target.starts_with(kPrefix) || is_metadata(target);
}

bool Service::serves(const Method& method) const {
  return method.call != &Service::time_stamp || settings_.time_stamps;
}

std::string Service::route_name(const Request& request) const {
  if (is_metadata(request.target)) return std::string(kMetadata);
  const auto found = find_method(request.target);
  if (!found || !serves(*found->method)) return "other";
  return fmt::format("{}{}/{}", kPrefix, found->version == Version::v1 ? "v1" : "v2",
                     found->method->path);
}

Answer Service::answer_under_fault(const Request& /*request*/, const Fault& fault,
                                   Answer answer) const {
  if (fault.kind != Fault::Kind::status) return answer_under(fault, std::move(answer));
  const std::string usual = fault.status == 503 ? "temporarily_unavailable" : "server_error";
  Answer refused =
      answer_of(Refused{fault.status, fault.sapi_code.empty() ? usual : fault.sapi_code,
                        fault.detail.empty() ? "An injected fault" : fault.detail});
  if (fault.retry_after) {
    refused.headers.emplace_back("Retry-After", std::to_string(*fault.retry_after));
  }
  return refused;
}

Answer Service::handle(const Request& request) noexcept {
  try {
    auto answer = dispatch(request);
    return answer ? std::move(answer).assume_value() : answer_of(answer.assume_error());
  } catch (const std::exception& error) {
    log::error("request {} failed: {}", request.id, error.what());
  }
  return answer_of(Refused{500, "server_error", "The service failed"});
}

Outcome<Answer> Service::dispatch(const Request& request) {
  if (is_metadata(request.target)) return metadata(request);
  const auto target = find_method(request.target);
  if (!target || !serves(*target->method))
    return Refused{404, "invalid_request", "There is no such method"};
  const bool get_info = request.method == "GET" && target->method->path == "info";
  if (request.method != "POST" && !get_info) {
    return Refused{405, "invalid_request", "Methods are called by POST"};
  }
  BOOST_OUTCOME_TRY(auto body, read_body(request, *target->method));
  Call call{.request = request, .version = target->version, .body = std::move(body)};
  BOOST_OUTCOME_TRY(call.client_data, client_data_in(call.body));
  if (target->method->access == Access::token) {
    BOOST_OUTCOME_TRY(admit(call));
  }
  return (this->*target->method->call)(call);
}

Outcome<void> Service::admit(Call& call) {
  BOOST_OUTCOME_TRY(const std::string user, account_of(call));
  const auto account =
      state_.read([&](Database& database) { return find_account(database, user); });
  if (!account) return refusal_of(Denial::account_disabled, call.version);
  const auto standing = Authenticator::standing(*account, Authenticator::Expired::refused);
  if (!standing) return refusal_of(standing.assume_error(), call.version);
  call.account = *account;
  call.policy = state_.read([&](Database& database) { return find_policy(database, user); });
  return success();
}

Outcome<Answer> Service::info(Call& call) {
  boost::json::array methods;
  for (const Method& method : Method::all()) {
    if (method.shown && serves(method) && (call.v1() ? method.v1 : method.v2))
      methods.emplace_back(method.path);
  }
  boost::json::array ways{"basic", "oauth2client"};
  if (state_.read([](Database& database) { return knows_certificates(database); })) {
    ways.emplace_back("TLS");
  }
  const std::string host(call.request.header("Host"));
  const std::string base = fmt::format("https://{}/csc/{}", host, call.v1() ? "v1" : "v2");
  boost::json::object info{
      {"specs", call.v1() ? "1.0.4.0" : "2.0.0.2"},
      {"name", "Signet emulator"},
      {"logo", base + "/logo.png"},
      {"region", "CZ"},
      {"lang", "en"},
      {"description", "An emulated signature appliance; it protects keys no better than files do"},
      {"authType", std::move(ways)},
      {"oauth2", base},
      {"methods", std::move(methods)}};
  if (!call.v1()) {
    if (!settings_.token_auth.empty()) info["oauth2Issuer"] = base;
    info["asynchronousOperationMode"] = true;
    info["signAlgorithms"] =
        boost::json::object{{"algos", boost::json::value_from(all_algorithms())}};
  }
  return answer_of(info);
}

}  // namespace signet::emulator::csc
