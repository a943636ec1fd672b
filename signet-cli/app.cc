#include "signet-cli/app.h"

#include <algorithm>
#include <exception>

#include "common/printable.h"
#include "signet-cli/client/client.h"
#include "signet-cli/extend/extend.h"
#include "signet-cli/output.h"
#include "signet-cli/preserve/command.h"

namespace signet::cli {

CLI::App& add_group(CLI::App& app, const std::string& name, const std::string& description) {
  CLI::App* const group = app.add_subcommand(name, description);
  group->require_subcommand(1);
  return *group;
}

std::unique_ptr<CLI::App> make_app(Context& context) {
  auto app = std::make_unique<CLI::App>(
      "Administers Signet, the PKCS#11 provider for remote signature appliances, and the keys and "
      "certificates on its and other tokens.",
      "signet");
  app->set_version_flag("--version", "signet " SIGNET_VERSION);
  app->require_subcommand(1);
  // CLI11 repeats words of the command line, line ends too.
  app->failure_message([](const CLI::App* /*app*/, const CLI::Error& error) {
    return printable(error.what()) + "\nRun with --help for more information.\n";
  });
  app->footer(
      "Exit status: 0 success, 1 the check or the work failed, 2 wrong usage, more in signet(1).");

  CLI::App& config = add_group(*app, "config", "Check, show and sign the configuration");
  add_config_check(config, context);
  add_config_show(config, context);
  add_config_sign(config, context);

  add_pin_show(add_group(*app, "pin", "Server key pins"), context);
  add_doctor(*app, context);
  add_status(*app, context);
  CLI::App& token = add_group(*app, "token", "PKCS#11 tokens");
  add_token_list(token, context);
  add_token_change_pin(token, context);
  add_key_commands(*app, context);
  add_csr(*app, context);
  add_cert_commands(*app, context);
  add_renew(*app, context);
  add_seal(*app, context);
  add_sign(*app, context);
  add_verify(*app, context);
  add_extend(*app, context);
  add_preserve(*app, context);
  add_client_commands(*app, context);
  add_activate(*app, context);
  return app;
}

namespace {

// The first word that should be a subcommand and is none; empty: there is no such word. CLI11 would only say that a
// subcommand is missing.
std::string unknown_command(const CLI::App& app, const std::vector<std::string>& arguments) {
  const CLI::App* at = &app;
  for (const std::string& word : arguments) {
    if (word.starts_with('-') || at->get_require_subcommand_min() == 0) return "";
    const auto below = at->get_subcommands(
        [&word](const CLI::App* command) { return command->get_name() == word; });
    if (below.empty()) return word;
    at = below.front();
  }
  return "";
}

}  // namespace

int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  PrintableStream shown(out);
  PrintableStream told(err);
  Context context{shown, told, out};
  const auto app = make_app(context);
  if (const std::string word = unknown_command(*app, arguments); !word.empty()) {
    context.fail("there is no command \"" + word + "\"; see signet --help");
    return exit_usage;
  }
  const bool json = std::ranges::find(arguments, "--json") != arguments.end();
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 takes them
  try {
    app->parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    if (app->exit(error, shown, told) == 0) return exit_ok;
    if (json) print_json(Json{{"error", error.what()}, {"status", int{exit_usage}}}, shown);
    return exit_usage;
  } catch (const std::exception& error) {
    context.fail(error.what());
  }
  shown.flush();
  if (!shown || !out) context.fail("cannot write the output");
  return context.exit_code;
}

}  // namespace signet::cli
