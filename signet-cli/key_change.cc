// `signet key rename` and `signet key delete`.
#include <fmt/format.h>

#include <memory>

#include "common/log_line.h"
#include "signet-cli/key_commands.h"
#include "signet-cli/output.h"
#include "signet-cli/token_options.h"

namespace signet::cli {
namespace {

using pkcs11::TokenResult;

struct ChangeOptions {
  TokenOptions token;
  std::string key;
  std::string id;
  std::string new_label;
  std::string new_id;
  bool certificates = false;
  bool yes = false;
};

struct Found {
  std::unique_ptr<pkcs11::TokenSession> token;
  pkcs11::Key key;
  std::vector<Held> certificates;  // the key's
};

TokenResult<Found> find(const ChangeOptions& options) {
  BOOST_OUTCOME_TRY(const auto choice, object_choice(options.key, options.id));
  BOOST_OUTCOME_TRY(auto token, open_token(options.token, options.key));
  BOOST_OUTCOME_TRY(auto key, token->key(choice));
  BOOST_OUTCOME_TRY(const auto all, held_certificates(*token));
  auto own = certificates_of(key, all);
  return Found{std::move(token), std::move(key), std::move(own)};
}

// The certificates go first: a key found by its old name is one that is not finished yet.
TokenResult<void> rename(const ChangeOptions& options) {
  BOOST_OUTCOME_TRY(const auto new_name, object_choice("", options.new_id));
  BOOST_OUTCOME_TRY(auto found, find(options));
  for (const Held& held : found.certificates) {
    if (!options.certificates) break;
    BOOST_OUTCOME_TRY(found.token->set_label(held.stored, options.new_label));
    if (new_name.id) {
      BOOST_OUTCOME_TRY(found.token->set_id(held.stored, *new_name.id));
    }
  }
  if (new_name.id) {
    BOOST_OUTCOME_TRY(found.token->set_id(found.key, *new_name.id));
  }
  return found.token->set_label(found.key, options.new_label);
}

std::string loss_of(const Found& found) {
  std::string text = fmt::format(
      "The {} key \"{}\" (id {}) on the token \"{}\" will be deleted for ever; nobody "
      "has a copy.",
      found.key.type.text(), log::printable(found.key.label), to_hex(found.key.id),
      found.token->info().label);
  for (const Held& held : found.certificates)
    text +=
        fmt::format("\nNothing can be sealed any more with the certificate of {}, valid until {}.",
                    held.certificate.subject(), date_of(held.certificate.not_after()));
  return text;
}

TokenResult<void> destroy(const ChangeOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(auto found, find(options));
  if (!options.yes) {
    BOOST_OUTCOME_TRY(confirm(context, loss_of(found)));
  }
  BOOST_OUTCOME_TRY(found.token->destroy(found.key));
  for (const Held& held : found.certificates) {
    if (!options.certificates) break;
    BOOST_OUTCOME_TRY(found.token->destroy(held.stored));
  }
  context.out << fmt::format("deleted: {} key \"{}\"\n", found.key.type.text(),
                             log::printable(found.key.label));
  return success();
}

void add_key_options(CLI::App& command, ChangeOptions& options) {
  command.add_option("KEY", options.key, "The key's label, or its pkcs11: URI")->required();
  command
      .add_option("--id", options.id, "Its CKA_ID in hexadecimal, where the label is not enough")
      ->type_name("HEX");
  add_token_options(command, options.token);
}

}  // namespace

void add_key_rename(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("rename", "Give a key pair another label");
  const auto options = std::make_shared<ChangeOptions>();
  add_key_options(*command, *options);
  command->add_option("LABEL", options->new_label, "The new label")->required();
  command->add_option("--new-id", options->new_id, "A new CKA_ID too, in hexadecimal")
      ->type_name("HEX");
  command->add_flag("--with-certificates", options->certificates, "The key's certificates as well");
  command->callback([options, &context] {
    if (const auto done = rename(*options); !done) fail(context, done.error());
  });
}

void add_key_delete(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("delete", "Delete a key pair, after a question");
  const auto options = std::make_shared<ChangeOptions>();
  add_key_options(*command, *options);
  command->add_flag("--with-certificates", options->certificates, "The key's certificates as well");
  command->add_flag("--yes", options->yes, "Do not ask");
  command->callback([options, &context] {
    if (const auto done = destroy(*options, context); !done) fail(context, done.error());
  });
}

}  // namespace signet::cli
