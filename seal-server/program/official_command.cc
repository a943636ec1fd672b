// `signet-seald official`: the server's own people who call it with a certificate.
#include <iostream>
#include <memory>

#include "seal-server/clients/officials.h"
#include "seal-server/program/commands.h"
#include "seal-server/program/input.h"

namespace signet::sealserver {

namespace {

struct OfficialOptions {
  std::filesystem::path folder;
  std::string name;
  std::string role;
  std::string spki;
  std::filesystem::path certificate;
};

void add_official_part(CLI::App& official) {
  const auto options = std::make_shared<OfficialOptions>();
  CLI::App* part =
      official.add_subcommand("add", "Admit an administrator or auditor; prints his key's name");
  part->add_option("dir", options->folder, "The server's folder")->required();
  part->add_option("--name", options->name, "Who it is")->required();
  part->add_option("--role", options->role, "What he may do")
      ->required()
      ->check(CLI::IsMember({"administrator", "auditor"}));
  part->add_option("--certificate", options->certificate, "PEM")->required();
  part->callback([options] {
    const Bytes certificate = certificate_file(options->certificate);
    std::cout << write_to(options->folder, [&](Group& group) {
      return add_official(group, options->name, options->role, certificate);
    }) << '\n';
  });
}

void add_remove_part(CLI::App& official) {
  const auto options = std::make_shared<OfficialOptions>();
  CLI::App* part = official.add_subcommand("remove", "Admit him no more");
  part->add_option("dir", options->folder, "The server's folder")->required();
  part->add_option("--key", options->spki, "The key's name, as add prints it")->required();
  part->callback([options] {
    write_to(options->folder, [&](Group& group) { remove_official(group, options->spki); });
  });
}

}  // namespace

void add_official_command(CLI::App& app) {
  CLI::App* official = app.add_subcommand(
      "official", "Administrators and auditors, who call the server with a certificate");
  official->require_subcommand(1);
  add_official_part(*official);
  add_remove_part(*official);
}

}  // namespace signet::sealserver
