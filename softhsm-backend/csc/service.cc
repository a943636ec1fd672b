#include "softhsm-backend/csc/service.h"

#include <fmt/format.h>

#include <array>

#include "common/log.h"
#include "crypto/base64.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/native/json_body.h"
#include "softhsm-backend/passwords.h"

namespace signet::emulator::csc {

enum class Access { open, client, token };

struct Method {
  std::string_view path;  // below the version
  Access access;
  bool v1;
  bool v2;
  bool shown;  // among the methods of info
  Outcome<Answer> (Service::*call)(Call&);

  static std::span<const Method> all();
};

std::span<const Method> Method::all() {
  using enum Access;
  static const auto methods = std::to_array<Method>({
      {"info", open, true, true, true, &Service::info},
      {"oauth2/token", client, true, true, true, &Service::token},
      {"oauth2/revoke", client, true, true, true, &Service::revoke},
      {"auth/login", client, true, true, true, &Service::log_in},
      {"auth/revoke", token, true, true, true, &Service::revoke},
      {"credentials/list", token, true, true, true, &Service::list},
      {"credentials/info", token, true, true, true, &Service::credential_info},
      {"credentials/authorize", token, true, true, true, &Service::authorize},
      {"credentials/extendTransaction", token, true, true, true, &Service::extend},
      {"signatures/signHash", token, true, true, true, &Service::sign_hash},
      {"signatures/signPolling", token, false, true, true, &Service::poll},
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

struct Basic {
  std::string name;
  Secret secret;
};

// `decode`: of OAuth 2, whose two parts are form-encoded (RFC 6749, 2.3.1).
std::optional<Basic> read_basic(std::string_view header, bool decode) {
  constexpr std::string_view scheme = "Basic ";
  if (!header.starts_with(scheme)) return std::nullopt;
  const auto decoded = crypto::from_base64(header.substr(scheme.size()));
  if (!decoded) return std::nullopt;
  const std::string_view text = text_of(*decoded);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string name(text.substr(0, colon));
  std::string secret(text.substr(colon + 1));
  if (decode) {
    const auto plain_name = percent_decoded(name);
    const auto plain_secret = percent_decoded(secret);
    if (!plain_name || !plain_secret) return std::nullopt;
    name = *plain_name;
    secret = *plain_secret;
  }
  return Basic{std::move(name), Secret(std::string_view(secret))};
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
    if (!decoded) return std::nullopt;
    form[pair.substr(0, equals)] = *decoded;
  }
  return form;
}

Outcome<boost::json::object> read_body(const Request& request) {
  if (request.header("Content-Type").starts_with("application/x-www-form-urlencoded")) {
    auto form = read_form(request.body);
    if (!form) return invalid("The body is not application/x-www-form-urlencoded");
    return *std::move(form);
  }
  if (request.method == "GET" || request.body.empty()) return boost::json::object();
  const auto json = read_object(request);
  if (!json) return invalid("The body is not a JSON object");
  return json.assume_value().as_object();
}

Refused no_client() {
  return {401, "invalid_client", "The client is unknown, or its secret is wrong"};
}

}  // namespace

Service::Service(State& state, Token& token, std::string role)
    : state_(state), token_(token), role_(std::move(role)), authenticator_(state) {}

std::string Service::route_name(const Request& request) const {
  const auto found = find_method(request.target);
  if (!found) return "other";
  return fmt::format("{}{}/{}", kPrefix, found->version == Version::v1 ? "v1" : "v2",
                     found->method->path);
}

Answer Service::answer_under_fault(const Request& /*request*/, const Fault& fault,
                                   Answer answer) const {
  if (fault.kind != Fault::Kind::status) return answer_under(fault, std::move(answer));
  const std::string usual = fault.status == 503 ? "temporarily_unavailable" : "server_error";
  Answer refused = answer_of(Refused{
      fault.status, fault.sapi_code.empty() ? usual : fault.sapi_code, "An injected fault"});
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
  const auto target = find_method(request.target);
  if (!target) return Refused{404, "invalid_request", "There is no such method"};
  const bool get_info = request.method == "GET" && target->method->path == "info";
  if (request.method != "POST" && !get_info) {
    return Refused{405, "invalid_request", "Methods are called by POST"};
  }
  BOOST_OUTCOME_TRY(auto body, read_body(request));
  Call call{.request = request, .version = target->version, .body = std::move(body)};
  if (target->method->access == Access::token) {
    BOOST_OUTCOME_TRY(admit(call));
  }
  return (this->*target->method->call)(call);
}

// By an access token.
Outcome<std::string> Service::account_of(const Call& call) {
  constexpr std::string_view scheme = "Bearer ";
  const std::string_view header = call.request.header("Authorization");
  if (header.empty()) return Refused{401, "invalid_token", "There is no access token"};
  if (!header.starts_with(scheme)) {
    return Refused{401, "invalid_request", "Authorization is not of the type Bearer"};
  }
  const std::string_view token = header.substr(scheme.size());
  auto account = state_.read([&](Database& database) { return account_of_token(database, token); });
  if (!account) return Refused{401, "invalid_token", "The access token is not valid"};
  return *std::move(account);
}

Outcome<void> Service::admit(Call& call) {
  BOOST_OUTCOME_TRY(const std::string user, account_of(call));
  const auto account =
      state_.read([&](Database& database) { return find_account(database, user); });
  if (!account || account->disabled) return Refused{403, "access_denied", "The user is disabled"};
  call.account = *account;
  call.policy = state_.read([&](Database& database) { return find_policy(database, user); });
  return success();
}

Outcome<Answer> Service::info(Call& call) {
  boost::json::array methods;
  for (const Method& method : Method::all()) {
    if (method.shown && (call.v1() ? method.v1 : method.v2)) methods.emplace_back(method.path);
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
      {"authType", boost::json::array{"basic", "oauth2client"}},
      {"oauth2", base},
      {"methods", std::move(methods)}};
  if (!call.v1()) {
    info["asynchronousOperationMode"] = true;
    info["signAlgorithms"] = boost::json::object{
        {"algos", boost::json::array{"1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10",
                                     "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12",
                                     "1.2.840.113549.1.1.13", "1.2.840.10045.4.3.2",
                                     "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4"}}};
  }
  return answer_of(info);
}

// RFC 6749, 4.4: the client is an account's name, with a secret of its own.
Outcome<Answer> Service::token(Call& call) {
  const auto form = [&](const char* name) { return text_in(call.body, name).value_or(""); };
  if (form("grant_type") != "client_credentials") {
    return Refused{400, "unsupported_grant_type", "Only client_credentials is served"};
  }
  auto client = read_basic(call.request.header("Authorization"), true);
  if (!client) client = Basic{form("client_id"), Secret(std::string_view(form("client_secret")))};
  const Policy policy =
      state_.read([&](Database& database) { return find_policy(database, client->name); });
  const std::string_view hash = policy.client_secret.empty() ? kHashOfNobody : policy.client_secret;
  if (!password_matches(client->secret, hash)) {
    return no_client();
  }
  const std::string token = state_.write(
      [&](Database& database) { return new_token(database, client->name, policy.token_life); });
  return answer_of(boost::json::object{
      {"access_token", token}, {"token_type", "Bearer"}, {"expires_in", policy.token_life}});
}

Outcome<Answer> Service::revoke(Call& call) {
  const std::string token = text_in(call.body, "token").value_or("");
  state_.write([&](Database& database) { forget_token(database, token); });
  return Answer{.status = 204};
}

Outcome<Answer> Service::log_in(Call& call) {
  const auto basic = read_basic(call.request.header("Authorization"), false);
  if (!basic) return Refused{400, "invalid_request", "Malformed authorization header"};
  const auto account =
      authenticator_.admit(basic->name, basic->secret, Authenticator::Expired::refused);
  if (!account) {
    return Refused{401, "authentication_error", "An error occurred during authentication"};
  }
  const Policy policy =
      state_.read([&](Database& database) { return find_policy(database, basic->name); });
  const std::string token = state_.write(
      [&](Database& database) { return new_token(database, basic->name, policy.token_life); });
  return answer_of(boost::json::object{{"access_token", token}, {"expires_in", policy.token_life}});
}

}  // namespace signet::emulator::csc
