// Signing in and out, and the language.
#include <algorithm>

#include "crypto/certificate.h"
#include "seal-server/clients/clients.h"
#include "seal-server/pages/pages.h"

namespace signet::sealserver {

namespace {

constexpr const char* kCookieRules = "; Path=/; Secure; HttpOnly; SameSite=Strict";
constexpr std::size_t kLongestField = 1024;

std::string cookie(std::string_view name, const std::string& value, const std::string& more = "") {
  return std::string(name) + "=" + value + kCookieRules + more;
}

// A path of this server, whatever somebody has put into a link.
std::string local_path(const std::string& path) {
  const bool visible =
      std::ranges::all_of(path, [](char c) { return c > ' ' && c < '\x7F' && c != '\\'; });
  return visible && path.starts_with('/') && !path.starts_with("//") ? path : "/";
}

// Programs show a code in groups.
std::string without_spaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

}  // namespace

https::server::Response Pages::show_start(const Visit& visit) {
  return see_other(visit.session ? "/seals" : "/sign-in");
}

https::server::Response Pages::show_sign_in(const Visit& visit) {
  return sign_in_page(visit, false);
}

https::server::Response Pages::sign_in_page(const Visit& visit, bool failed) {
  std::string owner;
  if (const Bytes& certificate = visit.request.peer.certificate; !certificate.empty()) {
    const std::string spki = spki_of_certificate(certificate);
    const auto user =
        readers_.read([&](storage::SqlConnection& sql) { return user_of_key(sql, spki); });
    if (user) owner = user->name;
  }
  Visit seen = visit;
  if (seen.cookie.empty()) {
    seen.cookie = new_token();
    seen.frame.token = form_token(seen.cookie);
  }
  seen.frame.here = "/sign-in";
  Values values;
  values.set("failed", Values(failed));
  values.set("to", local_path(visit.form.value("to")));
  values.set("name", failed ? visit.form.value("name") : std::string());
  values.set("has_certificate", Values(!owner.empty()));
  values.set("owner", owner);
  auto answer = page_answer(failed ? 403 : 200, seen.frame, "sign_in", "sign_in", values);
  if (visit.cookie.empty())
    answer.headers.emplace_back("Set-Cookie", cookie(kVisitorCookie, seen.cookie));
  return answer;
}

https::server::Response Pages::sign_in_by_password(const Visit& visit) {
  const std::string password = visit.form.raw_value("password");
  const std::string name = visit.form.value("name");
  const bool usable = name.size() <= kLongestField && password.size() <= kLongestField;
  if (!usable) return sign_in_page(visit, true);
  return signed_in(
      visit, sign_in_.by_password(name, Secret(password), without_spaces(visit.form.value("code")),
                                  visit.now));
}

https::server::Response Pages::sign_in_by_certificate(const Visit& visit) {
  const Bytes& certificate = visit.request.peer.certificate;
  return signed_in(
      visit, certificate.empty() ? std::nullopt : sign_in_.by_certificate(certificate, visit.now));
}

// A session has a token of its own, whatever the browser had before.
https::server::Response Pages::signed_in(const Visit& visit,
                                         const std::optional<std::string>& token) {
  if (!token) return sign_in_page(visit, true);
  if (visit.session) sequencer_.write([&](Group& group) { end_session(group, visit.session->id); });
  auto answer = see_other(local_path(visit.form.value("to")));
  answer.headers.emplace_back("Set-Cookie", cookie(kSessionCookie, *token));
  return answer;
}

https::server::Response Pages::sign_out(const Visit& visit) {
  sequencer_.write([&](Group& group) { end_session(group, visit.session->id); });
  auto answer = see_other("/sign-in");
  answer.headers.emplace_back("Set-Cookie", cookie(kSessionCookie, "", "; Max-Age=0"));
  return answer;
}

https::server::Response Pages::set_language(const Visit& visit) {
  auto answer = see_other(local_path(visit.form.value("to")));
  if (const auto language = language_of(visit.form.value("language"))) {
    answer.headers.emplace_back(
        "Set-Cookie", cookie(kLanguageCookie, language_code(*language), "; Max-Age=31536000"));
  }
  return answer;
}

}  // namespace signet::sealserver
