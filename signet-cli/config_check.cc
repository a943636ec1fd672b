#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "signet-cli/command.h"
#include "signet-cli/config_load.h"
#include "signet-cli/output.h"

namespace signet::cli {

namespace {

using config::Config;

struct CheckOptions {
  std::string file;
  bool json = false;
};

// What works and yet deserves a look.
std::vector<std::string> advice_for(const Config& config) {
  using Kind = config::CredentialSource::Kind;
  std::vector<std::string> advice;
  if (config.tokens.empty())
    advice.emplace_back("there is no [[token]]: programs will see no slot");
  for (const config::TokenConfig& token : config.tokens) {
    if (token.credential && token.credential->kind == Kind::environment) {
      advice.push_back(
          fmt::format("token \"{}\": other processes of the user can read a password in the "
                      "environment; a file or a systemd credential is safer",
                      token.label));
    }
    for (const config::MemberConfig& member : token.members) {
      if (member.pins.all().size() == 1) {
        advice.push_back(
            fmt::format("token \"{}\": {} has no backup pin: when its key changes, it is no "
                        "longer trusted",
                        token.label, member.url));
      }
    }
  }
  return advice;
}

void print_text(const Config& config, std::ostream& out) {
  std::size_t members = 0;
  for (const auto& token : config.tokens) members += token.members.size();
  out << fmt::format("{}: correct; tokens: {}, members: {}, {}\n", printable(config.file.string()),
                     config.tokens.size(), members,
                     config.signature
                         ? fmt::format("signed with counter {}", config.signature->counter)
                         : "not signed");
  for (const std::string& line : advice_for(config)) out << "note: " << printable(line) << '\n';
}

void print_config_json(const Config& config, std::ostream& out) {
  Json json = {{"correct", true},
               {"file", config.file.string()},
               {"tokens", config.tokens.size()},
               {"signed", config.signature.has_value()}};
  if (config.signature) json["counter"] = config.signature->counter;
  json["notes"] = boost::json::value_from(advice_for(config));
  print_json(json, out);
}

void check(const CheckOptions& options, Context& context) {
  const auto config = load_chosen_config(options.file);
  if (config.has_value()) {
    return options.json ? print_config_json(config.value(), context.out)
                        : print_text(config.value(), context.out);
  }
  if (options.json) {
    print_json(Json{{"correct", false}, {"error", config.error().sentence}}, context.out);
  }
  context.fail(config.error().sentence);
}

}  // namespace

void add_config_check(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand(
      "check", "Read the configuration as the module does and say what is wrong");
  const auto options = std::make_shared<CheckOptions>();
  command->add_option("FILE", options->file,
                      "Configuration; default: the one the module would read");
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] { check(*options, context); });
}

}  // namespace signet::cli
