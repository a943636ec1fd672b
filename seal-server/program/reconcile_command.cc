// `signet-seald audit reconcile`: the register beside the appliance's journal.
#include <fstream>
#include <iostream>
#include <memory>

#include "common/printable.h"
#include "seal-server/program/commands.h"
#include "seal-server/program/settings.h"
#include "seal-server/seals/reconcile.h"

namespace signet::sealserver {

namespace {

struct ReconcileOptions {
  std::filesystem::path folder;
  std::filesystem::path journal;
  std::string from;
};

void reconcile_folder(const ReconcileOptions& options) {
  const ServerFolder folder = ServerFolder::open(options.folder);
  std::ifstream journal(options.journal);
  if (!journal) throw std::runtime_error(options.journal.string() + ": it cannot be read.");
  std::uint64_t line_number = 0;
  const auto next = [&]() -> std::optional<JournalledSignature> {
    std::string line;
    if (!std::getline(journal, line)) return std::nullopt;
    ++line_number;
    auto signature = journalled_in(line);
    if (!signature)
      throw std::runtime_error("Line " + std::to_string(line_number) + " of " +
                               options.journal.string() + " is none of a journal.");
    return signature;
  };
  std::uint64_t discrepancies = 0;
  const auto tell = [&](const Discrepancy& discrepancy) {
    ++discrepancies;
    std::cout << printable(sentence_of(discrepancy)) << '\n';
  };
  const auto sql = storage::SqlConnection::open(folder.database());
  const Reconciliation done = reconcile(*sql, next, options.from, tell);
  if (journal.bad()) throw std::runtime_error(options.journal.string() + ": it cannot be read.");
  std::cout << done.signatures << " signatures in the journal, " << done.seals
            << " sealed transactions, " << done.matched << " of both\n";
  if (discrepancies > 0)
    throw std::runtime_error(std::to_string(discrepancies) +
                             " signatures and transactions do not belong together.");
}

}  // namespace

void add_reconcile_command(CLI::App& audit) {
  CLI::App* part = audit.add_subcommand(
      "reconcile",
      "List signatures of the appliance's journal without a transaction, and sealed transactions "
      "without a signature");
  const auto options = std::make_shared<ReconcileOptions>();
  part->add_option("dir", options->folder, "The server's folder")->required();
  part->add_option("journal", options->journal,
                   "A line of JSON for each signature, as signet-emulator journal --json prints it")
      ->required();
  part->add_option("--from", options->from,
                   "Where the journal begins: transactions that ended before are passed over; RFC "
                   "3339 in UTC");
  part->callback([options] { reconcile_folder(*options); });
}

}  // namespace signet::sealserver
