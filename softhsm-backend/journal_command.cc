// `signet-emulator journal`: what was signed, one line a signature.
#include <iostream>

#include "common/clock.h"
#include "common/printable.h"
#include "softhsm-backend/commands.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/instance.h"
#include "softhsm-backend/journal.h"
#include "softhsm-backend/native/json_body.h"

namespace signet::emulator {

namespace {

struct JournalOptions {
  std::filesystem::path dir;
  bool json = false;
};

std::string json_line(const JournalEntry& entry) {
  boost::json::object json{{"time", utc_text(time_from(entry.time))},
                           {"account", entry.account},
                           {"keyId", entry.key_id},
                           {"algorithm", entry.algorithm},
                           {"hash", entry.hash},
                           {"digest", to_base64(entry.digest)},
                           {"signature", to_base64(entry.signature)},
                           {"reference", entry.reference},
                           {"requestId", entry.request_id},
                           {"idempotencyKey", entry.idempotency_key},
                           {"role", entry.role},
                           {"dialect", entry.dialect}};
  if (entry.salt_length) json["saltLength"] = *entry.salt_length;
  return json_text(json);
}

std::string text_line(const JournalEntry& entry) {
  std::string line = utc_text(time_from(entry.time)) + " " + entry.account + " " + entry.key_id +
                     " " + entry.algorithm + " " + entry.hash + " " + to_hex(entry.digest) + " " +
                     entry.role + " " + entry.request_id;
  if (!entry.reference.empty()) line += " " + json_text(Json(entry.reference));
  return line;
}

void print_journal(const JournalOptions& options) {
  State state = open_state(InstanceFiles(options.dir));
  state.read([&](Database& database) {
    read_journal(database, [&](const JournalEntry& entry) {
      std::cout << (options.json ? json_line(entry) : printable(text_line(entry))) << '\n';
    });
  });
}

}  // namespace

void add_journal_command(CLI::App& app) {
  const auto options = std::make_shared<JournalOptions>();
  CLI::App* journal = app.add_subcommand("journal", "Print every signature that was made");
  journal->add_option("dir", options->dir, "The folder that init made")->required();
  journal->add_flag("--json", options->json, "One JSON object per line, with digest and signature");
  journal->callback([options] { print_journal(*options); });
}

}  // namespace signet::emulator
