#include <fmt/format.h>

#include <memory>

#include "keygen/generate.h"
#include "signet-cli/key_commands.h"
#include "signet-cli/output.h"
#include "signet-cli/progress.h"
#include "signet-cli/token_options.h"

namespace signet::cli {
namespace {

using keygen::KeyOrder;
using keygen::OrderedKey;
using pkcs11::TokenResult;

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

// The answer was lost: the token, opened anew, tells whether the key was made.
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
  context.out << fmt::format("{} key \"{}\" {}\n", ordered.key.type.text(), ordered.key.label,
                             ordered.made ? "was made" : "is there already; nothing was made");
  context.out << fmt::format("uri         {}\n", ordered.key.uri);
  context.out << fmt::format("public key  sha256 {}\n", sha256_of(ordered.key.public_key));
}

}  // namespace

void add_key_generate(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand(
      "generate", "Let the token make a key pair; run again, it makes no second");
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

}  // namespace signet::cli
