// Where the PIN of a token comes from. Never from a command line, where everybody can read it.
#ifndef SIGNET_SIGNET_CLI_PIN_H_
#define SIGNET_SIGNET_CLI_PIN_H_

#include <string>

#include "pkcs11-client/session.h"

namespace signet::cli {

struct PinChoice {
  std::string file;  // readable by its owner only; one trailing line end is dropped
  std::string
      source;  // the pin-source of a URI: "file:/path" or a path; as `file`, which goes first
};

inline constexpr const char* kPinVariable = "SIGNET_PIN";

// The file, else the variable SIGNET_PIN, else the token's own way (the configured credential of a
// Signet token, or a keypad), else a question on the terminal without an echo. Reason::pin where
// none of them is to be had.
pkcs11::PinProvider pin_provider(const PinChoice& choice);

// Asks `pin` once, and gives its answer from then on: for a program that logs in again.
pkcs11::PinProvider remembered(pkcs11::PinProvider pin);

// The same without the token's own way: where a PIN must be given.
pkcs11::PinProvider given_pin_provider(const PinChoice& choice);

inline constexpr const char* kNewPinVariable = "SIGNET_NEW_PIN";

// The PIN that a token is to have from now on: the file, else the variable SIGNET_NEW_PIN, else a question on the terminal,
// asked twice.
pkcs11::PinProvider new_pin_provider(const std::string& file);

inline constexpr const char* kSigningPinVariable = "SIGNET_SIGN_PIN";

// The second credential of one signature (a password, or a one-time password): the file where one is
// named, else the variable SIGNET_SIGN_PIN, else a question on the terminal.
pkcs11::PinProvider signing_pin_provider(const std::string& file);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_PIN_H_
