#include "seal-server/pages/pages.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>

#include "common/clock.h"
#include "common/log.h"
#include "seal-server/clients/clients.h"
#include "seal-server/pages/assets.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

using https::server::Request;
using https::server::Response;

constexpr std::size_t kTokenSize = 64;
constexpr std::string_view kStatic = "/static/";

bool is_token(std::string_view text) {
  return text.size() == kTokenSize && from_hex(text).has_value();
}

Form form_of(const Request& request, std::string_view query) {
  if (request.method != "POST") return Form(query);
  if (!query.empty() ||
      !request.header("Content-Type").starts_with("application/x-www-form-urlencoded"))
    throw problems::malformed("This is not a form of a page.");
  return Form(request.body);
}

Language language_for(const Request& request) {
  const auto chosen = language_of(cookie_value(request.header("Cookie"), kLanguageCookie));
  return chosen ? *chosen : preferred_language(request.header("Accept-Language"));
}

// Whether our own page has sent the form.
void check_form(const Visit& visit) {
  const std::string_view site = visit.request.header("Sec-Fetch-Site");
  const bool elsewhere = !site.empty() && site != "same-origin";
  const std::string right = form_token(visit.cookie);
  const std::string given = visit.form.raw_value("token");
  const bool is_ours = !visit.cookie.empty() && given.size() == right.size() &&
                       CRYPTO_memcmp(given.data(), right.data(), right.size()) == 0;
  if (elsewhere || !is_ours) throw problems::not_admitted("The form was not sent by our page.");
}

Response static_file(std::string_view name) {
  const Asset* file = find_asset(static_files(), name);
  if (file == nullptr) throw problems::no_such("There is nothing at this path.");
  const char* type = name.ends_with(".css")   ? "text/css; charset=utf-8"
                     : name.ends_with(".svg") ? "image/svg+xml"
                                              : "text/javascript; charset=utf-8";
  return browser_answer(200, type, std::string(file->content));
}

// The part that a star of the pattern stands for; empty where there is no star; nothing where the path is another.
std::optional<std::string> match(std::string_view pattern, std::string_view path) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos)
    return pattern == path ? std::optional<std::string>("") : std::nullopt;
  const std::string_view before = pattern.substr(0, star);
  const std::string_view after = pattern.substr(star + 1);
  const bool fits = path.size() > before.size() + after.size() && path.starts_with(before) &&
                    path.ends_with(after);
  if (!fits) return std::nullopt;
  const std::string_view item =
      path.substr(before.size(), path.size() - before.size() - after.size());
  if (item.find('/') != std::string_view::npos) return std::nullopt;
  return std::string(item);
}

}  // namespace

std::span<const Pages::Route> Pages::routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "/", Access::everyone, &Pages::show_start},
      {"GET", "/sign-in", Access::everyone, &Pages::show_sign_in},
      {"POST", "/sign-in", Access::everyone, &Pages::sign_in_by_password},
      {"POST", "/sign-in/certificate", Access::everyone, &Pages::sign_in_by_certificate},
      {"POST", "/language", Access::everyone, &Pages::set_language},
      {"POST", "/sign-out", Access::users, &Pages::sign_out},
      {"GET", "/seals", Access::users, &Pages::list_seals},
      {"GET", "/seals/*", Access::users, &Pages::show_seal},
      {"GET", "/seals/*/proof", Access::users, &Pages::give_proof},
      {"GET", "/export/seals.csv", Access::users, &Pages::export_csv},
      {"GET", "/export/seals.json", Access::users, &Pages::export_json},
      {"POST", "/lookup", Access::users, &Pages::look_up},
      {"GET", "/certificates", Access::users, &Pages::list_certificates},
      {"GET", "/clients", Access::administrators, &Pages::list_clients},
      {"GET", "/clients/*", Access::administrators, &Pages::show_client_page},
      {"POST", "/clients/*/state", Access::administrators, &Pages::change_client_state},
      {"POST", "/clients/*/limits", Access::administrators, &Pages::change_client_limits},
      {"POST", "/keys/*/revoke", Access::administrators, &Pages::revoke_client_key},
  };
  return kRoutes;
}

