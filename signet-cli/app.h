// The whole command as a function, for main() and for tests.
#ifndef SIGNET_SIGNET_CLI_APP_H_
#define SIGNET_SIGNET_CLI_APP_H_

#include <CLI/App.hpp>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "signet-cli/command.h"

namespace signet::cli {

std::unique_ptr<CLI::App> make_app(Context& context);

// `arguments` without the program's name. Gives the exit code.
int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_APP_H_
