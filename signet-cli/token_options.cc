#include "signet-cli/token_options.h"

#include <fmt/format.h>

#include "config/config.h"
#include "signet-cli/explain.h"

namespace signet::cli {
namespace {

using pkcs11::Reason;
using pkcs11::TokenError;
using pkcs11::TokenResult;
using pkcs11::Uri;

TokenResult<Uri> token_uri(const std::string& text) {
  if (!pkcs11::is_uri(text)) return Uri::of_token(text);
  BOOST_OUTCOME_TRY(auto uri, Uri::parse(text));
  return uri;
}

// Whether the module that this command uses is Signet's own; there is one in a command's life.
bool signets_module = false;

// Why a token of Signet's is not there, when nothing says which there should be.
TokenError without_configuration(TokenError failure) {
  if (signets_module && failure.reason == Reason::not_found && config::config_file().empty())
    failure.sentence +=
        "; there is no configuration: set SIGNET_CONFIG, or write "
        "/etc/signet/signet.toml";
  return failure;
}

}  // namespace

TokenResult<std::shared_ptr<pkcs11::Module>> load_module(const Uri& uri, const std::string& file) {
  std::filesystem::path named =
      file.empty() ? pkcs11::default_module() : std::filesystem::path(file);
  if (!uri.module_path.empty()) named = uri.module_path;
  signets_module =
      uri.module_name.empty() && named.filename().string().starts_with("signet-pkcs11");
  auto module = pkcs11::Module::load(uri, file);
  if (module) signets_module = module.value()->is_signet();
  return module;
}

void add_token_options(CLI::App& command, TokenOptions& options) {
  command.add_option("--module", options.module, "PKCS#11 module; default: Signet's own")
      ->type_name("FILE");
  command.add_option("--token", options.token, "The token's label, or its pkcs11: URI")
      ->type_name("LABEL|URI");
  command
      .add_option("--pin-file", options.pin_file, "File with the PIN, readable by its owner only")
      ->type_name("FILE");
}

TokenResult<TokenPlace> find_token(const TokenOptions& options, const std::string& object) {
  BOOST_OUTCOME_TRY(const Uri of_object, Uri::of_object(object));
  BOOST_OUTCOME_TRY(const Uri of_token, token_uri(options.token));
  // What the object's URI says of the token goes first.
  const Uri& uri = of_object.names_token() ? of_object : of_token;
  const bool own_module = !of_object.module_path.empty() || !of_object.module_name.empty();
  BOOST_OUTCOME_TRY(auto module, load_module(own_module ? of_object : of_token, options.module));
  const auto found = module->token(uri);
  if (!found) return without_configuration(found.error());
  return TokenPlace{std::move(module), found.value(),
                    of_object.pin_source.empty() ? of_token.pin_source : of_object.pin_source};
}

TokenResult<std::unique_ptr<pkcs11::TokenSession>> open_token(
    const TokenOptions& options, const std::string& object,
    const std::optional<pkcs11::PinProvider>& pin) {
  BOOST_OUTCOME_TRY(const auto place, find_token(options, object));
  if (!pin) return pkcs11::TokenSession::open_public(place.module, place.info);
  return pkcs11::TokenSession::open(place.module, place.info, *pin);
}

TokenResult<std::unique_ptr<pkcs11::TokenSession>> open_token(const TokenOptions& options,
                                                              const std::string& object,
                                                              Login login) {
  if (login == Login::no) return open_token(options, object, std::nullopt);
  BOOST_OUTCOME_TRY(const auto pin, token_pin(options, object));
  return open_token(options, object, pin);
}

TokenResult<pkcs11::PinProvider> token_pin(const TokenOptions& options, const std::string& object) {
  BOOST_OUTCOME_TRY(const Uri of_object, Uri::of_object(object));
  BOOST_OUTCOME_TRY(const Uri of_token, token_uri(options.token));
  const std::string source =
      of_object.pin_source.empty() ? of_token.pin_source : of_object.pin_source;
  return remembered(pin_provider({options.pin_file, source}));
}

TokenResult<pkcs11::ObjectChoice> object_choice(const std::string& object, const std::string& id) {
  BOOST_OUTCOME_TRY(const Uri uri, Uri::of_object(object));
  pkcs11::ObjectChoice choice = pkcs11::ObjectChoice::of(uri);
  if (id.empty()) return choice;
  choice.id = from_hex(id);
  if (!choice.id || choice.id->empty())
    return pkcs11::token_error(Reason::unreadable,
                               fmt::format("the id \"{}\" is not hexadecimal", id));
  return choice;
}

TokenError told_by(const TokenError& failure) {
  return signets_module ? explained(failure) : failure;
}

void fail(Context& context, const TokenError& failure) {
  const TokenError told = told_by(failure);
  context.fail(told.sentence);
  context.exit_code = static_cast<int>(told.reason);
}

}  // namespace signet::cli
