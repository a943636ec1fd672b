// Small files of an instance: secrets and certificates, readable by the owner alone.
#ifndef SIGNET_SOFTHSM_BACKEND_FILES_H_
#define SIGNET_SOFTHSM_BACKEND_FILES_H_

#include <filesystem>
#include <string_view>

#include "common/bytes.h"
#include "common/descriptor.h"
#include "common/secret.h"

namespace signet::emulator {

// Mode 0600; what is there is replaced whole or not at all. Throws std::runtime_error with a
// sentence.
void write_private_file(const std::filesystem::path& file, std::string_view content);

// Without one trailing line end. Throws std::runtime_error with a sentence, also for an empty file.
Secret read_secret_file(const std::filesystem::path& file);

// Waits until no other process holds the folder. Held until the descriptor is closed, so no longer than the process lives.
// Throws std::runtime_error with a sentence.
Descriptor lock_folder(const std::filesystem::path& folder);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_FILES_H_
