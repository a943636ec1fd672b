// `signet-seald enrol`: a client's card, account and sealing key, at the registration authority.
#include <openssl/evp.h>

#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <optional>

#include "common/json_text.h"
#include "common/printable.h"
#include "crypto/context.h"
#include "crypto/openssl.h"
#include "keygen/certificate.h"
#include "keygen/subject.h"
#include "pkcs11-client/key_type.h"
#include "seal-server/enrol/card_pin.h"
#include "seal-server/enrol/enrol_commands.h"
#include "seal-server/enrol/enrolment.h"
#include "seal-server/enrol/failure.h"

namespace signet::sealserver {

namespace {

using enrol::fail;
using enrol::Reason;
using enrol::Record;

struct EnrolOptions {
  std::filesystem::path folder;
  std::string account;
  std::string client;
  std::string name;
  std::string organisation;
  std::string subject;
  std::string card;
  std::filesystem::path pin_file;
  std::string card_key = "ec:P-256";
  std::string sealing_key = "rsa:3072";
  std::optional<std::int64_t> seals_a_day;
  std::optional<std::int64_t> seals;
  bool new_card = false;
  bool reuse_card = false;
  bool new_client = false;
  bool json = false;
};

std::string random_name() {
  std::uint8_t octets[16] = {};
  enrol::take(crypto::random_bytes(octets));
  return to_hex(octets);
}

// What EN 319 412-3 demands of a legal person's subject; its country is that of the identifier ("NTRCZ-…").
std::string subject_for(const EnrolOptions& options) {
  const auto escaped = [](const std::string& text) {
    std::string result;
    for (const char c : text) {
      if (c == ',' || c == '\\') result += '\\';
      result += c;
    }
    return result;
  };
  if (!options.subject.empty()) return options.subject;
  const std::string name = escaped(options.name);
  std::string country;
  if (options.organisation.size() > 6 && options.organisation[5] == '-')
    country = "C=" + options.organisation.substr(3, 2) + ",";
  return country + "O=" + name + ",organizationIdentifier=" + escaped(options.organisation) +
         ",CN=" + name;
}

// The keys of a new round; the former ones are taken back first.
void begin_round(Record& record, const EnrolOptions& options) {
  if (!record.card_label.empty()) ++record.round;
  record.withdrawing = !record.client.empty() || record.account_asked;
  record.done = false;
  record.card_label.clear();
  record.card_serial.clear();
  record.card_key_type = options.card_key;
  record.card_key_id.clear();
  record.authentication = {};
  record.content_key_hash.clear();
  record.hash_on_card = false;
}

void expect_account_name(const std::string& account) {
  if (!enrol::is_account_name(account))
    fail(Reason::failed,
         "An account is named by 1 to 32 letters, digits, or . _ @ -, without a dot in front.");
}

Record new_record(const EnrolOptions& options) {
  if (options.account.empty() || options.name.empty() || options.organisation.empty())
    fail(Reason::failed,
         "A new client needs --account, --name and --organisation; a client that is enrolled again "
         "needs --client.");
  expect_account_name(options.account);
  Record record;
  record.account = options.account;
  record.name = options.name;
  record.organisation = options.organisation;
  record.subject = subject_for(options);
  enrol::take(keygen::parse_subject(record.subject));
  record.seals_a_day = options.seals_a_day;
  record.seals_in_all = options.seals;
  record.client_key = random_name();
  record.card_key_type = options.card_key;
  record.sealing_key_type = options.sealing_key;
  return record;
}

// A client that another office enrolled, or one whose journal is lost: its account is there.
Record adopted_record(const enrol::Office& office, const EnrolOptions& options) {
  if (options.account.empty())
    fail(Reason::not_found, "There is no journal of the client " + options.client + " in " +
                                options.folder.string() + ": say --account with its account.");
  auto server = enrol::administration_of(office.settings());
  const auto known =
      enrol::take(server.client(options.client, Deadline::after(std::chrono::seconds(30))));
  EnrolOptions with = options;
  if (with.name.empty()) with.name = known.name;
  with.organisation = known.organisation;
  Record record = new_record(with);
  record.client = options.client;
  record.account_asked = true;
  record.round = 2;
  record.withdrawing = true;
  return record;
}

// Of an enrolment that found the account's name taken.
void move_to_account(const enrol::Office& office, Record& record, const std::string& account) {
  if (record.account_asked)
    fail(Reason::exists,
         "The client " + record.client + " has the account " + record.account + " already.");
  expect_account_name(account);
  if (enrol::find_record(office.journals(), account))
    fail(Reason::exists, "The account " + account + " is that of another enrolment.");
  const std::string former = std::exchange(record.account, account);
  enrol::write_record(office.journals(), record);
  enrol::remove_record(office.journals(), former);
}

Record record_for_client(const enrol::Office& office, const EnrolOptions& options) {
  auto record = enrol::find_client_record(office.journals(), options.client);
  if (!record && !options.account.empty()) {
    record = enrol::find_record(office.journals(), options.account);
    if (record && !record->client.empty())
      fail(Reason::exists,
           "The account " + options.account + " is that of the client " + record->client + ".");
    if (record) record->client = options.client;
  }
  if (!record) return adopted_record(office, options);
  if (!options.account.empty() && options.account != record->account)
    move_to_account(office, *record, options.account);
  if (record->done) begin_round(*record, options);
  return *std::move(record);
}

Record record_for_account(const enrol::Office& office, const EnrolOptions& options) {
  if (!options.account.empty()) expect_account_name(options.account);
  auto record = options.account.empty() ? std::nullopt
                                        : enrol::find_record(office.journals(), options.account);
  if (!record) return new_record(options);
  if (record->done)
    fail(Reason::exists, "The client " + record->client + " of the account " + record->account +
                             " is enrolled. To enrol it again, with its former keys revoked, say "
                             "--client " +
                             record->client + ".");
  const bool other =
      (!options.name.empty() && options.name != record->name) ||
      (!options.organisation.empty() && options.organisation != record->organisation);
  if (other)
    fail(Reason::exists, "The enrolment of the account " + record->account + " was begun for \"" +
                             record->name + "\" (" + record->organisation +
                             "); leave --name and --organisation out to go on with it.");
  if (options.new_client && record->client.empty()) {
    record->client_key = random_name();
    record->client_key_since.clear();
  }
  return *std::move(record);
}

// The keys that another client has on it would be destroyed.
void expect_no_other(const enrol::Office& office, const Record& record,
                     const enrol::ActivationCard& card, const EnrolOptions& options) {
  if (options.reuse_card) return;
  const auto other = enrol::find_card_record(office.journals(), card.info().label,
                                             card.info().serial, record.account);
  if (other)
    fail(Reason::exists, "The card \"" + card.info().label + "\" (serial number " +
                             card.info().serial + ") is that of the account " + other->account +
                             ": insert another one, or say --reuse-card, and that client can no "
                             "longer be activated by it.");
}

// What has ended stays so; a suspended client may be enrolled, and waits.
void expect_not_ended(sealclient::Administration& server, const Record& record) {
  if (record.client.empty()) return;
  const auto known =
      enrol::take(server.client(record.client, Deadline::after(std::chrono::seconds(30))));
  if (known.state == sealclient::ClientState::ended)
    fail(Reason::failed, "The client " + record.client +
                             " has ended for ever; enrol a new one, with another --account.");
}

void expect_card(Record& record, const enrol::ActivationCard& card, const EnrolOptions& options) {
  const bool same =
      record.card_label == card.info().label && record.card_serial == card.info().serial;
  if (record.card_label.empty() || (same && !options.new_card)) return;
  if (!options.new_card)
    fail(Reason::failed, "The enrolment was begun with the card \"" + record.card_label +
                             "\" (serial number " + record.card_serial +
                             "): insert that one, or say --new-card, and that one is void.");
  begin_round(record, options);
}

std::string not_after(ByteView certificate) {
  return utc_text(enrol::take(keygen::Certificate::from_der(certificate)).not_after());
}

boost::json::object report_of(const Record& record) {
  const auto certificate = [](ByteView der) {
    return boost::json::object{{"certificate", to_hex(crypto::sha256(der))},
                               {"notAfter", not_after(der)}};
  };
  return {{"client", record.client},
          {"account", record.account},
          {"organisation", record.organisation},
          {"round", record.round},
          {"card", {{"label", record.card_label}, {"serialNumber", record.card_serial}}},
          {"contentKeyHash", to_hex(record.content_key_hash)},
          {"hashOnCard", record.hash_on_card},
          {"authentication", certificate(record.authentication.certificates.front())},
          {"sealing", certificate(record.sealing.certificates.front())}};
}

void print_report(const Record& record, bool json) {
  if (json) {
    std::cout << json_text(report_of(record)) << '\n';
    return;
  }
  PrintableStream out(std::cout);
  out << "client          " << record.client << "\naccount         " << record.account
      << "\ncard            " << record.card_label << " (serial number " << record.card_serial
      << ")\nauthentication  until " << not_after(record.authentication.certificates.front())
      << "\nsealing         until " << not_after(record.sealing.certificates.front())
      << "\nSHA-256 of K    " << to_hex(record.content_key_hash) << '\n';
  if (!record.hash_on_card)
    out << "The card has no place for the SHA-256 of K: put it into the registration letter; "
           "`signet activate --content-key-hash` takes it.\n";
}

void run_enrol(const EnrolOptions& options) {
  const enrol::Office office = enrol::Office::open(options.folder);
  Record record = options.client.empty() ? record_for_account(office, options)
                                         : record_for_client(office, options);
  enrol::take(pkcs11::KeyType::parse(record.card_key_type));
  enrol::take(pkcs11::KeyType::parse(record.sealing_key_type));
  auto server = enrol::administration_of(office.settings());
  expect_not_ended(server, record);
  enrol::take_back_former(office, server, record);
  auto card = enrol::ActivationCard::open(options.card, enrol::card_pin(options.pin_file));
  expect_no_other(office, record, card, options);
  expect_card(record, card, options);
  enrol::write_record(office.journals(), record);
  PrintableStream progress(std::cerr);
  enrol::Enrolment enrolment(
      office, std::move(record), card, [&](unsigned step, unsigned steps, const std::string& what) {
        progress << '[' << step << '/' << steps << "] " << what << '\n' << std::flush;
      });
  enrolment.run();
  print_report(enrolment.record(), options.json);
}

struct RevokeOptions {
  std::filesystem::path folder;
  std::string client;
  std::string account;
};

// One also where the other fails: whoever has the password reaches the appliance until it is another one, whatever the seal
// server says.
void run_revoke(const RevokeOptions& options) {
  const enrol::Office office = enrol::Office::open(options.folder);
  auto record = enrol::find_client_record(office.journals(), options.client);
  if (!record && options.account.empty())
    fail(Reason::not_found, "There is no journal of the client " + options.client + " in " +
                                options.folder.string() +
                                ": say --account with its account at the appliance.");
  if (!record) {
    record.emplace().account = options.account;
    record->account_asked = true;
  }
  record->client = options.client;
  auto server = enrol::administration_of(office.settings());
  enrol::Attempts attempts;
  attempts.make([&] { enrol::end_password(office, *record); });
  attempts.make([&] {
    enrol::take(server.set_state(options.client, sealclient::ClientState::ended,
                                 Deadline::after(std::chrono::seconds(30))));
    enrol::revoke_keys(server, *record);
  });
  attempts.finish();
  std::cout << "The client " << printable(options.client) << " has ended: its keys are revoked";
  if (record->account_asked)
    std::cout << ", and the password of the account " << printable(record->account)
              << " is another one, which nobody has";
  std::cout << ".\n";
}

}  // namespace

void add_enrol_command(CLI::App& app) {
  const auto options = std::make_shared<EnrolOptions>();
  CLI::App* enrol = app.add_subcommand(
      "enrol", "Enrol a client: activation card, account at the appliance, both certificates");
  enrol->add_option("dir", options->folder, "The registration authority's folder, with enrol.toml")
      ->required();
  enrol->add_option("--account", options->account, "The client's account at the appliance");
  enrol->add_option("--name", options->name, "What the client is called");
  enrol->add_option("--organisation", options->organisation,
                    "The organisation's identifier, such as NTRCZ-12345678");
  enrol->add_option("--subject", options->subject,
                    "Of both requests; else made of name and organisation");
  enrol->add_option("--client", options->client,
                    "Enrol this client again: its keys are revoked, its password is reset");
  enrol->add_option("--card", options->card, "pkcs11:token=…?module-path=…")->required();
  enrol->add_option("--pin-file", options->pin_file, "The card's PIN; else it is asked for");
  enrol->add_option("--card-key", options->card_key, "ec:P-256, or rsa:2048 and longer")
      ->capture_default_str();
  enrol->add_option("--sealing-key", options->sealing_key, "rsa:3072, ec:P-256, …")
      ->capture_default_str();
  enrol->add_option("--seals-a-day", options->seals_a_day, "How many it may make on a day of UTC")
      ->check(CLI::NonNegativeNumber);
  enrol->add_option("--seals", options->seals, "How many it may make in all")
      ->check(CLI::NonNegativeNumber);
  enrol->add_flag("--new-card", options->new_card,
                  "Go on with another card than the one that was begun with");
  enrol->add_flag("--reuse-card", options->reuse_card,
                  "Take a card that another client was enrolled with");
  enrol->add_flag("--new-client", options->new_client,
                  "Add the client again where it is not known whether it was added");
  enrol->add_flag("--json", options->json, "The result as JSON");
  enrol->callback([options] { run_enrol(*options); });
}

void add_client_revoke(CLI::App& client) {
  const auto options = std::make_shared<RevokeOptions>();
  CLI::App* revoke = client.add_subcommand(
      "revoke", "End a client, revoke its keys, and reset its password at the appliance");
  revoke->add_option("dir", options->folder, "The registration authority's folder, with enrol.toml")
      ->required();
  revoke->add_option("--client", options->client, "The client's id")->required();
  revoke->add_option("--account", options->account,
                     "Its account at the appliance, where this folder has no journal of it");
  revoke->callback([options] { run_revoke(*options); });
}

}  // namespace signet::sealserver
