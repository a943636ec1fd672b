// Who calls: access tokens and how they are given (oauth2/token, auth/login), client certificates, and the metadata of the
// authorization server (RFC 8414).
#include <fmt/format.h>

#include <algorithm>

#include "crypto/base64.h"
#include "softhsm-backend/csc/client_certificate.h"
#include "softhsm-backend/csc/service.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/passwords.h"

namespace signet::emulator::csc {

namespace {

constexpr std::string_view kBasic = "client_secret_basic";
constexpr std::string_view kPost = "client_secret_post";
constexpr std::string_view kTls = "tls_client_auth";

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

constexpr const char* kBasicChallenge = "Basic realm=\"csc\"";

// RFC 6749, 5.2.
Refused no_client(std::string description = "The client is unknown, or its secret is wrong") {
  return {401, "invalid_client", std::move(description), kBasicChallenge};
}

boost::json::object token_json(const std::string& token, std::int64_t life) {
  return {{"access_token", token}, {"expires_in", life}};
}

}  // namespace

// By an access token, else by the client certificate.
Outcome<std::string> Service::account_of(const Call& call) {
  constexpr std::string_view scheme = "Bearer ";
  const std::string_view header = call.request.header("Authorization");
  if (header.empty()) return account_by_certificate(call.request);
  if (!header.starts_with(scheme)) {
    return Refused{401, "invalid_request", "Authorization is not of the type Bearer"};
  }
  const std::string_view token = header.substr(scheme.size());
  auto account = state_.read([&](Database& database) { return account_of_token(database, token); });
  if (!account) {
    return Refused{
        401, "invalid_token", "The access token is not valid",
        R"(Bearer error="invalid_token", error_description="The access token is not valid")"};
  }
  return *std::move(account);
}

Outcome<std::string> Service::account_by_certificate(const Request& request) {
  const Bytes& certificate = request.peer.certificate;
  if (certificate.empty()) return Refused{401, "invalid_token", "There is no access token"};
  auto account = state_.read([&](Database& database) {
    return account_of_certificate(database, certificate_mark(certificate));
  });
  if (!account) {
    return Refused{401, "unauthorized_client", "The client certificate is not known"};
  }
  if (period_of(certificate) != Period::valid) {
    return Refused{401, "unauthorized_client",
                   "The client certificate has expired or is not valid yet"};
  }
  return *std::move(account);
}

bool Service::takes(std::string_view method) const {
  const auto& taken = settings_.token_auth;
  return taken.empty() || std::ranges::find(taken, method) != taken.end();
}

// The account that is the client of a request to the token endpoint.
Outcome<std::string> Service::oauth_client(const Call& call) {
  const auto form = [&](const char* name) { return text_in(call.body, name).value_or(""); };
  auto client = read_basic(call.request.header("Authorization"), true);
  std::string_view method = kBasic;
  if (!client) {
    client = Basic{form("client_id"), Secret(std::string_view(form("client_secret")))};
    method = client->secret.empty() ? kTls : kPost;
  }
  if (!takes(method)) {
    return no_client(fmt::format("The service does not take {}", method));
  }
  if (method == kTls) {
    // RFC 8705, 2.2: the certificate is the one that the client has registered.
    const auto account = account_by_certificate(call.request);
    if (!account || account.assume_value() != client->name) return no_client();
    return client->name;
  }
  if (!knows_client(client->name, client->secret)) return no_client();
  return client->name;
}

// Neither the time nor the answer tells whether there is such a client, and whether it is locked.
bool Service::knows_client(const std::string& name, const Secret& secret) {
  const MutexLock lock(secrets_);
  const auto policy = state_.write([&](Database& database) {
    std::optional<Policy> known;
    if (count_client_attempt(database, name)) known = find_policy(database, name);
    return known;
  });
  if (!policy) {
    check_in_vain(secret);
    return false;
  }
  if (!password_matches(secret, policy->client_secret)) return false;
  state_.write([&](Database& database) { clear_client_attempts(database, name); });
  return true;
}

// RFC 6749, 4.4: the client is an account's name, with a secret or a certificate of its own.
Outcome<Answer> Service::token(Call& call) {
  if (text_in(call.body, "grant_type") != "client_credentials") {
    return Refused{400, "unsupported_grant_type", "Only client_credentials is served"};
  }
  BOOST_OUTCOME_TRY(const std::string client, oauth_client(call));
  boost::json::object answer = state_.write([&](Database& database) {
    const std::int64_t life = find_policy(database, client).token_life;
    return token_json(new_token(database, client, life), life);
  });
  answer["token_type"] = "Bearer";
  return answer_of(answer);
}

Outcome<Answer> Service::revoke_as_client(Call& call) {
  BOOST_OUTCOME_TRY(const std::string client, oauth_client(call));
  return end_token(call, client);
}

Outcome<Answer> Service::revoke_as_user(Call& call) {
  return end_token(call, call.account.user);
}

// RFC 7009, 2: another's token is refused; one that is not there is no error.
Outcome<Answer> Service::end_token(const Call& call, const std::string& account) {
  BOOST_OUTCOME_TRY(const std::string token, required_text(call.body, "token"));
  const std::string hint = text_in(call.body, "token_type_hint").value_or("access_token");
  if (hint != "access_token" && hint != "refresh_token") {
    return invalid("Invalid string parameter token_type_hint");
  }
  const Revoked revoked =
      state_.write([&](Database& database) { return revoke_token(database, account, token); });
  if (revoked == Revoked::of_another) return invalid("Invalid string parameter token");
  return Answer{.status = 204};
}

Outcome<Answer> Service::log_in(Call& call) {
  const auto* const refresh_token = call.body.if_contains("refresh_token");
  if (refresh_token != nullptr && !refresh_token->is_null()) return renew(call, *refresh_token);
  const auto basic = read_basic(call.request.header("Authorization"), false);
  if (!basic) return Refused{400, "invalid_request", "Malformed authorization header"};
  const auto account =
      authenticator_.admit(basic->name, basic->secret, Authenticator::Expired::refused);
  if (!account) {
    if (account.assume_error() == Denial::account_locked) {
      // Unlike in the contract, the words do not tell that it is locked; so the time must not.
      const MutexLock lock(secrets_);
      check_in_vain(basic->secret);
    }
    return Refused{401, "authentication_error", "An error occurred during authentication",
                   kBasicChallenge};
  }
  const bool remember = flag_in(call.body, "rememberMe", false);
  return answer_of(state_.write([&](Database& database) {
    const std::int64_t life = find_policy(database, basic->name).token_life;
    const std::string refresh = remember ? new_refresh_token(database, basic->name) : std::string();
    boost::json::object answer = token_json(new_token(database, basic->name, life, refresh), life);
    if (remember) answer["refresh_token"] = refresh;
    return answer;
  }));
}

// Another access token for a user who is remembered (CSC API 2.0, 11.2).
Outcome<Answer> Service::renew(const Call& call, const boost::json::value& refresh_token) {
  if (!refresh_token.is_string()) return invalid("Invalid string parameter: refresh_token");
  const std::string refresh(refresh_token.get_string());
  return state_.write([&](Database& database) -> Outcome<Answer> {
    const auto user = account_of_token(database, refresh, TokenKind::refresh);
    const auto account = user ? find_account(database, *user) : std::nullopt;
    if (!account) return invalid("Invalid refresh_token");
    const auto standing = Authenticator::standing(*account, Authenticator::Expired::refused);
    if (!standing) return refusal_of(standing.assume_error(), call.version);
    const std::int64_t life = find_policy(database, *user).token_life;
    return answer_of(token_json(new_token(database, *user, life, refresh), life));
  });
}

Outcome<Answer> Service::metadata(const Request& request) {
  std::string_view version = request.target;
  version.remove_prefix(kMetadata.size() + kPrefix.size());
  if (version != "v1" && version != "v2") {
    return Refused{404, "invalid_request", "There is no such issuer"};
  }
  if (request.method != "GET") return Refused{405, "invalid_request", "Metadata is read by GET"};
  const std::string issuer =
      fmt::format("https://{}{}{}", request.header("Host"), kPrefix, version);
  boost::json::array methods;
  for (const std::string_view method : {kBasic, kPost, kTls}) {
    if (takes(method)) methods.emplace_back(method);
  }
  return answer_of(
      boost::json::object{{"issuer", issuer},
                          {"token_endpoint", issuer + "/oauth2/token"},
                          {"revocation_endpoint", issuer + "/oauth2/revoke"},
                          {"grant_types_supported", boost::json::array{"client_credentials"}},
                          {"response_types_supported", boost::json::array{}},
                          {"scopes_supported", boost::json::array{"service"}},
                          {"token_endpoint_auth_methods_supported", std::move(methods)}});
}

}  // namespace signet::emulator::csc
