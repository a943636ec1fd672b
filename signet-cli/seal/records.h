// Which seals were degraded, so that `signet seal --resume` finds them: one small file each in a folder of the user's.
#ifndef SIGNET_SIGNET_CLI_SEAL_RECORDS_H_
#define SIGNET_SIGNET_CLI_SEAL_RECORDS_H_

#include <optional>
#include <string>
#include <vector>

#include "sealing/error.h"

namespace signet::cli {

// On disk. False: it could not be written. The seal can still be named on the command line.
bool remember_degraded(const std::string& file, const std::string& why);
inline constexpr const char* kNotRemembered =
    "that its time-stamp is missing could not be recorded: name the seal to signet seal --resume";
void forget_degraded(const std::string& file);

// Why this seal is a degraded one; nothing: nobody remembers it as such.
std::optional<std::string> why_degraded(const std::string& file);

// The files, absolute, in the order of their names. Failure::input where the folder cannot be read.
sealing::SealResult<std::vector<std::string>> degraded_files();

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SEAL_RECORDS_H_
