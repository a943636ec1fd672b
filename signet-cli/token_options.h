// The options that every subcommand about a token has, and the token that they mean.
#ifndef SIGNET_SIGNET_CLI_TOKEN_OPTIONS_H_
#define SIGNET_SIGNET_CLI_TOKEN_OPTIONS_H_

#include <memory>
#include <optional>
#include <string>

#include "pkcs11-client/session.h"
#include "signet-cli/command.h"
#include "signet-cli/pin.h"

namespace signet::cli {

struct TokenOptions {
  std::string module;    // --module
  std::string token;     // --token, a label or a URI
  std::string pin_file;  // --pin-file
};

// Adds --module, --token and --pin-file.
void add_token_options(CLI::App& command, TokenOptions& options);

// Who may log in: a listing of certificates needs nobody.
enum class Login { yes, no };

// The token that the options and `object` (a URI or a label on the command line; may be empty) mean.
// Where neither names one, the only one that there is.
pkcs11::TokenResult<std::unique_ptr<pkcs11::TokenSession>> open_token(
    const TokenOptions& options, const std::string& object = "", Login login = Login::yes);

// With a PIN of the caller's, or without a login.
pkcs11::TokenResult<std::unique_ptr<pkcs11::TokenSession>> open_token(
    const TokenOptions& options, const std::string& object,
    const std::optional<pkcs11::PinProvider>& pin);

// Where the PIN of that token comes from. It is asked for once, however often the session logs in.
pkcs11::TokenResult<pkcs11::PinProvider> token_pin(const TokenOptions& options,
                                                   const std::string& object);

// The same for an object's name, and --id (hexadecimal; empty: none).
pkcs11::TokenResult<pkcs11::ObjectChoice> object_choice(const std::string& object,
                                                        const std::string& id);

// The module that a URI names, else `file`, else the default one.
pkcs11::TokenResult<std::shared_ptr<pkcs11::Module>> load_module(const pkcs11::Uri& uri,
                                                                 const std::string& file);

// The failure as it is told: with what the module could not say (explain.h).
pkcs11::TokenError told_by(const pkcs11::TokenError& failure);

// "signet: sentence", and the reason's number as exit code.
void fail(Context& context, const pkcs11::TokenError& failure);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_TOKEN_OPTIONS_H_
