// A QR code (ISO/IEC 18004) of text, for a terminal.
#ifndef SIGNET_SEAL_SERVER_PROGRAM_QR_CODE_H_
#define SIGNET_SEAL_SERVER_PROGRAM_QR_CODE_H_

#include <string>

namespace signet::sealserver {

// Lines of UTF-8, two rows of modules in each: what is light in the code is drawn, as for a terminal with a dark background.
// Throws std::runtime_error where the text is too long.
std::string qr_code(const std::string& text);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PROGRAM_QR_CODE_H_
