// What `signet verify` is told for sealed documents.
#ifndef SIGNET_SIGNET_CLI_VERIFY_OPTIONS_H_
#define SIGNET_SIGNET_CLI_VERIFY_OPTIONS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "common/result.h"
#include "signet-cli/command.h"

namespace signet::cli {

struct VerifyOptions {
  std::vector<std::string> files;
  std::string data;                     // --data: the document of an external seal
  std::vector<std::string> trust;       // files or folders, each with ",until=TIME" where wanted
  std::vector<std::string> more_trust;  // --roots, --tsa-roots
  std::vector<std::string> certificates;
  std::vector<std::string> crls;
  std::vector<std::string> ocsp;
  std::string at;
  std::string freshness;
  std::string sliding = "next-update";
  std::string suite;
  std::vector<std::string> signature_policies;  // OID=FILE
  std::string trusted_lists;
  std::vector<std::string> journal;
  bool without_revocation = false;
  bool online = false;
  std::vector<std::string> online_hosts;
  unsigned online_limit = 0;  // MiB; 0: what OnlineOptions has
  std::string online_proxy;   // "http://host:port"; empty: none
  std::string cache;
  bool json = false;
  bool html = false;
  bool xml = false;
  std::string out;
  bool force = false;
  std::string language = "en";
  bool other_readers = false;
  std::string picture;
  std::size_t revision = 0;  // counted from 1; 0: the whole document
  std::string extract;       // a revision's number, or a file
  std::string pdf_password_file;
};

// All but --json, which `verify` has anyway.
void add_verify_options(CLI::App& command, VerifyOptions& options);

// Parts of it, for other commands that validate: --data, whom to trust, further certificates and revocation data, --online; the
// rules but for --at; --pdf-password-file.
void add_evidence_options(CLI::App& command, VerifyOptions& options);
void add_rule_options(CLI::App& command, VerifyOptions& options);
void add_password_option(CLI::App& command, VerifyOptions& options);

// Why a file was not validated.
struct VerifyRefusal {
  int status = exit_failed;
  std::string sentence;
};

template <typename T>
using VerifyResult = Result<T, VerifyRefusal>;

// The options contradict each other, or name something that cannot be used.
VerifyRefusal wrong_options(std::string sentence);

// What is said of fetching without --online.
VerifyResult<void> check_online_options(const VerifyOptions& options);

// What contradicts itself; of the command line alone.
VerifyResult<void> check_verify_options(const VerifyOptions& options);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_VERIFY_OPTIONS_H_
