#include "dsa-transport/csc/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/url.h"
#include "crypto/base64.h"
#include "dsa-transport/csc/failures.h"
#include "dsa-transport/csc/requests.h"
#include "dsa-transport/wire_text.h"

namespace signet::transport::csc {

namespace {

using Way = config::CscConfig::Access;

// A token is not used in its last tenth, at most a minute: the service's clock and the way there are not ours.
constexpr std::chrono::seconds kLongestMargin{60};

// Strictly as RFC 6749, 2.3.1 has it: both are form-encoded, then joined. In memory that is wiped.
WipedText form_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  WipedText encoded;
  encoded.reserve(3 * text.size());
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      encoded.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded.push_back('%');
      encoded.push_back(digits[byte >> 4U]);
      encoded.push_back(digits[byte & 0x0FU]);
    }
  }
  return encoded;
}

// Only what says that the secret is wrong is remembered: a service, or what stands in front of it, answers 400 and 403 for
// other reasons, too.
bool blames_secret(int status, std::string_view word) {
  return status == 401 || word == "invalid_client" || word == "authentication_error";
}

Judged<TokenAnswer> judge_token(const https::Response& response, bool& secret_is_wrong) {
  if (response.status == https::kOk) return judged(read_token(response.body), response);
  Verdict verdict = refusal_of(response, Shown::secret).verdict;
  if (response.status == 400 || response.status == 401 || response.status == 403) {
    verdict.kind = Verdict::Kind::refused;
    verdict.error.failure = Failure::access_refused;
    secret_is_wrong = blames_secret(response.status, verdict.error.cause.code);
  }
  return verdict;
}

// "/oauth2/token" below a base that may end in a slash, or may be the endpoint itself.
std::string token_url_of(std::string base) {
  while (base.ends_with('/')) base.pop_back();
  return base.ends_with("/token") ? base : base + "/oauth2/token";
}

bool same_host(const config::Url& one, const config::Url& other) {
  return one.host == other.host && one.port.value_or(443) == other.port.value_or(443);
}

// With pins of its own where the configuration names it, else with those of the member on whose host it is.
Answer<config::MemberConfig> endpoint_at(const std::string& url, const config::CscConfig& csc,
                                         const Settings& settings) {
  const auto parsed = config::parse_url(url);
  if (!parsed) {
    return ApplianceError{
        Failure::bad_answer, fmt::format("the token endpoint \"{}\" {}", url, parsed.error()), {}};
  }
  if (!csc.oauth2_url.empty()) return config::MemberConfig{url, csc.oauth2_pins, {}};
  for (config::MemberConfig member : settings.members) {
    const auto its_url = config::parse_url(member.url);
    if (!its_url || !same_host(its_url.value(), parsed.value())) continue;
    member.url = url;
    return member;
  }
  return ApplianceError{
      Failure::access_refused,
      fmt::format("the service's token endpoint {} is on another host, to which no secret is sent "
                  "without a pin; set oauth2_url and oauth2_pins in [token.csc]",
                  url),
      {}};
}

}  // namespace

ServiceAccess::ServiceAccess(Cluster& service) : service_(service) {}

std::optional<AccessToken> ServiceAccess::valid_token() {
  const MutexLock lock(mutex_);
  if (!kept_ || std::chrono::steady_clock::now() >= kept_->ends) return std::nullopt;
  return kept_->token;
}

std::uint64_t ServiceAccess::generation() const {
  const MutexLock lock(mutex_);
  return generation_;
}

void ServiceAccess::keep(AccessToken token, std::chrono::seconds lifetime,
                         std::uint64_t generation) {
  const auto margin = std::min<std::chrono::seconds>(lifetime / 10, kLongestMargin);
  const MutexLock lock(mutex_);
  if (generation != generation_) return;
  kept_ = Kept{std::move(token), std::chrono::steady_clock::now() + lifetime - margin};
}

std::optional<ApplianceError> ServiceAccess::failure_since(SteadyTime since) const {
  const MutexLock lock(mutex_);
  if (!failed_ || failed_->began < since) return std::nullopt;
  return failed_->why;
}