Pages::Pages(Sequencer& sequencer, Options options)
    : sequencer_(sequencer),
      options_(std::move(options)),
      readers_(options_.database),
      sign_in_(sequencer, readers_) {}

Response Pages::handle(const Request& request) {
  Visit visit{.request = request,
              .path = request.target.substr(0, request.target.find('?')),
              .form = Form(""),
              .now = options_.now(),
              .cookie = {},
              .session = {},
              .frame = {}};
  visit.frame.language = language_for(request);
  visit.frame.here = "/";
  try {
    return answer_to(visit);
  } catch (const Problem& problem) {
    return problem_page(visit, problem.status());
  } catch (const storage::SqlError& error) {
    log::error("{} {}: {}", request.method, visit.path, error.what());
    return problem_page(visit, 503);
  } catch (const std::exception& error) {
    log::error("{} {}: {}", request.method, visit.path, error.what());
    return problem_page(visit, 500);
  }
}

Response Pages::answer_to(Visit& visit) {
  const std::string_view path = visit.path;
  if (path.starts_with(kStatic)) return static_file(path.substr(kStatic.size()));
  recognise(visit);
  const std::string_view target = visit.request.target;
  const std::string_view query = target.substr(std::min(target.size(), path.size() + 1));
  visit.form = form_of(visit.request, query);
  return dispatch(visit);
}

// Who it is, by the cookie and the certificate of the connection.
void Pages::recognise(Visit& visit) {
  const std::string_view cookies = visit.request.header("Cookie");
  const std::string token = cookie_value(cookies, kSessionCookie);
  if (is_token(token)) {
    const Bytes& certificate = visit.request.peer.certificate;
    const std::string spki = certificate.empty() ? std::string() : spki_of_certificate(certificate);
    visit.session = readers_.read(
        [&](storage::SqlConnection& sql) { return find_session(sql, token, spki, visit.now); });
  }
  if (visit.session) {
    visit.cookie = token;
    visit.frame.user = visit.session->user;
    if (visit.session->used_at < utc_text(visit.now - kSessionStep)) {
      sequencer_.write([&](Group& group) { keep_session(group, *visit.session, visit.now); });
    }
  } else {
    const std::string visitor = cookie_value(cookies, kVisitorCookie);
    if (is_token(visitor)) visit.cookie = visitor;
  }
  if (!visit.cookie.empty()) visit.frame.token = form_token(visit.cookie);
}

Response Pages::dispatch(Visit& visit) {
  std::string_view method = visit.request.method;
  if (method == "HEAD") method = "GET";
  bool is_path = false;
  for (const Route& route : routes()) {
    const auto item = match(route.path, visit.path);
    if (!item) continue;
    is_path = true;
    if (route.method != method) continue;
    if (route.access != Access::everyone && !visit.session) {
      if (method == "POST") return see_other("/sign-in");
      return see_other("/sign-in?" + form_text({{"to", visit.request.target}}));
    }
    if (route.access == Access::administrators && visit.user().role != Role::administrator)
      throw problems::not_admitted("This page is for administrators.");
    if (method == "POST") check_form(visit);
    if (method == "GET") visit.frame.here = visit.request.target;
    visit.item = *item;
    return (this->*route.show)(visit);
  }
  if (is_path) throw Problem(405, "Method not allowed", "This path does not take this method.");
  throw problems::no_such("There is nothing at this path.");
}

Response Pages::problem_page(const Visit& visit, unsigned status) const {
  constexpr std::array<unsigned, 7> kKnown{400, 403, 404, 405, 409, 422, 503};
  const bool known = std::ranges::find(kKnown, status) != kKnown.end();
  const std::string name = "problem_" + std::to_string(known ? status : 500);
  Values values;
  values.set("message", text(visit.frame.language, name));
  return page_answer(status, visit.frame, "problem", "problem", values);
}

}  // namespace signet::sealserver
