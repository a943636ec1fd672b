// Which suite of algorithms a command goes by (crypto/suite.h).
#ifndef SIGNET_SIGNET_CLI_SUITE_CHOICE_H_
#define SIGNET_SIGNET_CLI_SUITE_CHOICE_H_

#include <memory>
#include <string>
#include <string_view>

#include "common/result.h"
#include "crypto/suite.h"
#include "signet-cli/command.h"

namespace signet::cli {

// --suite; its help names the suite that the command takes without it.
void add_suite_option(CLI::App& command, std::string& suite, std::string_view by_default);

// That of the option (empty: none), else of the configuration, else the default one. A sentence where it, or the
// configuration, cannot be read.
Result<std::shared_ptr<const crypto::Suite>, std::string> chosen_suite(const std::string& option);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SUITE_CHOICE_H_
