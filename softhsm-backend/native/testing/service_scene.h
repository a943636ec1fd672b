// What the tests of the service share: a member with a real token and a real state, without sockets.
#ifndef SIGNET_SOFTHSM_BACKEND_NATIVE_TESTING_SERVICE_SCENE_H_
#define SIGNET_SOFTHSM_BACKEND_NATIVE_TESTING_SERVICE_SCENE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "softhsm-backend/encoding.h"
#include "softhsm-backend/files.h"
#include "softhsm-backend/native/service.h"
#include "softhsm-backend/state.h"
#include "softhsm-backend/testing/instance.h"

namespace signet::emulator {

using json = boost::json::value;

inline Bytes bytes_in(const json& text) {
  return from_base64(value_to<std::string>(text)).value();
}

// One member and its state; the suite shares one, since a token takes a while to make.
struct Appliance {
  Appliance()
      : files(make_test_instance(folder)),
        state(files.state()),
        token(SIGNET_SOFTHSM_MODULE, kTokenLabel, read_secret_file(files.token_pin())),
        primary(state, token, "primary"),
        alternate(state, token, "alternate") {}

  ScratchFolder folder;
  InstanceFiles files;
  State state;
  Token token;
  Service primary;
  Service alternate;
};

class ServiceTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { appliance = std::make_unique<Appliance>(); }
  static void TearDownTestSuite() { appliance.reset(); }

  // Every test has an account of its own.
  void SetUp() override {
    static int number = 0;
    user = "user" + std::to_string(++number);
    add_user(user);
  }

  static void add_user(const std::string& name, bool administrator = false) {
    static const std::string hash = hash_password(Secret(std::string_view(kTestPassword)));
    Account account;
    account.user = name;
    account.common_name = name;
    account.administrator = administrator;
    account.password_hash = hash;
    appliance->state.write([&](Database& database) { add_account(database, account); });
  }

  void set(const std::string& assignment) const {
    appliance->state.write([&](Database& database) {
      database.run("UPDATE accounts SET " + assignment + " WHERE user = ?", user);
    });
  }

  Request request(const std::string& method, const std::string& path, const json& body = {}) const {
    Request made;
    made.method = method;
    made.target = "/dsa/v1" + path;
    made.set_header("Authorization", basic(user, kTestPassword));
    made.set_header("Content-Type", "application/json");
    made.set_header("Idempotency-Key", new_uuid());
    made.body = body.is_null() ? "" : boost::json::serialize(body);
    made.id = new_uuid();
    return made;
  }

  static Answer send(const Request& made) { return appliance->primary.handle(made); }

  Answer call(const std::string& method, const std::string& path, const json& body = {}) const {
    return send(request(method, path, body));
  }

  json make_key(const json& spec) const {
    json body = spec;
    body.as_object()["label"] = to_base64(view_of("label"));
    body.as_object()["ckaId"] = "AQ==";
    const Answer answer = call("POST", "/keys", body);
    EXPECT_EQ(answer.status, 201U) << answer.body;
    return boost::json::parse(answer.body);
  }

  json make_ec_key() const { return make_key({{"type", "EC"}, {"curve", "P-256"}}); }

  static json sign_body(std::size_t size = 32) {
    return {{"algorithm", "ECDSA"}, {"hash", "SHA-256"}, {"digests", {random_base64(size)}}};
  }

  static std::string signatures_path(const json& key) {
    return "/keys/" + value_to<std::string>(key.at("id")) + "/signatures";
  }

  std::int64_t journal_entries() const {
    return appliance->state.read([this](Database& database) {
      auto rows = database.query("SELECT count(*) FROM journal WHERE account = ?", user);
      return rows.next() ? rows.number(0) : -1;
    });
  }

  static std::string code(const Answer& answer) {
    const json body = boost::json::parse(answer.body);
    const json* const code = body.as_object().if_contains("sapiCode");
    return code == nullptr ? "" : value_to<std::string>(*code);
  }

  static inline std::unique_ptr<Appliance> appliance;
  std::string user;
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_NATIVE_TESTING_SERVICE_SCENE_H_
