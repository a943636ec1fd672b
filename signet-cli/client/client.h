// `signet client …` and `signet activate`: how an installation becomes a client of a seal server.
#ifndef SIGNET_SIGNET_CLI_CLIENT_CLIENT_H_
#define SIGNET_SIGNET_CLI_CLIENT_CLIENT_H_

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "common/secret.h"
#include "pkcs11-client/error.h"
#include "seal-client/activated_client.h"
#include "seal-client/outbox.h"
#include "signet-cli/command.h"

namespace signet::cli {

void add_client_commands(CLI::App& app, Context& context);
void add_activate(CLI::App& app, Context& context);

namespace client {

void add_init(CLI::App& parent, Context& context);
void add_code(CLI::App& parent, Context& context);
void add_import(CLI::App& parent, Context& context);
void add_status(CLI::App& parent, Context& context);

// Adds --folder; default: "client" below the state folder.
void add_folder_option(CLI::App& command, std::string& folder);
pkcs11::TokenResult<std::filesystem::path> folder_of(const std::string& option);

// Results that the server has not been told; in the folder.
pkcs11::TokenResult<std::unique_ptr<sealclient::Outbox>> outbox_in(
    const std::filesystem::path& folder);

inline constexpr const char* kPassphraseVariable = "SIGNET_PASSPHRASE";

// From the file, else the variable SIGNET_PASSPHRASE, else the terminal; asked twice where it is a new one. At least 12
// characters where it is new: it is all that protects the file.
enum class Passphrase { present, fresh };
pkcs11::TokenResult<Secret> passphrase_from(const std::string& file, Passphrase which);

// Logs in with the account at each member until one answers.
sealclient::TryCredentials appliance_login();

inline constexpr const char* kUserAgent = "signet/" SIGNET_VERSION;

}  // namespace client
}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_CLIENT_CLIENT_H_
