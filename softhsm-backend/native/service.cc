#include "softhsm-backend/native/service.h"

#include <algorithm>
#include <array>

#include "common/log.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/state.h"

namespace signet::emulator {

enum class Access { open, account, account_expired };
enum class Place { any_member, primary };
enum class Pace { quick, slow };

struct Route {
  std::string_view method;
  std::string_view path;  // below the base path; "{…}" stands for one segment
  Access access;
  Place place;
  Pace pace;
  Outcome<Answer> (Service::*call)(Call&);

  static const std::array<Route, 13>& all();
};

const std::array<Route, 13>& Route::all() {
  using enum Access;
  using enum Place;
  using enum Pace;
  static const std::array<Route, 13> routes{{
      {"GET", "/appliance", open, any_member, quick, &Service::get_appliance},
      {"GET", "/account", account, any_member, quick, &Service::get_account},
      {"PUT", "/account/password", account_expired, any_member, quick, &Service::put_own_password},
      {"POST", "/accounts", account, primary, quick, &Service::post_account},
      {"PUT", "/accounts/{user}/password", account, any_member, quick, &Service::put_password},
      {"GET", "/objects", account, any_member, quick, &Service::get_objects},
      {"POST", "/keys", account, primary, slow, &Service::post_key},
      {"PATCH", "/keys/{id}", account, primary, quick, &Service::patch_key},
      {"DELETE", "/keys/{id}", account, primary, quick, &Service::delete_key},
      {"POST", "/keys/{id}/signatures", account, any_member, quick, &Service::post_signatures},
      {"POST", "/certificates", account, primary, quick, &Service::post_certificate},
      {"PATCH", "/certificates/{id}", account, primary, quick, &Service::patch_certificate},
      {"DELETE", "/certificates/{id}", account, primary, quick, &Service::delete_certificate},
  }};
  return routes;
}

namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

// The decoded parameters where the path fits the pattern.
std::optional<std::vector<std::string>> arguments_for(std::string_view pattern,
                                                      std::string_view path) {
  const auto wanted = segments_of(pattern);
  const auto seen = segments_of(path);
  if (wanted.size() != seen.size()) return std::nullopt;
  std::vector<std::string> arguments;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i].starts_with('{')) {
      if (wanted[i] != seen[i]) return std::nullopt;
      continue;
    }
    auto decoded = percent_decoded(seen[i]);
    if (!decoded || decoded->empty()) return std::nullopt;
    arguments.push_back(*std::move(decoded));
  }
  return arguments;
}

struct Target {
  std::string_view path;  // below the base path
  std::string_view query;
};

std::optional<Target> read_target(std::string_view target) {
  const std::size_t mark = target.find('?');
  std::string_view path = target.substr(0, mark);
  if (!path.starts_with(kBasePath)) return std::nullopt;
  path.remove_prefix(kBasePath.size());
  if (!path.starts_with('/')) return std::nullopt;
  return Target{.path = path,
                .query = mark == std::string_view::npos ? "" : target.substr(mark + 1)};
}

struct Found {
  const Route* route = nullptr;
  std::vector<std::string> arguments;
};

Outcome<Found> find_route(std::string_view method, std::string_view path) {
  std::string allowed;
  for (const Route& route : Route::all()) {
    auto arguments = arguments_for(route.path, path);
    if (!arguments) continue;
    if (route.method == method) return Found{.route = &route, .arguments = *std::move(arguments)};
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  if (allowed.empty()) return problems::no_such_path();
  return problems::wrong_method(allowed);
}

const Route* route_for(std::string_view method, std::string_view target) {
  const auto read = read_target(target);
  if (!read) return nullptr;
  const auto found = find_route(method, read->path);
  return found ? found.assume_value().route : nullptr;
}

// Refusals that say something about the request itself belong to its idempotency key; those about
// the moment (account, load, member) do not.
bool is_lasting(unsigned status) {
  return status == 404 || status == 409 || status == 422 || status == 507;
}

}  // namespace

