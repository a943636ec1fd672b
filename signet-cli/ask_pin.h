// A PIN from the terminal, without echo.
#ifndef SIGNET_SIGNET_CLI_ASK_PIN_H_
#define SIGNET_SIGNET_CLI_ASK_PIN_H_

#include <string>

#include "common/result.h"
#include "common/secret.h"

namespace signet::cli {

// From the controlling terminal, whatever standard input is. The error is a sentence.
Either<Secret, std::string> ask_pin(const std::string& prompt);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_ASK_PIN_H_
