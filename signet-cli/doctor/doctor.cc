// `signet doctor`: the command.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "common/log.h"
#include "signet-cli/ask_secret.h"
#include "signet-cli/command.h"
#include "signet-cli/doctor/checks.h"

namespace signet::cli {

namespace {

using doctor::AccountCheck;
using doctor::Findings;

struct DoctorOptions {
  std::string config;
  std::string token;
  std::string pin_file;
  bool ask_pin = false;
  bool no_signature = false;
  bool json = false;
};

// What only the service itself is given, and not an administrator's shell.
bool is_the_services_own(const config::CredentialSource& source) {
  using Kind = config::CredentialSource::Kind;
  return source.kind == Kind::systemd_credential || source.kind == Kind::environment;
}

// Where a password comes from: what was asked for, else what the configuration says. Its check is
// one line of its own.
AccountCheck::Password password_for(const config::TokenConfig& token, const DoctorOptions& options,
                                    Findings& findings) {
  const doctor::Place place{token.label, {}};
  const auto fail = [&](const std::string& sentence) {
    findings.wrong(
        place, "credential", sentence,
        "the module reads it in the same way at C_Login: make it readable for this user, "
        "and for nobody else");
    return AccountCheck::Password{{}, "the credential cannot be read"};
  };
  if (options.ask_pin) {
    auto pin = ask_secret(fmt::format("PIN of token \"{}\"", token.label));
    if (!pin) return fail(pin.error());
    return {std::move(pin).value(), {}};
  }
  std::optional<config::CredentialSource> source = token.credential;
  if (!options.pin_file.empty()) {
    source = {config::CredentialSource::Kind::file, options.pin_file};
  }
  if (!source) {
    findings.not_tried(place, "credential", "the configuration has none: programs give the PIN");
    return {{}, "no PIN is known; give one with --pin-file or --ask-pin"};
  }
  auto secret = source->read();
  if (!secret && is_the_services_own(*source)) {
    findings.not_tried(place, "credential", secret.error() + "; the service may have it");
    return {{}, "no PIN is known here; give one with --pin-file or --ask-pin"};
  }
  if (!secret) return fail(secret.error());
  findings.well(place, "credential", "can be read");
  return {std::move(secret).value(), {}};
}

void check_token(const config::TokenConfig& token, const DoctorOptions& options,
                 Findings& findings) {
  AccountCheck account(token, password_for(token, options, findings), !options.no_signature,
                       findings);
  for (const config::MemberConfig& member : token.members) {
    account.check_at(member, doctor::check_member(token, member, findings));
  }
  account.check_certificates();
}

void check_tokens(const config::Config& config, const DoctorOptions& options, Findings& findings) {
  const auto wanted = [&](const config::TokenConfig& token) {
    return options.token.empty() || token.label == options.token;
  };
  if (std::ranges::none_of(config.tokens, wanted) && !config.tokens.empty()) {
    findings.wrong({}, "token", fmt::format("there is no token \"{}\"", options.token),
                   "signet config show prints the tokens that there are");
  }
  for (const config::TokenConfig& token : config.tokens) {
    if (wanted(token)) check_token(token, options, findings);
  }
}

void examine(const DoctorOptions& options, Context& context) {
  // What the transport would log stands in the findings.
  if (const std::string wrong = log::open({.level = log::Level::error, .to = "/dev/null"});
      !wrong.empty()) {
    return context.fail(wrong);
  }
  Findings findings;
  const auto config = doctor::check_configuration(options.config, findings);
  if (config) check_tokens(*config, options, findings);
  log::close();
  if (options.json) {
    findings.print_json(context.out);
  } else {
    findings.print_text(context.out);
  }
  if (!findings.healthy()) context.exit_code = exit_failed;
}

}  // namespace

void add_doctor(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand(
      "doctor", "Try everything from the configuration to a signature; say what is wrong");
  const auto options = std::make_shared<DoctorOptions>();
  command->add_option("--config", options->config,
                      "Configuration; default: the one the module would read");
  command->add_option("--token", options->token, "Look at the token with this label only");
  auto* const file = command->add_option("--pin-file", options->pin_file,
                                         "File with the PIN, readable by its owner only");
  command->add_flag("--ask-pin", options->ask_pin, "Ask for the PIN at the terminal")
      ->excludes(file);
  command->add_flag("--no-signature", options->no_signature, "Make no test signature");
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] { examine(*options, context); });
}

}  // namespace signet::cli
