#include <memory>
#include <string>

#include "common/printable.h"
#include "signet-cli/command.h"
#include "signet-cli/config_load.h"
#include "signet-cli/config_text.h"
#include "signet-cli/output.h"

namespace signet::cli {

namespace {

struct ShowOptions {
  std::string file;
  bool json = false;
};

void show(const ShowOptions& options, Context& context) {
  const auto config = load_chosen_config(options.file);
  if (config.has_error()) return context.fail(config.error().sentence);
  const std::string file = config.value().file.string();
  if (options.json) {
    Json whole = {{"file", file}};
    for (const auto& [key, value] : config_json(config.value())) whole[key] = value;
    return print_json(whole, context.out);
  }
  context.out << "# " << printable(file) << " with every default\n";
  context.out << config_toml(config.value());
}

}  // namespace

void add_config_show(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("show", "Print the configuration with every default; never a password");
  const auto options = std::make_shared<ShowOptions>();
  command->add_option("FILE", options->file,
                      "Configuration; default: the one the module would read");
  command->add_flag("--json", options->json, "Write one JSON object instead of TOML");
  command->callback([options, &context] { show(*options, context); });
}

}  // namespace signet::cli
