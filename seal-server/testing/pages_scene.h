// For tests of the web pages: a server's records, pages over them, and a browser that keeps cookies and sends forms.
#ifndef SIGNET_SEAL_SERVER_TESTING_PAGES_SCENE_H_
#define SIGNET_SEAL_SERVER_TESTING_PAGES_SCENE_H_

#include <map>
#include <memory>
#include <string>

#include "crypto/testing/test_key.h"
#include "seal-server/clients/clients.h"
#include "seal-server/pages/one_time_code.h"
#include "seal-server/pages/pages.h"
#include "seal-server/pages/password.h"
#include "seal-server/seals/seals.h"
#include "seal-server/testing/records_scene.h"

namespace signet::sealserver {

class PagesScene : public RecordsScene {
 protected:
  using Response = https::server::Response;

  PagesScene() {
    // The certificates of the test keys are valid from the system's time on.
    now_ = std::chrono::system_clock::now() + std::chrono::minutes(1);
    pages_ = std::make_unique<Pages>(*sequencer_, Pages::Options{.database = database_.address(),
                                                                 .now = [this] { return now_; }});
    office_ = add_client_named("Office");
    other_ = add_client_named("Other");
  }

  std::string add_client_named(const std::string& name) {
    return sequencer_->write([&](Group& group) {
      Client client;
      client.name = name;
      return add_client(group, client);
    });
  }

  // With the password kPassword and the key kCodeKey.
  void add(const std::string& name, Role role) {
    sequencer_->write([&](Group& group) {
      User user;
      user.name = name;
      user.role = role;
      if (role == Role::person) user.client = office_;
      add_user(group, user);
      set_user_password(group, name, hash(), kCodeKey);
    });
  }

  std::string seal(const std::string& client, const std::string& reference) {
    NewSeal seal;
    seal.kind = "seal";
    seal.reference = reference;
    seal.digest = std::string(64, 'a');
    seal.certificate = std::string(64, 'c');
    return sequencer_->write([&](Group& group) {
      return open_seals(group, find_client(group.sql(), client).value(), {seal}).front().id;
    });
  }

  Response send(const std::string& method, const std::string& target, const std::string& body) {
    https::server::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.peer.certificate = certificate_;
    std::string cookies;
    for (const auto& [name, value] : cookies_) cookies += name + "=" + value + "; ";
    request.set_header("Cookie", cookies);
    if (method == "POST") request.set_header("Content-Type", "application/x-www-form-urlencoded");
    for (const auto& [name, value] : headers_) request.set_header(name, value);
    Response answer = pages_->handle(request);
    for (const auto& [name, value] : answer.headers) {
      if (name != "Set-Cookie") continue;
      const auto equals = value.find('=');
      cookies_[value.substr(0, equals)] = value.substr(equals + 1, value.find(';') - equals - 1);
    }
    return answer;
  }
  Response get(const std::string& target) { return send("GET", target, ""); }

  // A form of the page that the browser shows, whose token it has.
  Response post(const std::string& target,
                std::vector<std::pair<std::string, std::string>> fields = {}) {
    fields.emplace_back("token", token_in(get("/sign-in").body));
    return send("POST", target, form_text(fields));
  }

  static std::string token_in(const std::string& html) {
    const std::string mark = "name=\"token\" value=\"";
    const auto start = html.find(mark);
    return start == std::string::npos ? "" : html.substr(start + mark.size(), 64);
  }

  static std::string header(const Response& answer, const std::string& name) {
    for (const auto& [each, value] : answer.headers) {
      if (each == name) return value;
    }
    return {};
  }

  // Each time with a code that was not used yet.
  Response sign_in(const std::string& name, const std::string& password = kPassword) {
    now_ += std::chrono::minutes(1);
    return post("/sign-in", {{"name", name},
                             {"password", password},
                             {"code", code_of_step(kCodeKey, code_step(now_))},
                             {"to", "/seals"}});
  }

  // As sign_in(), without the slow part.
  void enter(const std::string& name) {
    const std::string token = new_token();
    sequencer_->write([&](Group& group) { start_session(group, token, name, {}, now_); });
    cookies_[std::string(kSessionCookie)] = token;
  }

  static const std::string& hash() {
    static const std::string hash = password_hash(Secret(std::string_view(kPassword)));
    return hash;
  }

  static constexpr const char* kPassword = "correct horse battery";
  const Bytes kCodeKey = Bytes(20, 7);

  std::unique_ptr<Pages> pages_;
  std::string office_;
  std::string other_;
  Bytes certificate_;  // that the browser shows
  std::map<std::string, std::string> cookies_;
  std::map<std::string, std::string> headers_;  // more of them
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_TESTING_PAGES_SCENE_H_
