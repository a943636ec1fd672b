// What `signet preserve` takes from the configuration: [preserve]. Much of it can be given on the command line, which goes first.
#ifndef SIGNET_CONFIG_PRESERVE_CONFIG_H_
#define SIGNET_CONFIG_PRESERVE_CONFIG_H_

#include <string>
#include <vector>

namespace signet::config {

struct PreserveConfig {
  std::string register_file;         // absolute; empty: in the state folder
  unsigned margin = 90;              // days before the end at which a document is due
  std::vector<std::string> trust;    // absolute: files and folders with certificates
  std::string trusted_lists;         // absolute: a folder; empty: none
  std::vector<std::string> journal;  // absolute: who may sign the list of trusted lists
  std::string suite;    // a shipped one's name, or absolute: a file; empty: the one of verifying
  std::string profile;  // of [seal]: its time-stamp authorities; empty: those of [seal]
  bool online = false;  // fetch what is lacking
  std::vector<std::string> online_hosts;  // that may be asked; empty: all
  unsigned online_limit = 64;             // MiB of the largest CRL that is taken
  std::string online_proxy;               // "http://host:port"; empty: none
  std::string cache;                      // absolute: a folder for what was fetched; empty: none
  unsigned jobs = 4;                      // documents at a time
  unsigned batch = 64;                    // documents between two records in the register

  bool operator==(const PreserveConfig&) const = default;
};

inline constexpr unsigned kMostPreserveJobs = 256;
inline constexpr unsigned kLargestPreserveBatch = 10'000;
inline constexpr unsigned kMostOnlineLimit = 1'024;  // MiB
inline constexpr unsigned kMostMarginDays = 3'650;

}  // namespace signet::config

#endif  // SIGNET_CONFIG_PRESERVE_CONFIG_H_
