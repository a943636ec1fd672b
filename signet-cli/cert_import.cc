#include <fmt/format.h>

#include <memory>

#include "common/log_line.h"
#include "keygen/import.h"
#include "signet-cli/key_commands.h"
#include "signet-cli/output.h"
#include "signet-cli/token_options.h"

namespace signet::cli {
namespace {

using keygen::Imported;
using keygen::ImportOrder;
using pkcs11::TokenResult;

struct ImportOptions {
  TokenOptions token;
  std::vector<std::string> files;
  std::vector<std::string> roots;
  std::string key;
  std::string id;
  std::string label;
  bool json = false;
};

TokenResult<std::vector<keygen::Certificate>> read_all(const std::vector<std::string>& files) {
  std::vector<keygen::Certificate> all;
  for (const std::string& file : files) {
    BOOST_OUTCOME_TRY(const auto some, keygen::read_certificates(file));
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

TokenResult<Imported> import(const ImportOptions& options) {
  ImportOrder order;
  BOOST_OUTCOME_TRY(auto certificates, read_all(options.files));
  order.certificates = std::move(certificates);
  BOOST_OUTCOME_TRY(auto roots, read_all(options.roots));
  order.roots = std::move(roots);
  BOOST_OUTCOME_TRY(const auto choice, object_choice(options.key, options.id));
  if (!choice.empty()) order.key = choice;
  if (!options.label.empty()) order.label = options.label;
  BOOST_OUTCOME_TRY(const auto token, open_token(options.token, options.key));
  return keygen::import_certificate(*token, order);
}

void import_file(const ImportOptions& options, Context& context) {
  const auto result = import(options);
  if (!result) return fail(context, result.error(), options.json);
  const Imported& done = result.value();
  if (options.json) {
    boost::json::array issuers;
    for (const auto& issuer : done.issuers) issuers.emplace_back(issuer.label);
    const Json json = {{"uri", done.certificate.uri},
                       {"label", done.certificate.label},
                       {"id", to_hex(done.certificate.id)},
                       {"chainChecked", !options.roots.empty()},
                       {"issuers", std::move(issuers)}};
    return print_json(json, context.out);
  }
  context.out << fmt::format("the certificate is on the token, for the key \"{}\"\nuri  {}\n",
                             log::printable(done.key.label), done.certificate.uri);
  for (const auto& issuer : done.issuers)
    context.out << fmt::format("its issuer \"{}\" too\n", log::printable(issuer.label));
  if (options.roots.empty())
    context.out << "note: no --roots were given, so nobody has checked who issued it\n";
}

}  // namespace

void add_cert_import(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("import", "Check a certificate and put it beside its key");
  const auto options = std::make_shared<ImportOptions>();
  command->add_option("FILE", options->files, "The certificate and its issuers, PEM, DER or PKCS#7")
      ->required();
  command->add_option("--roots", options->roots, "File with the certificates to trust")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command->add_option("--key", options->key, "The key it must be for, by label or pkcs11: URI")
      ->type_name("KEY");
  command->add_option("--id", options->id, "The same by its CKA_ID in hexadecimal")
      ->type_name("HEX");
  command->add_option("--label", options->label, "Its label; default: the key's")
      ->type_name("LABEL");
  add_token_options(*command, options->token);
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] { import_file(*options, context); });
}

}  // namespace signet::cli
