// `signet-seald client`: clients, their keys, and what is kept for them, on the server's own machine.
#include <iostream>
#include <memory>

#include "crypto/base64.h"
#include "seal-server/certificates/sealing.h"
#include "seal-server/clients/clients.h"
#include "seal-server/clients/credentials.h"
#include "seal-server/enrol/enrol_commands.h"
#include "seal-server/program/commands.h"
#include "seal-server/program/input.h"
#include "seal-server/program/settings.h"
#include "seal-server/server/json_reader.h"

namespace signet::sealserver {

namespace {

struct ClientOptions {
  std::filesystem::path folder;
  Client client;
  std::string id;
  std::string state;
  std::string spki;
  std::filesystem::path certificate;
  std::filesystem::path cryptogram;
  std::filesystem::path credentials;
  std::filesystem::path statement;
  bool card = false;
};

CLI::App* add_part(CLI::App& client, const char* name, const char* about,
                   const std::shared_ptr<ClientOptions>& options) {
  CLI::App* part = client.add_subcommand(name, about);
  part->add_option("dir", options->folder, "The server's folder")->required();
  return part;
}

void add_add(CLI::App& client) {
  const auto options = std::make_shared<ClientOptions>();
  CLI::App* part = add_part(client, "add", "Add a client; prints its id", options);
  SealLimits& limits = options->client.limits;
  part->add_option("--name", options->client.name, "What it is called")->required();
  part->add_option("--organisation", options->client.organisation,
                   "The organisation's identifier, such as NTRCZ-12345678")
      ->required();
  part->add_option("--seals-a-day", limits.per_day, "How many it may open on a day of UTC")
      ->check(CLI::NonNegativeNumber);
  part->add_option("--seals", limits.in_all, "How many it may open in all")
      ->check(CLI::NonNegativeNumber);
  part->add_option("--requests-a-second", limits.per_second,
                   "How many it may make; else the server's own limit holds")
      ->check(CLI::NonNegativeNumber);
  part->add_option("--until", limits.until, "When its grant ends: RFC 3339 in UTC");
  part->callback([options] {
    auto& until = options->client.limits.until;
    if (until) until = time_in(*until, "--until");
    std::cout << write_to(options->folder, [&](Group& group) {
      return add_client(group, options->client);
    }) << '\n';
  });
}

void add_key_part(CLI::App& client) {
  const auto options = std::make_shared<ClientOptions>();
  CLI::App* part =
      add_part(client, "add-key", "Register the key of a certificate; prints its name", options);
  part->add_option("--client", options->id, "The client's id")->required();
  part->add_option("--certificate", options->certificate, "PEM")->required();
  part->add_flag("--card", options->card, "It is that of an activation card");
  part->callback([options] {
    const Bytes certificate = certificate_file(options->certificate);
    const KeyPlace place = options->card ? KeyPlace::card : KeyPlace::machine;
    std::cout << write_to(
                     options->folder,
                     [&](Group& group) { return add_key(group, options->id, certificate, place); })
                     .spki
              << '\n';
  });
}

void add_sealing_part(CLI::App& client) {
  const auto options = std::make_shared<ClientOptions>();
  CLI::App* part =
      add_part(client, "add-sealing-certificate",
               "Register a client's present sealing certificate; prints its name", options);
  part->add_option("--client", options->id, "The client's id")->required();
  part->add_option("--certificate", options->certificate, "PEM")->required();
  part->callback([options] {
    const Bytes certificate = certificate_file(options->certificate);
    std::cout << write_to(options->folder,
                          [&](Group& group) {
                            return add_sealing_certificate(group, options->id, certificate);
                          })
                     .name
              << '\n';
  });
}

void add_state(CLI::App& client) {
  const auto options = std::make_shared<ClientOptions>();
  CLI::App* part =
      add_part(client, "state", "Suspend a client, admit it again, or end it", options);
  part->add_option("--client", options->id, "The client's id")->required();
  part->add_option("state", options->state, "What it is from now on")
      ->required()
      ->check(CLI::IsMember({"active", "suspended", "ended"}));
  part->callback([options] {
    write_to(options->folder,
             [&](Group& group) { set_client_state(group, options->id, options->state); });
  });
}

void add_revoke(CLI::App& client) {
  const auto options = std::make_shared<ClientOptions>();
  CLI::App* part = add_part(client, "revoke-key", "Never admit a key again", options);
  part->add_option("--key", options->spki, "The key's name, as add-key prints it")->required();
  part->callback([options] {
    write_to(options->folder, [&](Group& group) { revoke_key(group, options->spki); });
  });
}

void add_cryptogram(CLI::App& client) {
  const auto options = std::make_shared<ClientOptions>();
  CLI::App* part =
      add_part(client, "cryptogram", "Keep the ciphertexts that a key's owner fetches", options);
  part->add_option("--key", options->spki, "The key's name, as add-key prints it")->required();
  part->add_option("--cryptogram", options->cryptogram, "A file of DER")->required();
  part->add_option("--credentials", options->credentials, "A file")->required();
  part->callback([options] {
    const Cryptogram cryptogram{.cryptogram = crypto::to_base64(file_input(options->cryptogram)),
                                .credentials = crypto::to_base64(file_input(options->credentials))};
    write_to(options->folder,
             [&](Group& group) { put_cryptogram(group, options->spki, cryptogram); });
  });
}

void add_statement(CLI::App& client) {
  const auto options = std::make_shared<ClientOptions>();
  CLI::App* part =
      add_part(client, "statement",
               "Keep what the registration authority says of a client's appliance", options);
  part->add_option("--client", options->id, "The client's id")->required();
  part->add_option("--statement", options->statement, "A file of DER (CMS SignedData)")->required();
  part->callback([options] {
    const Bytes statement = file_input(options->statement);
    write_to(options->folder, [&](Group& group) { put_statement(group, options->id, statement); });
  });
}

}  // namespace

void add_client_command(CLI::App& app) {
  CLI::App* client = app.add_subcommand("client", "Clients and their keys");
  client->require_subcommand(1);
  add_add(*client);
  add_key_part(*client);
  add_sealing_part(*client);
  add_state(*client);
  add_revoke(*client);
  add_cryptogram(*client);
  add_statement(*client);
  add_client_revoke(*client);
}

}  // namespace signet::sealserver
