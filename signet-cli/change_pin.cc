#include <fmt/format.h>

#include <memory>

#include "common/printable.h"
#include "signet-cli/command.h"
#include "signet-cli/output.h"
#include "signet-cli/token_options.h"

namespace signet::cli {
namespace {

struct ChangePinOptions {
  TokenOptions token;
  std::string new_pin_file;
  bool json = false;
};

pkcs11::TokenResult<pkcs11::TokenInfo> change(const ChangePinOptions& options) {
  BOOST_OUTCOME_TRY(const auto place, find_token(options.token));
  BOOST_OUTCOME_TRY(pkcs11::TokenSession::change_pin(
      place.module, place.info, given_pin_provider({options.token.pin_file, place.pin_source}),
      new_pin_provider(options.new_pin_file)));
  return place.info;
}

void change_pin(const ChangePinOptions& options, Context& context) {
  const auto changed = change(options);
  if (!changed) return fail(context, changed.error(), options.json);
  const pkcs11::TokenInfo& token = changed.value();
  const bool credential = (token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
  if (options.json)
    return print_json(Json{{"token", token.label}, {"changed", true}, {"credential", credential}},
                      context.out);
  context.out << fmt::format("the PIN of the token \"{}\" was changed\n", printable(token.label));
  if (credential)
    context.out << "write the new PIN to the source of the token's configured credential as well\n";
}

}  // namespace

void add_token_change_pin(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand(
      "change-pin", "Change the PIN of a token, for everybody who uses its account");
  const auto options = std::make_shared<ChangePinOptions>();
  add_token_options(*command, options->token);
  command
      ->add_option("--new-pin-file", options->new_pin_file,
                   "File with the new PIN, readable by its owner only")
      ->type_name("FILE");
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] { change_pin(*options, context); });
}

}  // namespace signet::cli
