// Where the seal server is, on a command line.
#ifndef SIGNET_SIGNET_CLI_CLIENT_SERVER_OPTIONS_H_
#define SIGNET_SIGNET_CLI_CLIENT_SERVER_OPTIONS_H_

#include <string>
#include <vector>

#include "pkcs11-client/error.h"
#include "seal-client/activation_file.h"
#include "signet-cli/command.h"

namespace signet::cli::client {

struct ServerOptions {
  std::string url;                // --server
  std::vector<std::string> pins;  // --server-pin
};

// Adds both, which are required.
void add_server_options(CLI::App& command, ServerOptions& options);

// unreadable for what is no address of a server, or no pin.
pkcs11::TokenResult<sealclient::ServerPlace> server_place(const ServerOptions& options);

pkcs11::TokenResult<pinning::PinSet> pins_of(const std::vector<std::string>& texts);

}  // namespace signet::cli::client

#endif  // SIGNET_SIGNET_CLI_CLIENT_SERVER_OPTIONS_H_
