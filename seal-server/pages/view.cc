#include "seal-server/pages/view.h"

#include <stdexcept>

#include "seal-server/pages/assets.h"

namespace signet::sealserver {

namespace {

namespace mustache = kainjow::mustache;

constexpr const char* kHtml = "text/html; charset=utf-8";
constexpr std::string_view kEnding = ".mustache";

std::string template_text(const std::string& name) {
  const Asset* found = find_asset(page_templates(), name + std::string(kEnding));
  if (found == nullptr) throw std::logic_error("There is no template " + name + ".");
  return std::string(found->content);
}

Values words_in(Language language) {
  Values texts;
  for (const Text& each : all_texts())
    texts.set(each.name, Values(each.words.at(static_cast<std::size_t>(language))));
  Values words("t", texts);
  for (const char* part : {"header", "footer", "seal_table", "seal_rows", "certificate_table"})
    words.set(part, mustache::partial([part] { return template_text(part); }));
  return words;
}

const Values& words(Language language) {
  static const std::array<Values, kLanguages.size()> all{words_in(Language::english),
                                                         words_in(Language::czech)};
  return all.at(static_cast<std::size_t>(language));
}

Values frame_values(const Frame& frame, const std::string& title) {
  Values values;
  values.set("lang", language_code(frame.language));
  values.set("title", text(frame.language, title));
  values.set("token", frame.token);
  values.set("here", frame.here);
  values.set("english", Values(frame.language == Language::english));
  values.set("signed_in", Values(frame.user.has_value()));
  values.set("user", frame.user ? frame.user->name : std::string());
  values.set("role", frame.user ? text(frame.language, role_name(frame.user->role)) : "");
  values.set("administers", Values(frame.user && frame.user->role == Role::administrator));
  for (const char* section : {"seals", "certificates", "clients"})
    values.set(std::string("in_") + section, Values(frame.section == section));
  return values;
}

}  // namespace

https::server::Response browser_answer(unsigned status, const std::string& type, std::string body) {
  return {.status = status,
          .body = std::move(body),
          .headers = {{"Content-Type", type},
                      {"Cache-Control", "no-store"},
                      {"Content-Security-Policy",
                       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                       "worker-src 'self'; form-action 'self'; frame-ancestors 'none'; "
                       "base-uri 'none'"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "same-origin"},
                      {"Cross-Origin-Opener-Policy", "same-origin"},
                      {"Cross-Origin-Resource-Policy", "same-origin"},
                      {"Strict-Transport-Security", "max-age=31536000"}}};
}

https::server::Response page_answer(unsigned status, const Frame& frame, const std::string& name,
                                    const std::string& title, const Values& values) {
  mustache::mustache page(template_text(name));
  const Values outer = frame_values(frame, title);
  mustache::context<std::string> context(&words(frame.language));
  context.push(&outer);
  context.push(&values);
  std::string html = page.render(context);
  if (!page.is_valid()) throw std::logic_error(name + ": " + page.error_message());
  return browser_answer(status, kHtml, std::move(html));
}

https::server::Response see_other(const std::string& path) {
  auto answer = browser_answer(303, kHtml, {});
  answer.headers.emplace_back("Location", path);
  return answer;
}

https::server::Response download(const std::string& type, const std::string& name,
                                 std::string body) {
  auto answer = browser_answer(200, type, std::move(body));
  answer.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
  return answer;
}

}  // namespace signet::sealserver
