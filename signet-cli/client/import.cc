// `signet client import`: the installation's side.
#include "activation/import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "common/bounded_file.h"
#include "common/printable.h"
#include "keygen/certificate.h"
#include "signet-cli/client/client.h"
#include "signet-cli/client/server_options.h"
#include "signet-cli/date.h"
#include "signet-cli/output.h"
#include "signet-cli/token_options.h"

namespace signet::cli::client {

namespace {

using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenResult;

constexpr Milliseconds kImportPatience{120'000};

struct ImportOptions {
  std::string file;
  std::string folder;
  std::string name;
  std::vector<std::string> roots;
  std::string organisation;
  std::string usage;
  std::vector<std::string> pins;
  std::string passphrase_file;
  bool yes = false;
  bool json = false;
};

TokenResult<activation::ImportDemands> demands_of(const ImportOptions& options) {
  activation::ImportDemands demands;
  for (const std::string& file : options.roots) {
    BOOST_OUTCOME_TRY(const auto roots, keygen::read_certificates(file));
    demands.roots.insert(demands.roots.end(), roots.begin(), roots.end());
  }
  demands.organisation = options.organisation;
  if (!options.usage.empty()) demands.usage = options.usage;
  BOOST_OUTCOME_TRY(demands.server_pins, pins_of(options.pins));
  return demands;
}

TokenResult<Bytes> content_of(const std::string& file) {
  auto content = read_file(file, sealclient::kMostActivationFile);
  if (content) return std::move(content).value();
  return token_error(content.error().missing ? Reason::not_found : Reason::unreadable,
                     "cannot read " + content.error().sentence);
}

TokenResult<keygen::Certificate> first_of(const std::vector<Bytes>& chain) {
  return keygen::Certificate::from_der(chain.front());
}

class Import {
 public:
  Import(const ImportOptions& options, Context& context) : options_(options), context_(context) {}

  void run() {
    if (const auto done = imported(); !done) fail(context_, done.error(), options_.json);
  }

 private:
  TokenResult<void> imported() {
    BOOST_OUTCOME_TRY(const auto path, folder_of(options_.folder));
    BOOST_OUTCOME_TRY(const auto demands, demands_of(options_));
    BOOST_OUTCOME_TRY(const Bytes content, content_of(options_.file));
    BOOST_OUTCOME_TRY(const auto folder, activation::ClientFolder::open(path));
    BOOST_OUTCOME_TRY(const auto candidate, activation::examine(folder, content, demands, [this] {
                        return passphrase_from(options_.passphrase_file, Passphrase::present);
                      }));
    const std::string name = options_.name.empty() ? candidate.activation.client : options_.name;
    if (!activation::is_client_name(name)) {
      return token_error(Reason::unreadable,
                         fmt::format("\"{}\" cannot be the name of a file; give another one "
                                     "(--name)",
                                     printable(name)));
    }
    BOOST_OUTCOME_TRY(ask(candidate));
    BOOST_OUTCOME_TRY(const auto outbox, outbox_in(path));
    BOOST_OUTCOME_TRY(const auto report, activation::import_activation(
                                             folder, candidate, name, appliance_login(), *outbox,
                                             kUserAgent, Deadline::after(kImportPatience)));
    show(candidate, report, folder.file_of(name).string());
    return success();
  }

  TokenResult<void> ask(const activation::Candidate& candidate) {
    if (options_.yes) return success();
    const sealclient::Activation& activation = candidate.activation;
    BOOST_OUTCOME_TRY(const auto own, first_of(activation.certificates));
    BOOST_OUTCOME_TRY(const auto sealing, first_of(activation.sealing));
    const std::string question = fmt::format(
        "organisation:         {}\n"
        "client:               {}\n"
        "seal server:          {}\n"
        "its pins:             {}\n"
        "sealing certificate:  {}, until {}\n"
        "authentication until: {}\n"
        "made at:              {}\n"
        "Shall this machine become that client?",
        printable(activation::organisation_of(own)), printable(activation.client),
        printable(activation.server.url), activation.server.pins.text(),
        printable(sealing.subject()), date_of(sealing.not_after()), date_of(own.not_after()),
        printable(activation.issued));
    if (confirm(context_, question)) return success();
    return token_error(Reason::declined, "nothing was imported");
  }

  void show(const activation::Candidate& candidate, const activation::ImportReport& report,
            const std::string& file) {
    if (options_.json) {
      boost::json::array members;
      for (const std::string& each : report.members) members.emplace_back(each);
      return print_json(Json{{"client", candidate.activation.client},
                             {"activation", file},
                             {"server", candidate.activation.server.url},
                             {"account", report.account},
                             {"members", members}},
                        context_.out);
    }
    context_.out << fmt::format(
        "this machine is the client {}; the appliance {} knows its account \"{}\"\n"
        "a token of the configuration takes it by: activation = \"{}\"\n",
        printable(candidate.activation.client),
        printable(fmt::format("{}", fmt::join(report.members, ", "))), printable(report.account),
        printable(file));
  }

  const ImportOptions& options_;
  Context& context_;
};

void add_demand_options(CLI::App& command, ImportOptions& options) {
  command
      .add_option("--roots", options.roots,
                  "Trusted certificates: the file's certificates must chain to one of them")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->required();
  command
      .add_option(
          "--organisation", options.organisation,
          "organizationIdentifier of the certificates; may be left out at a terminal, where "
          "it is shown and asked about")
      ->type_name("ID");
  command
      .add_option("--usage", options.usage,
                  "Extended key usage or policy that the authentication certificate must have; "
                  "default: clientAuth")
      ->type_name("OID");
  command
      .add_option("--server-pin", options.pins,
                  "The file's seal server must have one of these pins")
      ->type_name("PIN")
      ->allow_extra_args(false);
}

}  // namespace

void add_import(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("import", "Become a client by an activation file");
  const auto options = std::make_shared<ImportOptions>();
  command->add_option("FILE", options->file, "The activation file (signet activate)")->required();
  add_folder_option(*command, options->folder);
  command
      ->add_option("--name", options->name,
                   "Of the activation in the folder: NAME.activation; default: the client's id")
      ->type_name("NAME");
  add_demand_options(*command, *options);
  command
      ->add_option("--passphrase-file", options->passphrase_file,
                   "File with the passphrase, readable by its owner only")
      ->type_name("FILE");
  command->add_flag("--yes", options->yes, "Do not ask");
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] {
    // Whoever is asked sees the organisation; a script must say it.
    const bool asked = !options->yes && isatty(STDIN_FILENO) == 1;
    if (options->organisation.empty() && !asked) throw CLI::RequiredError("--organisation");
    Import(*options, context).run();
  });
}

}  // namespace signet::cli::client
