#include <memory>

#include "signet-cli/command.h"
#include "signet-cli/output.h"
#include "signet-cli/token_options.h"

namespace signet::cli {
namespace {

struct TokenListOptions {
  std::string module;
  bool json = false;
};

std::string state_of(const pkcs11::TokenInfo& token) {
  if ((token.flags & CKF_USER_PIN_LOCKED) != 0) return "PIN locked";
  if ((token.flags & CKF_LOGIN_REQUIRED) == 0) return "no login";
  if ((token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0) return "credential";
  return "PIN";
}

// What the flags say that the token cannot do; the mechanisms are listed by other programs.
std::string access_to(const pkcs11::TokenInfo& token) {
  return (token.flags & CKF_WRITE_PROTECTED) != 0 ? "read-only" : "read-write";
}

pkcs11::TokenResult<std::vector<pkcs11::TokenInfo>> tokens_of(const std::string& file) {
  BOOST_OUTCOME_TRY(const auto module, load_module({}, file));
  return module->tokens();
}

void list_tokens(const TokenListOptions& options, Context& context) {
  const auto tokens = tokens_of(options.module);
  if (!tokens) return fail(context, tokens.error(), options.json);
  boost::json::array json;
  Table table({"LABEL", "MANUFACTURER", "MODEL", "SERIAL", "LOGIN", "ACCESS", "URI"});
  for (const pkcs11::TokenInfo& token : tokens.value()) {
    table.add({token.label, token.manufacturer, token.model, token.serial, state_of(token),
               access_to(token), token.uri});
    json.push_back(Json{{"label", token.label},
                        {"manufacturer", token.manufacturer},
                        {"model", token.model},
                        {"serial", token.serial},
                        {"login", state_of(token)},
                        {"access", access_to(token)},
                        {"slot", token.slot},
                        {"uri", token.uri}});
  }
  options.json ? print_json(json, context.out) : table.print(context);
}

}  // namespace

void add_token_list(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("list", "List the tokens of a module");
  const auto options = std::make_shared<TokenListOptions>();
  command->add_option("--module", options->module, "PKCS#11 module; default: Signet's own")
      ->type_name("FILE");
  command->add_flag("--json", options->json, "Write one JSON array");
  command->callback([options, &context] { list_tokens(*options, context); });
}

}  // namespace signet::cli
