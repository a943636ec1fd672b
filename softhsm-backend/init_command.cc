// `signet-emulator init`: makes an emulator's folder.
#include <iostream>

#include "common/printable.h"
#include "softhsm-backend/commands.h"
#include "softhsm-backend/instance.h"

namespace signet::emulator {

namespace {

struct InitWords {
  InitOptions options;
  std::string listen = "127.0.0.1:8081";
  std::string alternate;
  std::vector<std::string> keys;
};

void run_init(InitWords& words) {
  words.options.listen = Endpoint::parse(words.listen).value();
  if (!words.alternate.empty()) words.options.alternate = Endpoint::parse(words.alternate);
  for (const std::string& key : words.keys) {
    words.options.keys.push_back(NewKey::parse(key).value());
  }
  init_instance(words.options);
  const InstanceFiles files(words.options.dir);
  std::cout << "SIGNET_CONFIG="
            << printable(std::filesystem::absolute(files.client_config()).string()) << '\n';
}

CLI::Validator key_to_make() {
  return {[](const std::string& text) {
            return NewKey::parse(text)
                       ? std::string()
                       : "must be rsa:SIZE:LABEL or ec:CURVE:LABEL (2048, 3072, 4096; "
                         "P-256, P-384, P-521)";
          },
          "rsa:SIZE:LABEL|ec:CURVE:LABEL"};
}

}  // namespace

CLI::Validator endpoint() {
  return {[](const std::string& text) {
            return Endpoint::parse(text) ? std::string()
                                         : "must be ADDRESS:PORT, such as 127.0.0.1:8081";
          },
          "ADDRESS:PORT"};
}

void add_init_command(CLI::App& app) {
  CLI::App* init = app.add_subcommand("init", "Make an emulator's folder");
  const auto words = std::make_shared<InitWords>();
  InitOptions& options = words->options;
  options.user = "seal";
  options.softhsm = SIGNET_SOFTHSM_MODULE;
  init->add_option("dir", options.dir, "The folder; it must be missing or empty")->required();
  init->add_option("--listen", words->listen, "Where the primary listens; port 0: choose one now")
      ->check(endpoint())
      ->capture_default_str();
  init->add_option("--alternate", words->alternate, "Where the alternate listens, if there is one")
      ->check(endpoint());
  init->add_option("--user", options.user, "The account")
      ->check(user_name())
      ->capture_default_str();
  init->add_option("--password-file", options.password_file,
                   "Its password; without it a random one goes to DIR/USER.pin")
      ->check(CLI::ExistingFile);
  init->add_option("--key", words->keys, "A key to generate; may be repeated")
      ->check(key_to_make());
  init->add_option("--softhsm", options.softhsm, "The SoftHSMv2 module")->capture_default_str();
  init->callback([words] { run_init(*words); });
}

}  // namespace signet::emulator
