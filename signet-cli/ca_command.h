// The administrator's program that carries a request to the certification authority.
#ifndef SIGNET_SIGNET_CLI_CA_COMMAND_H_
#define SIGNET_SIGNET_CLI_CA_COMMAND_H_

#include <filesystem>
#include <string>

#include "common/clock.h"
#include "pkcs11-client/error.h"

namespace signet::cli {

// Whether it is there, may be run, and belongs to whom it must: before anything is made that it would be needed for.
pkcs11::TokenResult<void> check_ca_command(const std::string& command);

// What it writes for the request: certificates, or nothing yet.
pkcs11::TokenResult<Bytes> answer_of_ca_command(const std::string& command, Milliseconds limit,
                                                const std::filesystem::path& request);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_CA_COMMAND_H_
