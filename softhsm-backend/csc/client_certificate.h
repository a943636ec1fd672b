// Client certificates that accounts are known by: the certificate itself counts, whoever issued it.
#ifndef SIGNET_SOFTHSM_BACKEND_CSC_CLIENT_CERTIFICATE_H_
#define SIGNET_SOFTHSM_BACKEND_CSC_CLIENT_CERTIFICATE_H_

#include <filesystem>
#include <string>

#include "common/bytes.h"

namespace signet::emulator::csc {

// SHA-256 of the DER, in hexadecimal.
std::string certificate_mark(ByteView der);

// DER of the first certificate in a PEM file. Throws std::runtime_error with a sentence.
Bytes read_certificate_file(const std::filesystem::path& file);

}  // namespace signet::emulator::csc

#endif  // SIGNET_SOFTHSM_BACKEND_CSC_CLIENT_CERTIFICATE_H_