void ServiceAccess::note_failure(SteadyTime began, const ApplianceError& why,
                                 std::uint64_t generation) {
  const MutexLock lock(mutex_);
  if (generation == generation_) failed_ = Failed{began, why};
}

void ServiceAccess::note_wrong(const Secret& secret, std::uint64_t generation) {
  const MutexLock lock(mutex_);
  if (generation == generation_) wrong_secret_ = secret;
}

void ServiceAccess::refused(const AccessToken& token) {
  const MutexLock lock(mutex_);
  if (kept_ && kept_->token == token) kept_.reset();
}

void ServiceAccess::reset() {
  const MutexLock lock(mutex_);
  ++generation_;
  kept_.reset();
  failed_.reset();
  wrong_secret_.reset();
  endpoint_url_.clear();
  endpoint_.reset();
}

ApplianceFigures ServiceAccess::figures() const {
  const MutexLock lock(mutex_);
  return endpoint_ ? endpoint_->figures() : ApplianceFigures();
}

void ServiceAccess::abandon() noexcept {
  // No lock: the thread that holds it may not exist here.
  if (endpoint_ != nullptr) endpoint_->abandon();
}

Task<Answer<AccessToken>> ServiceAccess::token(const ServiceInfo& info, Deadline deadline) {
  const Way way = service_.settings()->csc.access;
  if (way == Way::none || way == Way::certificate) co_return AccessToken();
  if (auto token = valid_token()) co_return *std::move(token);
  const SteadyTime asked = std::chrono::steady_clock::now();
  const Turns::Turn turn = co_await turns_.next(deadline);
  if (!turn) {
    co_return ApplianceError{Failure::timed_out, "no access token within the time allowed", {}};
  }
  if (auto token = valid_token()) co_return *std::move(token);
  if (auto failure = failure_since(asked)) co_return *std::move(failure);
  const std::uint64_t generation = this->generation();  // before the settings, which change first
  const SteadyTime began = std::chrono::steady_clock::now();
  auto renewed = co_await renew(info, generation, deadline);
  // One call's lack of time says nothing to others.
  if (!renewed && !deadline.passed()) note_failure(began, renewed.error(), generation);
  co_return renewed;
}

Task<Answer<AccessToken>> ServiceAccess::renew(const ServiceInfo& info, std::uint64_t generation,
                                               Deadline deadline) {
  const auto settings = service_.settings();
  const config::CscConfig& csc = settings->csc;
  Secret secret;
  if (csc.secret) {
    auto given = csc.secret->read();
    if (!given) co_return ApplianceError{Failure::access_refused, given.error(), {}};
    secret = std::move(given).value();
  }
  {
    const MutexLock lock(mutex_);
    if (wrong_secret_ && *wrong_secret_ == secret) {
      co_return ApplianceError{
          Failure::access_refused,
          "the service refused this client's secret before; it is not sent again until it changes",
          {}};
    }
  }
  if (csc.access == Way::bearer) {
    auto given = std::make_shared<const Secret>(secret);
    keep(given, std::chrono::hours(24), generation);
    co_return AccessToken(std::move(given));
  }
  bool secret_is_wrong = false;
  const std::string& client = csc.client_id.empty() ? settings->user : csc.client_id;
  const auto fetch = [&] {
    if (csc.access == Way::login) return log_in(settings->user, secret, secret_is_wrong, deadline);
    return fetch_oauth2(csc, client, secret, info, secret_is_wrong, deadline);
  };
  auto fetched = co_await fetch();
  if (secret_is_wrong) note_wrong(secret, generation);
  if (!fetched) co_return std::move(fetched).error();
  TokenAnswer& answer = fetched.value();
  auto token = std::make_shared<const Secret>(std::move(answer.token));
  keep(token, answer.lifetime, generation);
  co_return AccessToken(std::move(token));
}

Task<Answer<TokenAnswer>> ServiceAccess::log_in(const std::string& user, const Secret& secret,
                                                bool& secret_is_wrong, Deadline deadline) {
  const Call call{"auth/login", Access::login, service_.common_attempt(), deadline};
  https::Request request = new_request("/auth/login", JsonWriter().finish());
  add_basic(request, user, text_of(secret.reveal()));
  const auto judge = [&](const https::Response& response, const std::string& /*member*/) {
    return judge_token(response, secret_is_wrong);
  };
  co_return plain(co_await service_.ask<TokenAnswer>(call, std::move(request), judge));
}