std::optional<Outcome<Answer>> answer_before(Database& database, const RequestMark& mark) {
  auto earlier = recall(database, mark);
  if (!earlier) return std::nullopt;
  if (!earlier->same_request) return problems::idempotency_conflict();
  return std::move(earlier->answer);
}

InFlight::Turn::Turn(InFlight& all, std::string name) : all_(all), name_(std::move(name)) {
  const MutexLock lock(all_.mutex_);
  while (!all_.held_.insert(name_).second) all_.freed_.wait(all_.mutex_);
}

InFlight::Turn::~Turn() {
  {
    const MutexLock lock(all_.mutex_);
    all_.held_.erase(name_);
  }
  all_.freed_.notify_all();
}

Service::Service(State& state, Token& token, std::string role)
    : state_(state),
      token_(token),
      role_(std::move(role)),
      authenticator_(state),
      serial_number_(
          state.read([](Database& database) { return setting(database, "serial_number"); })),
      cluster_id_(state.read([](Database& database) { return setting(database, "cluster_id"); })) {}

std::string Service::route_name(std::string_view method, std::string_view target) {
  const Route* route = route_for(method, target);
  if (route == nullptr) return "other";
  return std::string(route->method) + " " + std::string(route->path);
}

bool Service::is_slow(std::string_view method, std::string_view target) {
  const Route* route = route_for(method, target);
  return route != nullptr && route->pace == Pace::slow;
}

Answer Service::handle(const Request& request) noexcept {
  try {
    auto answer = dispatch(request);
    return answer ? std::move(answer).assume_value() : to_answer(answer.assume_error());
  } catch (const std::exception& error) {
    log::error("request {} failed: {}", request.id, error.what());
  }
  return to_answer(problems::appliance_fault());
}

Outcome<Answer> Service::dispatch(const Request& request) {
  const auto target = read_target(request.target);
  if (!target) return problems::no_such_path();
  BOOST_OUTCOME_TRY(auto found, find_route(request.method, target->path));
  Call call{.request = request,
            .query = target->query,
            .arguments = std::move(found.arguments),
            .caller = {},
            .mark = {}};
  if (found.route->access != Access::open) {
    using enum Authenticator::Expired;
    const auto expired = found.route->access == Access::account_expired ? admitted : refused;
    BOOST_OUTCOME_TRY(call.caller,
                      caller_of(request.header("Authorization"), authenticator_, expired));
  }
  return run(*found.route, call);
}

Outcome<Answer> Service::run(const Route& route, Call& call) {
  if (route.place == Place::primary && role_ != "primary") {
    const auto primary =
        state_.read([](Database& database) { return find_member(database, "primary"); });
    return problems::misdirected(primary ? primary->url : "");
  }
  if (route.method == "POST") return run_once(route, call);
  return (this->*route.call)(call);
}

Outcome<Answer> Service::run_once(const Route& route, Call& call) {
  const auto key = canonical_uuid(call.request.header("Idempotency-Key"));
  if (!key) return problems::malformed("A POST needs an Idempotency-Key header with a UUID.");
  call.mark = mark_of(call.request, call.user(), *key);
  const InFlight::Turn turn(in_flight_, *key + call.user());
  const auto recall_answer = [&](Database& database) { return answer_before(database, call.mark); };
  if (auto earlier = state_.read(recall_answer)) return *std::move(earlier);
  auto answer = (this->*route.call)(call);
  if (answer.has_error() && is_lasting(answer.assume_error().status)) {
    return remember_refusal(call, to_answer(answer.assume_error()));
  }
  return answer;
}

Outcome<Answer> Service::remember_refusal(const Call& call, const Answer& answer) {
  return state_.write([&](Database& database) -> Outcome<Answer> {
    if (auto earlier = answer_before(database, call.mark)) return *std::move(earlier);
    remember(database, call.mark, answer);
    return answer;
  });
}

}  // namespace signet::emulator
