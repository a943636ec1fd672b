// What `signet extend` is told, and what that means for the extension of documents.
#ifndef SIGNET_SIGNET_CLI_EXTEND_OPTIONS_H_
#define SIGNET_SIGNET_CLI_EXTEND_OPTIONS_H_

#include <string>
#include <vector>

#include "preservation/extension.h"
#include "signet-cli/seal/options.h"
#include "signet-cli/verify/options.h"
#include "validation/trusted_lists/trusted_lists.h"

namespace signet::cli {

struct ExtendOptions {
  std::vector<std::string> files;
  std::string level = "B-LTA";
  std::string hash = "SHA256";
  std::string out;      // of one document; empty: the document itself
  std::string out_dir;  // of all, under their own names
  bool force = false;   // replace outputs that are there
  std::string wait_fresh;
  bool force_invalid = false;
  bool json = false;
  VerifyOptions validation;  // whom to trust, by which rules, with which evidence
  SealOptions authorities;   // --tsa and its like, and the profile that they stand in
};

void add_extend_options(CLI::App& command, ExtendOptions& options);

struct ExtendTask {
  preservation::ExtensionRequest request;
  std::shared_ptr<const validation::TrustedLists> lists;  // that decided whom to trust; null: none
  std::vector<std::string> notes;                         // what the user should know of it
};

// The options contradict each other, or name something that cannot be used.
VerifyResult<ExtendTask> task_of(ExtendOptions& options);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_EXTEND_OPTIONS_H_