Task<Answer<TokenAnswer>> ServiceAccess::fetch_oauth2(const config::CscConfig& csc,
                                                      const std::string& client,
                                                      const Secret& secret, const ServiceInfo& info,
                                                      bool& secret_is_wrong, Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(const TokenEndpoint found, co_await find_endpoint(csc, info, deadline));
  BOOST_OUTCOME_CO_TRY(const auto endpoint, this->endpoint(csc, found.url));
  WipedText form;
  append(form, "grant_type=client_credentials&scope=");
  append(form, percent_encoded(csc.scope));
  https::Request request{https::Method::post, "", {}, {}};
  request.headers.add("Accept", "application/json");
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.headers.add("Expect", "");
  const WipedText name = form_encoded(client);
  const WipedText password = form_encoded(text_of(secret.reveal()));
  // Without a secret, the client certificate is what tells who asks (RFC 8705, 2).
  if (secret.empty() || found.secret_in_form) {
    append(form, "&client_id=");
    append(form, text_of(name));
  }
  if (!secret.empty() && found.secret_in_form) {
    append(form, "&client_secret=");
    append(form, text_of(password));
  } else if (!secret.empty()) {
    add_basic(request, text_of(name), text_of(password));
  }
  request.body = std::move(form);
  const Call call{"oauth2/token", Access::login, service_.common_attempt(), deadline};
  const auto judge = [&](const https::Response& response, const std::string& /*member*/) {
    return judge_token(response, secret_is_wrong);
  };
  co_return plain(co_await endpoint->ask<TokenAnswer>(call, std::move(request), judge));
}

Task<Answer<TokenEndpoint>> ServiceAccess::find_endpoint(const config::CscConfig& csc,
                                                         const ServiceInfo& info,
                                                         Deadline deadline) {
  TokenEndpoint found;
  if (!csc.oauth2_url.empty()) {
    found.url = csc.oauth2_url;
    co_return found;
  }
  if (info.oauth2_issuer.empty()) {
    if (!info.oauth2.empty()) found.url = token_url_of(info.oauth2);
    co_return found;
  }
  // RFC 8414, 3: between host and path of the issuer.
  const auto issuer = config::parse_url(info.oauth2_issuer);
  if (!issuer) {
    co_return ApplianceError{
        Failure::bad_answer, "the service's oauth2Issuer " + issuer.error(), {}};
  }
  config::Url url = issuer.value();
  url.path = "/.well-known/oauth-authorization-server" + url.path;
  BOOST_OUTCOME_CO_TRY(const auto metadata, this->endpoint(csc, url.text()));
  https::Request request{https::Method::get, "", {}, {}};
  request.headers.add("Accept", "application/json");
  const Call call{"oauth2 metadata", Access::read, service_.common_attempt(), deadline};
  const auto judge = [&](const https::Response& response,
                         const std::string& /*member*/) -> Judged<TokenEndpoint> {
    if (response.status != https::kOk) return refusal_of(response, Shown::nothing).verdict;
    return judged(read_metadata(response.body, info.oauth2_issuer), response);
  };
  co_return plain(co_await metadata->ask<TokenEndpoint>(call, std::move(request), judge));
}

Answer<std::shared_ptr<Cluster>> ServiceAccess::endpoint(const config::CscConfig& csc,
                                                         std::string url) {
  const auto settings = service_.settings();
  std::vector<config::MemberConfig> members = settings->members;
  if (url.empty()) {
    for (config::MemberConfig& member : members) member.url = token_url_of(member.url);
  } else {
    BOOST_OUTCOME_TRY(config::MemberConfig one, endpoint_at(url, csc, *settings));
    members = {std::move(one)};
  }
  const MutexLock lock(mutex_);
  if (endpoint_ == nullptr || endpoint_url_ != url) {
    Settings its = *settings;
    its.members = std::move(members);
    its.limits.connections = 1;
    endpoint_ = std::make_shared<Cluster>(std::move(its));
    endpoint_url_ = std::move(url);
  }
  return endpoint_;
}

}  // namespace signet::transport::csc
