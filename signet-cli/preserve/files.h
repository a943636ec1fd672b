// The documents that a command line names: files, and whatever lies in folders.
#ifndef SIGNET_SIGNET_CLI_PRESERVE_FILES_H_
#define SIGNET_SIGNET_CLI_PRESERVE_FILES_H_

#include <string>
#include <vector>

#include "signet-cli/verify/options.h"

namespace signet::cli {

struct NamedFile {
  std::string path;        // absolute, without links
  bool in_folder = false;  // found in a folder: it may be no sealed document at all
};

// Folders with all that is below them, hidden files and folders and links apart; each file once, in the order of their paths.
VerifyResult<std::vector<NamedFile>> files_named(const std::vector<std::string>& names);

// As the register has it: absolute, without links, also where there is no such file any more.
std::string registered_path(const std::string& name);

// Refuses what is not UTF-8: the register is exported as text.
VerifyResult<void> check_name(const std::string& path);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_PRESERVE_FILES_H_
