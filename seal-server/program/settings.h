// The folder of a seal server: its settings (seald.toml), its log's key and the newest checkpoint.
#ifndef SIGNET_SEAL_SERVER_PROGRAM_SETTINGS_H_
#define SIGNET_SEAL_SERVER_PROGRAM_SETTINGS_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "seal-server/register/sequencer.h"

namespace signet::sealserver {

struct Settings {
  std::string origin;                 // of the log
  std::string address = "127.0.0.1";  // to listen on, in numbers
  std::uint16_t port = 0;
  std::string database;                // empty: seald.db in the folder
  std::filesystem::path certificates;  // PEM
  std::filesystem::path key;           // PEM
  std::vector<std::string> tsa;        // URLs of time-stamp authorities, asked in this order
  std::filesystem::path tsa_ca;        // PEM: who must have certified them; empty: anybody
};

class ServerFolder {
 public:
  // Throw std::runtime_error with a sentence; init() where the folder is a server's already.
  static ServerFolder init(const std::filesystem::path& folder, const Settings& settings);
  static ServerFolder open(const std::filesystem::path& folder);

  const Settings& settings() const { return settings_; }
  std::string database() const;
  LogKey log_key() const;
  std::filesystem::path checkpoint_file() const { return folder_ / "checkpoint"; }
  Sequencer::Options sequencer_options() const;

  // The key that the log will have next: the one that was made for it before, or a new one that is on disk at the return.
  std::filesystem::path next_key_file() const { return folder_ / "log.key.next"; }
  LogKey next_log_key(const std::string& origin) const;
  // Makes it the log's key.
  void take_next_log_key(const std::string& origin) const;
  // In the file of settings; what else is there stays as it is.
  void set_origin(const std::string& origin) const;

 private:
  ServerFolder(std::filesystem::path folder, Settings settings)
      : folder_(std::move(folder)), settings_(std::move(settings)) {}

  std::filesystem::path folder_;
  Settings settings_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PROGRAM_SETTINGS_H_
