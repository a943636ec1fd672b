// `signet-seald user`: who may sign in to the web pages.
#include <iostream>
#include <memory>

#include "common/bounded_file.h"
#include "seal-server/clients/users.h"
#include "seal-server/pages/one_time_code.h"
#include "seal-server/pages/password.h"
#include "seal-server/program/commands.h"
#include "seal-server/program/input.h"
#include "seal-server/program/qr_code.h"
#include "seal-server/program/settings.h"

namespace signet::sealserver {

namespace {

struct UserOptions {
  std::filesystem::path folder;
  std::string name;
  std::string role;
  std::string client;
  std::filesystem::path certificate;  // empty: none
  std::filesystem::path password;     // empty: none
  bool shows_qr_code = false;
};

// The first line of a file.
Secret password_in(const std::filesystem::path& file) {
  auto bytes = read_file(file, kLongestPassword + 2);
  if (!bytes) throw std::runtime_error(bytes.assume_error().sentence);
  std::string_view text = text_of(bytes.assume_value());
  text = text.substr(0, text.find('\n'));
  Secret password(text.ends_with('\r') ? text.substr(0, text.size() - 1) : text);
  wipe(bytes.assume_value().data(), bytes.assume_value().size());
  if (password.size() < kShortestPassword)
    throw std::runtime_error("The password has fewer than 12 characters.");
  if (password.size() > kLongestPassword) throw std::runtime_error("The password is too long.");
  return password;
}

// It is told here only.
void print_code_key(const ServerFolder& folder, const UserOptions& options, ByteView code_key) {
  const std::string uri = code_key_uri(folder.settings().origin, options.name, code_key);
  std::cout << uri << '\n';
  if (options.shows_qr_code) std::cout << qr_code(uri);
}

CLI::App* add_user_part(CLI::App& user, const char* name, const char* about,
                        const std::shared_ptr<UserOptions>& options) {
  CLI::App* part = user.add_subcommand(name, about);
  part->add_option("dir", options->folder, "The server's folder")->required();
  return part;
}

void add_name(CLI::App* part, const std::shared_ptr<UserOptions>& options) {
  part->add_option("--name", options->name, "Lower-case letters, digits, and . _ @ -")->required();
}

CLI::Option* add_password_file(CLI::App* part, const std::shared_ptr<UserOptions>& options) {
  return part->add_option("--password-file", options->password,
                          "A file whose first line is the password, of 12 characters or more");
}

void add_qr_option(CLI::App* part, const std::shared_ptr<UserOptions>& options) {
  part->add_flag("--qr", options->shows_qr_code,
                 "Show the key of the one-time codes as a QR code, too, for a telephone");
}

void make_user(const UserOptions& options) {
  if (options.certificate.empty() && options.password.empty())
    throw std::runtime_error("Name a certificate or a password, or both.");
  const ServerFolder folder = ServerFolder::open(options.folder);
  const Bytes certificate =
      options.certificate.empty() ? Bytes() : certificate_file(options.certificate);
  const std::string hash =
      options.password.empty() ? std::string() : password_hash(password_in(options.password));
  const Bytes code_key = new_code_key();
  Sequencer sequencer(folder.log_key(), folder.sequencer_options());
  sequencer.write([&](Group& group) {
    User user;
    user.name = options.name;
    user.role = role_of(options.role).value_or(Role::person);
    user.client = options.client;
    add_user(group, user);
    if (!hash.empty()) set_user_password(group, options.name, hash, code_key);
    if (!certificate.empty()) set_user_certificate(group, options.name, certificate);
  });
  if (!hash.empty()) print_code_key(folder, options, code_key);
}

void add_add_user(CLI::App& user) {
  const auto options = std::make_shared<UserOptions>();
  CLI::App* part = add_user_part(
      user, "add", "Add a user; with a password, prints the key of the one-time codes", options);
  add_name(part, options);
  part->add_option("--role", options->role, "What the user may see")
      ->required()
      ->check(CLI::IsMember({"person", "auditor", "administrator"}));
  part->add_option("--client", options->client, "The client's id, for a person");
  part->add_option("--certificate", options->certificate, "PEM, to sign in with");
  add_password_file(part, options);
  add_qr_option(part, options);
  part->callback([options] { make_user(*options); });
}

void add_list_users(CLI::App& user) {
  const auto options = std::make_shared<UserOptions>();
  CLI::App* part = add_user_part(user, "list", "List the users", options);
  part->callback([options] {
    const ServerFolder folder = ServerFolder::open(options->folder);
    const auto sql = storage::SqlConnection::open(folder.database());
    for (const User& each : sql->snapshot([&] { return all_users(*sql); })) {
      std::cout << each.name << '\t' << role_name(each.role) << '\t'
                << (each.client.empty() ? "-" : each.client) << '\t'
                << (each.password.empty() ? "" : "password ")
                << (each.spki.empty() ? "" : "certificate ")
                << (each.locked_until.empty() ? "" : "locked until " + each.locked_until) << '\n';
    }
  });
}

void add_remove_user(CLI::App& user) {
  const auto options = std::make_shared<UserOptions>();
  CLI::App* part = add_user_part(user, "remove", "Remove a user, and end its sessions", options);
  add_name(part, options);
  part->callback([options] {
    write_to(options->folder, [&](Group& group) { remove_user(group, options->name); });
  });
}

void add_set_password(CLI::App& user) {
  const auto options = std::make_shared<UserOptions>();
  CLI::App* part = add_user_part(user, "password",
                                 "Set the password of a user, unlock it, and print a new key of "
                                 "the one-time codes",
                                 options);
  add_name(part, options);
  add_password_file(part, options)->required();
  add_qr_option(part, options);
  part->callback([options] {
    const std::string hash = password_hash(password_in(options->password));
    const Bytes code_key = new_code_key();
    write_to(options->folder,
             [&](Group& group) { set_user_password(group, options->name, hash, code_key); });
    print_code_key(ServerFolder::open(options->folder), *options, code_key);
  });
}

void add_set_certificate(CLI::App& user) {
  const auto options = std::make_shared<UserOptions>();
  CLI::App* part =
      add_user_part(user, "certificate", "Set the certificate of a user, and unlock it", options);
  add_name(part, options);
  part->add_option("--certificate", options->certificate, "PEM")->required();
  part->callback([options] {
    const Bytes certificate = certificate_file(options->certificate);
    write_to(options->folder,
             [&](Group& group) { set_user_certificate(group, options->name, certificate); });
  });
}

}  // namespace

void add_user_command(CLI::App& app) {
  CLI::App* user = app.add_subcommand("user", "Who may sign in to the web pages");
  user->require_subcommand(1);
  add_add_user(*user);
  add_list_users(*user);
  add_remove_user(*user);
  add_set_password(*user);
  add_set_certificate(*user);
}

}  // namespace signet::sealserver
