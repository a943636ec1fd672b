// `signet key`: the key pairs on a token.
#include <fmt/format.h>

#include <memory>

#include "common/printable.h"
#include "keygen/generate.h"
#include "signet-cli/command.h"
#include "signet-cli/output.h"
#include "signet-cli/progress.h"
#include "signet-cli/token_options.h"

namespace signet::cli {
namespace {

using keygen::KeyOrder;
using keygen::OrderedKey;
using pkcs11::TokenResult;

struct KeyListOptions {
  TokenOptions token;
  bool json = false;
};

struct Content {
  std::vector<pkcs11::Key> keys;
  std::vector<Held> certificates;
};

TokenResult<Content> content_of(const KeyListOptions& options) {
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
  options.json ? print_json(json, context.out) : table.print(context);
}

void add_key_list(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("list", "List the key pairs of a token");
  const auto options = std::make_shared<KeyListOptions>();
  add_token_options(*command, options->token);
  command->add_flag("--json", options->json, "Write one JSON array");
  command->callback([options, &context] { list_keys(*options, context); });
}

struct GenerateOptions {
  TokenOptions token;
  std::string type = "rsa:3072";
  std::string label;
  std::string id;
  bool json = false;
};

TokenResult<KeyOrder> order_of(const GenerateOptions& options) {
  BOOST_OUTCOME_TRY(const auto type, pkcs11::KeyType::parse(options.type));
  BOOST_OUTCOME_TRY(const auto choice, object_choice("", options.id));
  return KeyOrder{type, options.label, choice.id};
}

// The answer was lost: the token, reopened, tells whether the key was made.
TokenResult<OrderedKey> look_again(const GenerateOptions& options, const KeyOrder& order,
                                   const pkcs11::TokenError& lost) {
  const auto token = open_token(options.token);
  if (token) {
    BOOST_OUTCOME_TRY(auto there, keygen::ordered_key(*token.value(), order));
    if (there) return OrderedKey{std::move(*there), true};
  }
  return pkcs11::TokenError{
      lost.reason,
      lost.sentence +
          "; whether the key was made is not known: run the same command again, it "
          "makes no second one",
      lost.rv};
}

TokenResult<OrderedKey> generate(const GenerateOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(auto order, order_of(options));
  BOOST_OUTCOME_TRY(auto token, open_token(options.token));
  auto made = [&] {
    const Progress progress(context.err,
                            fmt::format("the token makes a key pair, {}", order.type.text()));
    return keygen::generate_once(*token, order);
  }();
  if (made || made.error().reason != pkcs11::Reason::no_answer) return made;
  token.reset();
  return look_again(options, order, made.error());
}

void generate_key(const GenerateOptions& options, Context& context) {
  const auto result = generate(options, context);
  if (!result) return fail(context, result.error(), options.json);
  const OrderedKey& ordered = result.value();
  if (options.json) {
    Json json = json_of(ordered.key);
    json["made"] = ordered.made;
    return print_json(json, context.out);
  }
  context.out << fmt::format("{} key \"{}\" {}\n", ordered.key.type.text(),
                             printable(ordered.key.label),
                             ordered.made ? "was made" : "is there already; nothing was made");
  context.out << fmt::format("uri         {}\n", printable(ordered.key.uri));
  context.out << fmt::format("public key  sha256 {}\n", sha256_of(ordered.key.public_key));
}

void add_key_generate(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand(
      "generate", "Generate a key pair on the token; run again, it makes no second one");
  const auto options = std::make_shared<GenerateOptions>();
  command
      ->add_option("--type", options->type,
                   "rsa:2048, rsa:3072, rsa:4096, ec:P-256, ec:P-384, ec:P-521, Ed25519")
      ->type_name("TYPE")
      ->capture_default_str();
  command->add_option("--label", options->label, "The new key's label")
      ->type_name("LABEL")
      ->required();
  command->add_option("--id", options->id, "Its CKA_ID in hexadecimal; default: 20 random bytes")
      ->type_name("HEX");
  add_token_options(*command, options->token);
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] { generate_key(*options, context); });
}

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
      "The {} key \"{}\" (id {}) on the token \"{}\" will be deleted for good; there "
      "is no copy.",
      found.key.type.text(), printable(found.key.label), to_hex(found.key.id),
      printable(found.token->info().label));
  for (const Held& held : found.certificates)
    text +=
        fmt::format("\nNothing can be sealed any more with the certificate of {}, valid until {}.",
                    printable(held.certificate.subject()), date_of(held.certificate.not_after()));
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
                             printable(found.key.label));
  return success();
}

void add_key_options(CLI::App& command, ChangeOptions& options) {
  command.add_option("KEY", options.key, "The key's label, or its pkcs11: URI")->required();
  command
      .add_option("--id", options.id, "Its CKA_ID in hexadecimal, where the label is not enough")
      ->type_name("HEX");
  add_token_options(command, options.token);
}

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
  CLI::App* const command =
      parent.add_subcommand("delete", "Delete a key pair, after confirmation");
  const auto options = std::make_shared<ChangeOptions>();
  add_key_options(*command, *options);
  command->add_flag("--with-certificates", options->certificates, "The key's certificates as well");
  command->add_flag("--yes", options->yes, "Do not ask");
  command->callback([options, &context] {
    if (const auto done = destroy(*options, context); !done) fail(context, done.error());
  });
}

}  // namespace

void add_key_commands(CLI::App& app, Context& context) {
  CLI::App& key = add_group(app, "key", "Key pairs on a token");
  add_key_list(key, context);
  add_key_generate(key, context);
  add_key_rename(key, context);
  add_key_delete(key, context);
}

}  // namespace signet::cli
