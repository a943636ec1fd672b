// `signet-seald init`: the folder of a server.
#include <iostream>
#include <memory>

#include "seal-server/program/commands.h"
#include "seal-server/program/settings.h"
#include "seal-server/register/checkpoint.h"

namespace signet::sealserver {

namespace {

struct InitOptions {
  std::filesystem::path folder;
  Settings settings;
};

void init_server(const InitOptions& options) {
  const ServerFolder folder = ServerFolder::init(options.folder, options.settings);
  std::cout << verifier_key(identity_of(folder.log_key())) << '\n';
}

}  // namespace

void add_init_command(CLI::App& app) {
  CLI::App* init = app.add_subcommand(
      "init", "Make the folder of a server; prints the key by which its checkpoints are verified");
  const auto options = std::make_shared<InitOptions>();
  Settings& settings = options->settings;
  init->add_option("dir", options->folder, "The folder")->required();
  init->add_option("--origin", settings.origin,
                   "The log's name, which stays for ever, such as seals.example/log")
      ->required();
  init->add_option("--certificates", settings.certificates,
                   "The server's TLS certificate, PEM; those that follow it are sent too")
      ->required();
  init->add_option("--key", settings.key, "The key of that certificate, PEM")->required();
  init->add_option("--address", settings.address, "To listen on, in numbers")
      ->check(CLI::ValidIPV4)
      ->capture_default_str();
  init->add_option("--port", settings.port, "To listen on; 0: any that is free")
      ->capture_default_str();
  init->add_option("--database", settings.database,
                   "postgresql://… in place of a file of SQLite in the folder");
  init->add_option("--tsa", settings.tsa,
                   "A time-stamp authority (RFC 3161) that stamps the register once a day; may be "
                   "repeated")
      ->type_name("URL")
      ->allow_extra_args(false);
  init->add_option("--tsa-ca", settings.tsa_ca,
                   "The certificates, PEM, that these authorities must chain to");
  init->callback([options] { init_server(*options); });
}

}  // namespace signet::sealserver
