#include <memory>

#include "signet-cli/key_commands.h"
#include "signet-cli/output.h"
#include "signet-cli/token_options.h"

namespace signet::cli {
namespace {

struct KeyListOptions {
  TokenOptions token;
  bool json = false;
};

struct Content {
  std::vector<pkcs11::Key> keys;
  std::vector<Held> certificates;
};

pkcs11::TokenResult<Content> content_of(const KeyListOptions& options) {
  BOOST_OUTCOME_TRY(const auto token, open_token(options.token));
  BOOST_OUTCOME_TRY(auto keys, token->keys());
  BOOST_OUTCOME_TRY(auto certificates, held_certificates(*token));
  return Content{std::move(keys), std::move(certificates)};
}

// "2027-03-01", of the certificate that lasts longest.
std::string certified_until(const std::vector<Held>& certificates) {
  std::chrono::system_clock::time_point last{};
  for (const Held& held : certificates) last = std::max(last, held.certificate.not_after());
  return certificates.empty() ? "no certificate" : date_of(last);
}

void list_keys(const KeyListOptions& options, Context& context) {
  const auto content = content_of(options);
  if (!content) return fail(context, content.error(), options.json);
  boost::json::array json;
  Table table({"LABEL", "ID", "TYPE", "STATE", "CERTIFIED UNTIL"});
  for (const pkcs11::Key& key : content.value().keys) {
    const auto own = certificates_of(key, content.value().certificates);
    table.add({key.label, to_hex(key.id), key.type.text(), key.can_sign ? "enabled" : "disabled",
               certified_until(own)});
    Json item = json_of(key);
    boost::json::array certificates;
    for (const Held& held : own) certificates.push_back(json_of(held));
    item["certificates"] = std::move(certificates);
    json.push_back(std::move(item));
  }
  options.json ? print_json(json, context.out) : table.print(context.out);
}

}  // namespace

void add_key_list(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("list", "List the key pairs of a token");
  const auto options = std::make_shared<KeyListOptions>();
  add_token_options(*command, options->token);
  command->add_flag("--json", options->json, "Write one JSON array");
  command->callback([options, &context] { list_keys(*options, context); });
}

}  // namespace signet::cli
