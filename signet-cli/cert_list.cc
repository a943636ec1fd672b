// `signet cert list` and `signet cert show`.
#include <fmt/format.h>

#include <memory>

#include "common/log_line.h"
#include "signet-cli/cert_choice.h"
#include "signet-cli/key_commands.h"
#include "signet-cli/output.h"
#include "signet-cli/token_options.h"

namespace signet::cli {
namespace {

using pkcs11::TokenResult;

struct ListOptions {
  TokenOptions token;
  CertificateName name;
  bool json = false;
};

TokenResult<std::vector<Held>> all_of(const ListOptions& options) {
  BOOST_OUTCOME_TRY(const auto token, open_token(options.token, "", Login::no));
  return held_certificates(*token);
}

void list(const ListOptions& options, Context& context) {
  const auto all = all_of(options);
  if (!all) return fail(context, all.error(), options.json);
  boost::json::array json;
  Table table({"LABEL", "ID", "SERIAL", "VALID UNTIL", "SUBJECT"});
  for (const Held& held : all.value()) {
    table.add({held.stored.label, to_hex(held.stored.id), held.certificate.serial(),
               date_of(held.certificate.not_after()), held.certificate.subject()});
    json.push_back(json_of(held));
  }
  options.json ? print_json(json, context.out) : table.print(context.out);
}

void show(const ListOptions& options, Context& context) {
  const auto found = open_certificate(options.token, options.name, Login::no);
  if (!found) return fail(context, found.error(), options.json);
  const Held& held = found.value().held;
  if (options.json) return print_json(json_of(held), context.out);
  context.out << fmt::format("label   {}\nid      {}\nuri     {}\nsha256  {}\n",
                             log::printable(held.stored.label), to_hex(held.stored.id),
                             held.stored.uri, held.certificate.fingerprint())
              << held.certificate.text();
}

}  // namespace

void add_cert_list(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("list", "List the certificates of a token");
  const auto options = std::make_shared<ListOptions>();
  add_token_options(*command, options->token);
  command->add_flag("--json", options->json, "Write one JSON array");
  command->callback([options, &context] { list(*options, context); });
}

void add_cert_show(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("show", "Print one certificate");
  const auto options = std::make_shared<ListOptions>();
  add_certificate_name(*command, options->name);
  add_token_options(*command, options->token);
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] { show(*options, context); });
}

}  // namespace signet::cli
