#include "tests/failures/cases.h"

namespace signet::tests {
namespace {

// Shorter than usual: what is waited for comes to its end.
const std::string kLimits = "call = \"2s\"\nconnect = \"1s\"\nsign_attempt = \"1s\"\n";

Situation with(const std::function<void(Situation&)>& change) {
  Situation situation;
  situation.limits = kLimits;
  change(situation);
  return situation;
}

std::vector<Step> csc_steps() {
  const Situation plain = with([](Situation&) {});
  return {
      {"info", "info", Function::login, plain},
      {"metadata", "oauth2 metadata", Function::login, with([](auto& it) { it.issuer = true; })},
      {"token", "oauth2/token", Function::login, plain},
      {"auth/login", "auth/login", Function::login, with([](auto& it) { it.login = true; })},
      {"list", "credentials/list", Function::login, plain},
      {"credential", "credentials/info", Function::login, plain},
      {"authorize-login", "credentials/authorize", Function::login,
       with([](auto& it) { it.scal1 = true; })},
      {"authorize", "credentials/authorize", Function::sign, plain},
      {"authorizeCheck", "credentials/authorizeCheck", Function::sign,
       with([](auto& it) { it.asks_back = true; }), false},
      {"extend", "credentials/extendTransaction", Function::sign, with([](auto& it) {
         it.extends = true;
         it.multisign = 3;
       })},
      {"another-token", "oauth2/token", Function::sign,
       with([](auto& it) { it.token_ends = true; })},
      {"signHash", "signatures/signHash", Function::sign, plain},
      {"signPolling", "signatures/signPolling", Function::sign,
       with([](auto& it) { it.asynchronous = true; }), false},
      {"timestamp", "signatures/timestamp", Function::time_stamp, plain},
  };
}

std::vector<Step> sapiws_steps() {
  const Situation plain = with([](Situation&) {});
  return {
      {"cosign-info", "cosign-info", Function::get_mechanism_list, plain},
      {"time-get", "time-get", Function::get_mechanism_list, plain},
      {"enum-certificates", "enum-certificates", Function::login, plain},
      {"ca-info-get", "ca-info-get", Function::login, plain},
      {"lookup", "lookup", Function::login_officer, plain},
      {"sign", "sign", Function::sign, plain},
      {"change-password", "change-password", Function::set_pin, plain},
      {"setPassword", "setPassword", Function::init_pin, plain},
  };
}

}  // namespace

std::string name_of(Function function) {
  switch (function) {
    case Function::get_mechanism_list:
      return "C_GetMechanismList";
    case Function::login:
    case Function::login_officer:
      return "C_Login";
    case Function::sign:
      return "C_Sign";
    case Function::set_pin:
      return "C_SetPIN";
    case Function::init_pin:
      return "C_InitPIN";
    case Function::time_stamp:
      return "time_stamp";
  }
  return {};
}

std::vector<Step> steps_of(Dialect dialect) {
  if (dialect == Dialect::sapiws) return sapiws_steps();
  std::vector<Step> steps = csc_steps();
  if (dialect == Dialect::csc1)
    std::erase_if(steps, [](auto& step) { return !step.both_versions; });
  return steps;
}

}  // namespace signet::tests
