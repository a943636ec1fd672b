// The card's PIN: from a file or from whoever sits at the terminal, never from the command line.
#ifndef SIGNET_SEAL_SERVER_ENROL_CARD_PIN_H_
#define SIGNET_SEAL_SERVER_ENROL_CARD_PIN_H_

#include <filesystem>

#include "pkcs11-client/session.h"

namespace signet::sealserver::enrol {

// `file`: its owner's, the PIN in it; empty: the reader's own keypad where it has one, else the terminal.
pkcs11::PinProvider card_pin(const std::filesystem::path& file);

}  // namespace signet::sealserver::enrol

#endif  // SIGNET_SEAL_SERVER_ENROL_CARD_PIN_H_
