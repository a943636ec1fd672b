// `signet doctor`: the command.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "common/log.h"
#include "signet-cli/ask_secret.h"
#include "signet-cli/command.h"
#include "signet-cli/doctor/checks.h"
#include "signet-cli/pin.h"

namespace signet::cli {

namespace {

using doctor::AccountCheck;
using doctor::Findings;
namespace fs = std::filesystem;

struct DoctorOptions {
  std::string config;
  std::string token;
  std::string pin_file;
  bool ask_pin = false;
  std::string sign_pin_file;
  bool no_signature = false;
  bool require_signature = false;
  bool json = false;
};

// What only the service itself is given, and not an administrator's shell.
bool is_the_services_own(const config::CredentialSource& source) {
  using Kind = config::CredentialSource::Kind;
  return source.kind == Kind::systemd_credential || source.kind == Kind::environment;
}

bool is_file(const config::CredentialSource& source) {
  return source.kind == config::CredentialSource::Kind::file;
}

bool denied(const config::CredentialSource& source) {
  return is_file(source) && !doctor::advice_for_denied(source.name).empty();
}

bool ends_a_line(const Secret& secret) {
  const std::string_view text = text_of(secret.reveal());
  return text.ends_with('\n') || text.ends_with('\r');
}

std::string advice_for_credential(const config::CredentialSource& source) {
  std::error_code ignored;
  if (!is_file(source)) {
    return "correct the command, as the user of the programs; what it wrote to the standard error "
           "says "
           "why";
  }
  if (fs::exists(source.name, ignored) && fs::file_size(source.name, ignored) > 0) {
    return "do what the sentence says: the user of the programs reads it, and nobody else";
  }
  return fmt::format("write the PIN into it, for its owner alone: (umask 077; printf %s PIN >{})",
                     source.name);
}

// Where a password comes from: what was asked for, else what the configuration says. Its check is
// one line of its own.
AccountCheck::Password password_for(const config::TokenConfig& token, const DoctorOptions& options,
                                    Findings& findings) {
  const doctor::Place place{token.label, {}};
  const auto fail = [&](const std::string& sentence, const std::string& advice) {
    findings.wrong(place, "credential", sentence, advice);
    return AccountCheck::Password{{}, "the credential cannot be used"};
  };
  if (options.ask_pin) {
    auto pin = ask_secret(fmt::format("PIN of token \"{}\"", token.label));
    if (!pin) return fail(pin.error(), "run doctor at a terminal, or give a file with --pin-file");
    return {std::move(pin).value(), {}};
  }
  std::optional<config::CredentialSource> source = token.credential;
  if (!options.pin_file.empty()) {
    source = {config::CredentialSource::Kind::file, options.pin_file};
  }
  if (!source) {
    findings.not_needed(place, "credential",
                        "the configuration has none: programs give the PIN where one is needed");
    return {{}, "no PIN is known; give one with --pin-file or --ask-pin"};
  }
  auto secret = source->read();
  if (!secret && is_the_services_own(*source)) {
    findings.not_tried(place, "credential", secret.error() + "; the service may have it");
    return {{}, "no PIN is known here; give one with --pin-file or --ask-pin"};
  }
  if (!secret && denied(*source)) {
    findings.not_needed(place, "credential",
                        secret.error() + ": programs of this user have to give the PIN");
    return {{},
            "no PIN is known to this user; give one with --pin-file or --ask-pin, or run doctor "
            "as the service's user"};
  }
  if (!secret) return fail(secret.error(), advice_for_credential(*source));
  if (ends_a_line(secret.value())) {
    return fail("the password ends with more than one line end, which the appliance would be sent",
                fmt::format("write it again without: printf %s PIN >{}", source->name));
  }
  findings.well(place, "credential", "can be read");
  return {std::move(secret).value(), {}};
}

// Never asked for at the terminal: few accounts want one.
AccountCheck::TestSignature signature_for(const DoctorOptions& options) {
  using Kind = config::CredentialSource::Kind;
  const bool file = !options.sign_pin_file.empty();
  const config::CredentialSource source{
      file ? Kind::file : Kind::environment,
      file ? fs::absolute(options.sign_pin_file).string() : kSigningPinVariable};
  auto second = source.read();
  AccountCheck::TestSignature signature{!options.no_signature, {}, {}};
  if (second) {
    signature.second = std::move(second).value();
  } else {
    signature.why_no_second = second.error();
  }
  return signature;
}

void check_token(const config::TokenConfig& token, const crypto::Suite* suite,
                 const DoctorOptions& options, Findings& findings) {
  AccountCheck account(token, password_for(token, options, findings), signature_for(options),
                       findings);
  bool access_refused = false;
  for (const config::MemberConfig& member : token.members) {
    account.check_at(member, doctor::check_member(token, member, access_refused, findings));
  }
  account.check_certificates();
  account.check_algorithms(suite);
}

void check_tokens(const config::Config& config, const DoctorOptions& options, Findings& findings) {
  const auto suite = doctor::check_suite(config, findings);
  const auto wanted = [&](const config::TokenConfig& token) {
    return options.token.empty() || token.label == options.token;
  };
  if (std::ranges::none_of(config.tokens, wanted) && !config.tokens.empty()) {
    findings.wrong({}, "token", fmt::format("there is no token \"{}\"", options.token),
                   "signet config show prints the tokens that there are");
  }
  for (const config::TokenConfig& token : config.tokens) {
    if (wanted(token)) check_token(token, suite ? &*suite : nullptr, options, findings);
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
  doctor::check_module(findings);
  if (config) check_tokens(*config, options, findings);
  if (options.require_signature) findings.require("signature");
  log::close();
  if (options.json) {
    findings.print_json(context.out);
  } else {
    findings.print_text(context.out);
  }
  context.exit_code = findings.exit_code();
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
  command->add_option("--sign-pin-file", options->sign_pin_file,
                      "File with the second credential of the test signature");
  auto* const none =
      command->add_flag("--no-signature", options->no_signature, "Make no test signature");
  command
      ->add_flag("--require-signature", options->require_signature,
                 "Fail where no test signature can be made")
      ->excludes(none);
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] { examine(*options, context); });
}

}  // namespace signet::cli
