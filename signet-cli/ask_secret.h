// A PIN, or another secret, from the terminal.
#ifndef SIGNET_SIGNET_CLI_ASK_SECRET_H_
#define SIGNET_SIGNET_CLI_ASK_SECRET_H_

#include <string>

#include "common/result.h"
#include "common/secret.h"

namespace signet::cli {

// Shows "WHAT: " once the echo is off, and reads one line of at most 1023 bytes. From the controlling terminal,
// whatever standard input is. The error is a sentence.
Result<Secret, std::string> ask_secret(const std::string& what);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_ASK_SECRET_H_
