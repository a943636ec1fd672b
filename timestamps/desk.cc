#include "timestamps/desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/log.h"
#include "common/printable.h"
#include "common/wiped_text.h"
#include "crypto/base64.h"
#include "timestamps/excerpt.h"
#include "timestamps/token_check.h"

namespace signet::timestamps {

namespace {

using namespace std::chrono_literals;
using https::Fault;
using Kind = Miss::Kind;

constexpr Milliseconds kConnect = 5s;
constexpr Milliseconds kFirstRest = 1s;
constexpr Milliseconds kShortestPause = 100ms;
constexpr unsigned kMostRequests = 3;  // for one time-stamp, where it says that it is busy

https::EndpointOptions endpoint_options(const Authority& authority, const ClientOptions& options) {
  https::EndpointOptions endpoint;
  endpoint.url = authority.url;
  endpoint.pins = authority.pins;
  endpoint.ca_file = authority.tls_ca_file;
  // The token is checked whoever brings it.
  endpoint.trust = authority.basic || authority.identity ? https::Trust::pins_or_chain
                                                         : https::Trust::none_needed;
  endpoint.identity = authority.identity;
  endpoint.user_agent = options.user_agent;
  endpoint.connect = std::clamp(authority.limit, Milliseconds(1), kConnect);
  endpoint.connections = options.connections;
  endpoint.largest_body = kLargestAnswer;
  endpoint.may_create_threads = options.may_create_threads;
  return endpoint;
}

bool names_user(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view rest = url.substr(scheme + 3);
  return rest.substr(0, rest.find_first_of("/?#")).find('@') != std::string_view::npos;
}

bool is_key_service(const Authority& authority) {
  return authority.url.starts_with(kKeyServiceUrl);
}

std::string complaint_about_service(const Authority& authority) {
  if (authority.url != kKeyServiceUrl) return "nothing may follow \"csc:\"";
  const bool is_told_of_tls = authority.basic || authority.identity || !authority.pins.empty() ||
                              !authority.tls_ca_file.empty();
  if (is_told_of_tls) {
    return "the key's token knows how its service is reached; credentials, pins and a CA file for "
           "TLS cannot stand beside \"csc:\"";
  }
  return {};
}

std::string complaint_about(const Authority& authority, const https::Endpoint& endpoint) {
  if (names_user(authority.url)) {
    return "its URL holds a user or password, which would be logged; configure them beside the URL";
  }
  const bool plain = !endpoint.uses_tls();
  if (plain && (authority.basic || authority.identity)) {
    return "its credentials are sent over https only; change the URL to https or remove them";
  }
  if (plain && (!authority.pins.empty() || !authority.tls_ca_file.empty())) {
    return "its pins or CA file for TLS need an https URL";
  }
  if (endpoint.host().empty()) return "its URL is not an http or https address";
  if (authority.basic && authority.basic->user.find(':') != std::string::npos) {
    return "its user has a colon, which HTTP Basic cannot carry";
  }
  return {};
}

void add_basic(https::HeaderList& headers, const BasicCredentials& basic) {
  WipedText plain;
  append(plain, basic.user);
  append(plain, ":");
  append(plain, text_of(basic.password.reveal()));
  WipedText encoded(crypto::base64_size(plain.size()) + 1);  // and a NUL
  crypto::write_base64(view_of(text_of(plain)), encoded.data());
  WipedText value;
  append(value, "Basic ");
  append(value, text_of(encoded).substr(0, encoded.size() - 1));
  headers.add("Authorization", text_of(value));
}

Kind kind_of(Fault::Kind kind) {
  switch (kind) {
    case Fault::Kind::untrusted:
      return Kind::untrusted;
    case Fault::Kind::oversized:
      return Kind::http;
    case Fault::Kind::no_resources:
      return Kind::no_resources;
    default:
      return Kind::unreachable;
  }
}

// What to do about it.
std::string_view advice_for(const Fault& fault) {
  switch (fault.kind) {
    case Fault::Kind::unreachable:
      return "; check its URL and the network";
    case Fault::Kind::timed_out:
      return "; try again later, or allow more time";
    case Fault::Kind::untrusted:
      if (fault.wrong_pin) return "";  // the sentence has it
      return "; check its pins, the CA file for TLS and the client certificate for it";
    case Fault::Kind::stale:
    case Fault::Kind::broken:
      return "; try again later";
    case Fault::Kind::oversized:
      return "; check that the URL is that of a time-stamp authority";
    case Fault::Kind::saturated:
    case Fault::Kind::no_resources:
      return "";
  }
  return "";
}

}  // namespace

Desk::Desk(Authority authority, std::shared_ptr<crypto::Context> context,
           const ClientOptions& options, https::SocketTable& sockets)
    : authority_(std::move(authority)),
      name_(name_of(authority_)),
      context_(std::move(context)),
      endpoint_(is_key_service(authority_) ? nullptr
                                           : std::make_shared<https::Endpoint>(
                                                 endpoint_options(authority_, options), sockets)),
      complaint_(endpoint_ ? complaint_about(authority_, *endpoint_)
                           : complaint_about_service(authority_)),
      longest_rest_(options.rest) {
  if (endpoint_) pool_.emplace(endpoint_);
  figures_.authority = name_;
}

Desk::Outcome Desk::refused(Kind kind, std::string sentence) const {
  Miss miss;
  miss.kind = kind;
  miss.authority = name_;
  miss.sentence = std::move(sentence);
  return Outcome(std::move(miss));
}

Miss Desk::out_of_time() const {
  return refused(Kind::no_time, "the time allowed was over before it could be asked").error();
}

bool Desk::is_resting() const {
  const MutexLock lock(mutex_);
  return std::chrono::steady_clock::now() < rests_until_;
}

std::optional<Miss> Desk::last_miss() const {
  const MutexLock lock(mutex_);
  return miss_;
}

AuthorityStatistics Desk::statistics() const {
  const MutexLock lock(mutex_);
  return figures_;
}

void Desk::leave_alone(Milliseconds span) {
  const MutexLock lock(mutex_);
  busy_until_ = std::max(busy_until_, std::chrono::steady_clock::now() + span);
}

Milliseconds Desk::left_alone_for() const {
  const MutexLock lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  return busy_until_ <= now ? 0ms : std::chrono::ceil<Milliseconds>(busy_until_ - now);
}

https::Request Desk::http_request(const StampRequest& request) const {
  https::Request http;
  http.method = https::Method::post;
  http.headers.add("Content-Type", "application/timestamp-query");
  http.headers.add("Accept", "application/timestamp-reply");
  if (authority_.basic) add_basic(http.headers, *authority_.basic);
  http.body.emplace();
  append(*http.body, text_of(request.der));
  return http;
}

void Desk::count(const https::Connection& connection, bool repeated) {
  const https::Traffic& traffic = connection.traffic();
  const MutexLock lock(mutex_);
  figures_.connections += traffic.connections;
  figures_.bytes_sent += traffic.sent;
  figures_.bytes_received += traffic.received;
  if (traffic.sent > 0) figures_.requests += repeated ? 2 : 1;
}

// A time-stamp has no effect at the authority: a request that a dead connection may have carried is sent again.
Task<Desk::Exchanged> Desk::exchange(https::Request& request, Deadline attempt) {
  auto lease = pool_->try_take();
  if (!lease) {
    auto waited = co_await pool_->take(attempt);
    if (!waited) {
      Fault fault;
      fault.kind = Fault::Kind::saturated;
      fault.sentence = "no connection to it became free in time; allow more of them";
      co_return Exchanged(std::move(fault));
    }
    lease.emplace(std::move(waited).value());
  }
  for (bool replaced = false;; replaced = true) {
    https::Connection& connection = **lease;
    connection.start(request, attempt, endpoint_->options().connect);
    while (!connection.step()) co_await connection.wait();
    Exchanged exchanged = connection.finish();
    count(connection, exchanged.has_value() && exchanged.value().may_be_repeated);
    if (exchanged) {
      lease->keep();
      co_return exchanged;
    }
    if (exchanged.error().kind != Fault::Kind::stale || replaced) co_return exchanged;
    lease->renew();
  }
}

Desk::Outcome Desk::judge_fault(const Fault& fault) const {
  return refused(kind_of(fault.kind), printable(fault.sentence) + std::string(advice_for(fault)));
}

Desk::Outcome Desk::judge_status(int status) const {
  if (status == 401 || status == 403 || status == 407) {
    const bool has_any = authority_.basic.has_value() || authority_.identity;
    return refused(
        Kind::credentials,
        has_any ? fmt::format("it refuses the credentials (HTTP {}); check them, and "
                              "whether they are for this URL",
                              status)
                : fmt::format("it wants credentials (HTTP {}), and none are configured", status));
  }
  if (status >= 300 && status < 400) {
    return refused(Kind::http, fmt::format("it redirects (HTTP {}), which is not followed; "
                                           "configure the address that it leads to",
                                           status));
  }
  if (status >= 500) {
    return refused(Kind::http, fmt::format("it failed (HTTP {}); try again later", status));
  }
  return refused(Kind::http,
                 fmt::format("it answers with HTTP {}; check that the URL is that of a time-stamp "
                             "authority",
                             status));
}

Desk::Outcome Desk::busy(const https::Response& response) const {
  if (!response.retry_after) {
    return refused(Kind::busy, fmt::format("it is busy (HTTP {}); try again later, or ask its "
                                           "operator what it allows",
                                           response.status));
  }
  return refused(
      Kind::busy,
      fmt::format("it is busy (HTTP {}) and asks for {} s of patience; try again later, or ask "
                  "its operator what it allows",
                  response.status,
                  std::chrono::ceil<std::chrono::seconds>(*response.retry_after).count()));
}

Desk::Outcome Desk::judge_answer(const https::Response& response,
                                 const StampRequest& request) const {
  if (response.media_type != "application/timestamp-reply") {
    return refused(Kind::http,
                   fmt::format("its answer has the content type \"{}\", not application/"
                               "timestamp-reply; check that the URL is that of an RFC 3161 service",
                               excerpt(response.media_type)));
  }
  return judge_token(parse_answer(context_, view_of(response.body)), request);
}

Desk::Outcome Desk::judge_token(Result<TimeStampToken, TokenError> read,
                                const StampRequest& request) const {
  const auto checked = [&]() -> Result<TimeStampToken, TokenError> {
    BOOST_OUTCOME_TRY(auto token, std::move(read));
    Expected expected;
    expected.hash = request.hash;
    expected.imprint = request.imprint;
    expected.nonce = request.nonce;
    expected.policy = authority_.policy;
    expected.trusted = authority_.trusted;
    expected.clock = {std::chrono::system_clock::now(), authority_.largest_distance};
    BOOST_OUTCOME_TRY(check_token(context_, token, expected));
    return token;
  };
  auto token = checked();
  if (token) return Stamp{std::move(token).value(), name_};
  auto outcome =
      refused(token.error().defect == Defect::rejected ? Kind::rejected : Kind::bad_token,
              token.error().sentence);
  outcome.error().defect = token.error().defect;
  return outcome;
}

Desk::Outcome Desk::judge(const Exchanged& exchanged, const StampRequest& request) const {
  if (!exchanged) return judge_fault(exchanged.error());
  const https::Response& response = exchanged.value();
  if (response.status == 429 || response.status == 503) return busy(response);
  if (response.status != https::kOk) return judge_status(response.status);
  return judge_answer(response, request);
}

Task<Desk::Outcome> Desk::ask(const StampRequest& request, Deadline attempt) {
  https::Request http = http_request(request);
  for (unsigned asked = 1;; ++asked) {
    if (const Milliseconds pause = left_alone_for(); pause > 0ms) {
      if (pause >= attempt.left()) {
        co_return refused(Kind::busy,
                          fmt::format("it asked to be left alone for another {} s",
                                      std::chrono::ceil<std::chrono::seconds>(pause).count()));
      }
      co_await wait_for(pause);
    }
    const Exchanged exchanged = co_await exchange(http, attempt);
    Outcome outcome = judge(exchanged, request);
    const bool busy = !outcome && outcome.error().kind == Kind::busy;
    if (!busy || !exchanged.value().retry_after) co_return outcome;
    const Milliseconds pause = std::max(*exchanged.value().retry_after, kShortestPause);
    leave_alone(pause);
    if (asked == kMostRequests || pause >= attempt.left()) co_return outcome;
  }
}

// Nothing answers where it is unreachable, and each request takes its time: it rests at once. Another failure may be that of one
// request. Requests that were under way together when it failed tell of one failure.
void Desk::rest_after(const Miss& miss, SteadyTime began) {
  const SteadyTime now = std::chrono::steady_clock::now();
  if (miss.kind == Kind::unreachable) {
    rest_ = longest_rest_;
  } else if (!miss_) {
    rest_ = 0ms;
  } else if (began >= missed_at_) {
    rest_ = std::min(std::max(2 * rest_, kFirstRest), longest_rest_);
  } else {
    return;
  }
  missed_at_ = now;
  rests_until_ = now + rest_;
}

void Desk::note(const Outcome& outcome, SteadyTime began) {
  bool is_news = false;
  {
    const MutexLock lock(mutex_);
    if (outcome) {
      rests_until_ = SteadyTime::min();
      ++figures_.stamps;
      figures_.largest_token = std::max(figures_.largest_token, outcome.value().token.der.size());
      miss_.reset();
    } else {
      ++figures_.misses;
      rest_after(outcome.error(), began);
      is_news = !miss_ || miss_->sentence != outcome.error().sentence;
      miss_ = outcome.error();
    }
  }
  if (is_news) log::warn("time-stamp authority {}: {}", name_, outcome.error().sentence);
}

Desk::Outcome Desk::ask_service(const KeyService& service, const StampRequest& request,
                                Deadline attempt) {
  if (!service) {
    return refused(Kind::not_offered,
                   "it is the service of the key, and there is no token here that could be asked; "
                   "name the URL of an authority");
  }
  {
    const MutexLock lock(mutex_);
    ++figures_.requests;
  }
  auto given = service(request, attempt);
  if (!given) return refused(given.error().kind, printable(given.error().sentence));
  if (given.value().size() > kLargestAnswer) {
    return judge_token(TokenError{Defect::malformed, "the time-stamp is larger than 64 KiB"},
                       request);
  }
  return judge_token(parse_token(context_, given.value()), request);
}

Task<Desk::Outcome> Desk::stamp(crypto::Hash hash, const Bytes& imprint, Deadline deadline,
                                const KeyService& service) {
  const SteadyTime began = std::chrono::steady_clock::now();
  Outcome outcome = refused(Kind::settings, complaint_);
  if (complaint_.empty()) {
    const auto request = make_request(hash, imprint, authority_.policy);
    if (!request) {
      outcome = refused(Kind::settings, request.error());
    } else if (!endpoint_) {
      outcome = ask_service(service, request.value(), deadline.within(authority_.limit));
    } else {
      outcome = co_await ask(request.value(), deadline.within(authority_.limit));
    }
  }
  note(outcome, began);
  co_return outcome;
}

}  // namespace signet::timestamps
