// What the module can say in its log only: a PKCS#11 call gives nothing but a number.
#ifndef SIGNET_SIGNET_CLI_EXPLAIN_H_
#define SIGNET_SIGNET_CLI_EXPLAIN_H_

#include "pkcs11-client/error.h"

namespace signet::cli {

// For a failure of Signet's own module: the configuration's mistake in the parser's words, else why the credential
// cannot be read, else where the log lies that says more. Other failures are given back as they are.
pkcs11::TokenError explained(pkcs11::TokenError failure);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_EXPLAIN_H_
