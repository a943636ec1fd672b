// `signet-seald official`: `user`, for administrators and auditors who have a certificate and nothing else.
#include <iostream>
#include <memory>

#include "seal-server/clients/users.h"
#include "seal-server/program/commands.h"
#include "seal-server/program/input.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

struct OfficialOptions {
  std::filesystem::path folder;
  std::string name;
  std::string role;
  std::string spki;
  std::filesystem::path certificate;
};

// Gives the key's name.
std::string add_official(Group& group, const OfficialOptions& options, ByteView certificate) {
  User user;
  user.name = options.name;
  user.role = role_of(options.role).value_or(Role::auditor);
  add_user(group, user);
  set_user_certificate(group, user.name, certificate);
  return find_user(group.sql(), user.name).value().spki;
}

void remove_official(Group& group, const std::string& spki) {
  const auto user = user_of_key(group.sql(), spki);
  if (!user || user->role == Role::person) throw problems::no_such("There is no such key.");
  remove_user(group, user->name);
}

void add_official_part(CLI::App& official) {
  const auto options = std::make_shared<OfficialOptions>();
  CLI::App* part =
      official.add_subcommand("add", "Admit an administrator or auditor; prints his key's name");
  part->add_option("dir", options->folder, "The server's folder")->required();
  part->add_option("--name", options->name, "Lower-case letters, digits, and . _ @ -")->required();
  part->add_option("--role", options->role, "What he may do")
      ->required()
      ->check(CLI::IsMember({"administrator", "auditor"}));
  part->add_option("--certificate", options->certificate, "PEM")->required();
  part->callback([options] {
    const Bytes certificate = certificate_file(options->certificate);
    std::cout << write_to(options->folder, [&](Group& group) {
      return add_official(group, *options, certificate);
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
      "official",
      "Administrators and auditors with a certificate, for calls and for the web pages; see user");
  official->require_subcommand(1);
  add_official_part(*official);
  add_remove_part(*official);
}

}  // namespace signet::sealserver
