// GET /appliance, GET /account, POST /accounts, PUT …/password.
#include <algorithm>
#include <chrono>

#include "common/clock.h"
#include "softhsm-backend/key_types.h"
#include "softhsm-backend/native/json_body.h"
#include "softhsm-backend/native/service.h"
#include "softhsm-backend/state.h"

namespace signet::emulator {

namespace {

constexpr std::size_t kMaxCommonName = 256;  // bytes
constexpr ProblemKind kAccountExists{409, problems::kExists, "Account exists"};

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; });
}

Answer no_content() {
  return {.status = 204};
}

Outcome<std::string> read_new_password(const Request& request) {
  BOOST_OUTCOME_TRY(auto body, read_object(request));
  return required_text(body, "newPassword", request.body.size());
}

Outcome<void> check_policy(const std::string& user, const std::string& password) {
  const auto fault = fault_of_password(user, password);
  if (!fault) return success();
  switch (*fault) {
    case PasswordFault::length:
      return problems::password_length("A password has 4 to 128 bytes.");
    case PasswordFault::is_user_name:
      return problems::password_policy("A password may not be the user's name.");
    case PasswordFault::control_character:
      break;
  }
  return problems::password_policy("A password may not contain control characters.");
}

boost::json::object account_json(const Account& account) {
  boost::json::array rights{"user"};
  if (account.administrator) rights.emplace_back("admin");
  boost::json::object body{{"user", account.user},
                           {"commonName", account.common_name},
                           {"rights", rights},
                           {"signCredential", account.sign_credential},
                           {"passwordExpiresAt", nullptr}};
  if (account.password_expires_at) {
    body["passwordExpiresAt"] = utc_text(time_from(*account.password_expires_at));
  }
  return body;
}

Outcome<Account> read_new_account(const Request& request) {
  BOOST_OUTCOME_TRY(auto body, read_object(request));
  Account account;
  BOOST_OUTCOME_TRY(account.user, required_text(body, "user", kMaxWord));
  if (!is_user_name(account.user)) {
    return problems::bad_parameter(
        "\"user\" must be 1 to 32 letters, digits, or . _ @ -, without a dot in front.");
  }
  BOOST_OUTCOME_TRY(account.common_name, required_text(body, "commonName", kMaxCommonName));
  if (account.common_name.empty() || has_control_character(account.common_name))
    return problems::bad_parameter("\"commonName\" must be text without control characters.");
  BOOST_OUTCOME_TRY(const auto limit, optional_integer(body, "keyLimit"));
  if (limit && (*limit < 0 || *limit > account.key_limit))
    return problems::bad_parameter("\"keyLimit\" must be 0 to 10000.");
  if (limit) account.key_limit = *limit;
  BOOST_OUTCOME_TRY(auto password, required_text(body, "password", request.body.size()));
  BOOST_OUTCOME_TRY(check_policy(account.user, password));
  account.password_hash = hash_password(Secret(password));
  return account;
}

}  // namespace

Outcome<Answer> Service::get_appliance(Call& /*call*/) {
  boost::json::array key_types;
  for (const KeyTypeRow& row : kKeyTypes) {
    boost::json::object type{{"type", row.name}};
    if (row.type == crypto::KeyType::rsa) type["sizes"] = boost::json::value_from(kRsaSizes);
    if (has_choice_of_curves(row.type)) {
      boost::json::array curves;
      for (const CurveRow& curve : kCurves) {
        if (row_of(curve.curve).type == row.type) curves.emplace_back(curve.name);
      }
      type["curves"] = std::move(curves);
    }
    key_types.push_back(std::move(type));
  }
  boost::json::array algorithms;
  for (const AlgorithmRow& row : kAlgorithms) algorithms.emplace_back(row.name);
  boost::json::array hashes;
  for (const HashRow& hash : kHashes) hashes.emplace_back(hash.name);
  const boost::json::object body{{"manufacturer", "Signet"},
                                 {"model", "Signet emulator"},
                                 {"serialNumber", serial_number_},
                                 {"firmware", {{"major", 1}, {"minor", 0}}},
                                 {"hardware", {{"major", 1}, {"minor", 0}}},
                                 {"time", utc_text(std::chrono::system_clock::now())},
                                 {"role", role_},
                                 {"clusterId", cluster_id_},
                                 {"maxDigestsPerRequest", kMaxDigestsPerRequest},
                                 {"keyTypes", key_types},
                                 {"algorithms", algorithms},
                                 {"hashes", hashes},
                                 {"rawPkcs1", true}};
  return Answer{.status = 200, .body = json_text(body)};
}

Outcome<Answer> Service::get_account(Call& call) {
  return Answer{.status = 200, .body = json_text(account_json(call.account()))};
}

Outcome<Answer> Service::post_account(Call& call) {
  if (!call.account().administrator) return problems::not_permitted();
  BOOST_OUTCOME_TRY(auto made, read_new_account(call.request));
  return state_.write([&](Database& database) -> Outcome<Answer> {
    if (auto earlier = answer_before(database, call.mark)) return *std::move(earlier);
    if (!add_account(database, made)) return kAccountExists("There is an account of this name.");
    Answer answer{.status = 201, .body = json_text(account_json(made))};
    remember(database, call.mark, answer);
    return answer;
  });
}

Outcome<void> Service::change_password(const std::string& user, const std::string& new_password) {
  BOOST_OUTCOME_TRY(check_policy(user, new_password));
  const std::string hash = hash_password(Secret(new_password));
  const bool found =
      state_.write([&](Database& database) { return set_password(database, user, hash); });
  if (!found) return problems::no_such_object("There is no such account.");
  return success();
}

Outcome<Answer> Service::put_own_password(Call& call) {
  BOOST_OUTCOME_TRY(auto password, read_new_password(call.request));
  if (Secret(password) == call.caller.password) {
    return problems::password_policy("The new password must differ from the old one.");
  }
  BOOST_OUTCOME_TRY(change_password(call.user(), password));
  return no_content();
}

Outcome<Answer> Service::put_password(Call& call) {
  if (!call.account().administrator) return problems::not_permitted();
  BOOST_OUTCOME_TRY(auto password, read_new_password(call.request));
  BOOST_OUTCOME_TRY(change_password(call.arguments.front(), password));
  return no_content();
}

}  // namespace signet::emulator
