// `signet-seald audit`: what an auditor asks of the register.
#include <iostream>
#include <memory>

#include "common/bounded_file.h"
#include "common/printable.h"
#include "seal-server/program/commands.h"
#include "seal-server/program/settings.h"
#include "seal-server/register/audit.h"
#include "seal-server/register/log_history.h"
#include "seal-server/register/proof.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMaxCheckpoint = 64 * 1024;  // bytes

struct AuditOptions {
  std::filesystem::path folder;
  std::filesystem::path checkpoint;  // empty: none
};

std::optional<crypto::TreeState> checkpoint_in(const std::filesystem::path& file,
                                               const LogHistory& log) {
  if (file.empty()) return std::nullopt;
  const auto note = read_file(file, kMaxCheckpoint);
  if (!note) throw std::runtime_error(note.assume_error().sentence);
  const auto tree = log.open(text_of(note.assume_value()));
  if (!tree) throw std::runtime_error(file.string() + " has no checkpoint of this log.");
  return tree;
}

void verify_register(const AuditOptions& options) {
  const ServerFolder folder = ServerFolder::open(options.folder);
  const LogIdentity log = identity_of(folder.log_key());
  const auto sql = storage::SqlConnection::open(folder.database());
  const auto kept =
      checkpoint_in(options.checkpoint, sql->snapshot([&] { return LogHistory::read(*sql, log); }));
  const Audit audit = audit_register(*sql, log, kept);
  if (!audit.fault.empty()) throw std::runtime_error(audit.fault);
  std::cout << audit.events << " events, " << audit.thinned << " of them thinned, and "
            << audit.checkpoints << " checkpoints, " << audit.time_stamps
            << " of them time-stamped: the register is whole\n";
}

struct ProofOptions {
  std::filesystem::path folder;
  std::string transaction;
  bool opened = false;
};

void print_proof(const ProofOptions& options) {
  const ServerFolder folder = ServerFolder::open(options.folder);
  const std::string& transaction = options.transaction;
  const auto sql = storage::SqlConnection::open(folder.database());
  std::cout << sql->snapshot([&] {
    const auto sequence =
        options.opened ? first_event_of(*sql, transaction) : newest_event_of(*sql, transaction);
    if (!sequence) throw std::runtime_error("The register has no transaction " + transaction + ".");
    return event_proof(*sql, *sequence);
  });
}

void add_proof(CLI::App& audit) {
  CLI::App* proof = audit.add_subcommand(
      "proof",
      "Print the proof that the last event of a transaction is in the register "
      "(C2SP tlog-proof)");
  const auto options = std::make_shared<ProofOptions>();
  proof->add_option("dir", options->folder, "The server's folder")->required();
  proof->add_option("transaction", options->transaction, "Its id")->required();
  proof->add_flag("--opened", options->opened, "Of the event with which it was opened");
  proof->callback([options] { print_proof(*options); });
}

void add_verifier_key(CLI::App& audit) {
  CLI::App* key = audit.add_subcommand(
      "key", "Print the key by which checkpoints and proofs are verified, as init printed it");
  const auto folder = std::make_shared<std::filesystem::path>();
  key->add_option("dir", *folder, "The server's folder")->required();
  key->callback([folder] {
    std::cout << verifier_key(identity_of(ServerFolder::open(*folder).log_key())) << '\n';
  });
}

}  // namespace

void add_audit_command(CLI::App& app) {
  CLI::App* audit = app.add_subcommand("audit", "The register");
  audit->require_subcommand(1);
  CLI::App* verify = audit->add_subcommand(
      "verify", "Recompute the whole register, and name the first thing that is not as it was");
  const auto options = std::make_shared<AuditOptions>();
  verify->add_option("dir", options->folder, "The server's folder")->required();
  verify->add_option("--checkpoint", options->checkpoint,
                     "A checkpoint that was kept elsewhere; the register must continue it");
  verify->callback([options] { verify_register(*options); });
  add_proof(*audit);
  add_verifier_key(*audit);
  add_reconcile_command(*audit);
}

}  // namespace signet::sealserver
