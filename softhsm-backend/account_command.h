// `signet-emulator account`: shows, adds and changes accounts, also while servers run.
#ifndef SIGNET_SOFTHSM_BACKEND_ACCOUNT_COMMAND_H_
#define SIGNET_SOFTHSM_BACKEND_ACCOUNT_COMMAND_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace signet::emulator {

struct AccountOptions {
  std::filesystem::path dir;
  std::string user;
  bool add = false;
  bool admin = false;
  std::filesystem::path password_file;
  bool lock = false;
  bool unlock = false;
  bool disable = false;
  bool enable = false;
  bool activate = false;
  bool deactivate = false;
  bool expire = false;
  std::optional<int> expires_in_days;
  std::optional<std::int64_t> key_limit;
  std::optional<std::int64_t> certificate_limit;
  std::string sign_credential;  // empty: as it is
  std::filesystem::path sign_password_file;
  std::string disable_key;  // key ids
  std::string enable_key;
};

// For an account's name on a command line.
CLI::Validator user_name();

// `options` outlives the parsing of the command line.
void add_account_command(CLI::App& app, AccountOptions& options);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_ACCOUNT_COMMAND_H_
