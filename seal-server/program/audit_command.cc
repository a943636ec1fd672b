// `signet-seald audit`: what an auditor asks of the register.
#include <iostream>
#include <memory>

#include "common/bounded_file.h"
#include "common/printable.h"
#include "seal-server/program/commands.h"
#include "seal-server/program/settings.h"
#include "seal-server/register/audit.h"
#include "seal-server/register/proof.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMaxCheckpoint = 64 * 1024;  // bytes

struct AuditOptions {
  std::filesystem::path folder;
  std::filesystem::path checkpoint;  // empty: none
};

std::optional<crypto::TreeState> checkpoint_in(const std::filesystem::path& file,
                                               const LogIdentity& log) {
  if (file.empty()) return std::nullopt;
  const auto note = read_file(file, kMaxCheckpoint);
  if (!note) throw std::runtime_error(note.assume_error().sentence);
  const auto tree = open_checkpoint(log, text_of(note.assume_value()));
  if (!tree) throw std::runtime_error(file.string() + " has no checkpoint of this log.");
  return tree;
}

void verify_register(const AuditOptions& options) {
  const ServerFolder folder = ServerFolder::open(options.folder);
  const LogIdentity log = identity_of(folder.log_key());
  const auto kept = checkpoint_in(options.checkpoint, log);
  const auto sql = storage::SqlConnection::open(folder.database());
  const Audit audit = audit_register(*sql, log, kept);
  if (!audit.fault.empty()) throw std::runtime_error(audit.fault);
  std::cout << audit.events << " events, " << audit.thinned << " of them thinned, and "
            << audit.checkpoints << " checkpoints: the register is whole\n";
}

void print_proof(const std::filesystem::path& dir, const std::string& transaction) {
  const ServerFolder folder = ServerFolder::open(dir);
  const auto sql = storage::SqlConnection::open(folder.database());
  std::cout << sql->snapshot([&] {
    const auto sequence = newest_event_of(*sql, transaction);
    if (!sequence) throw std::runtime_error("The register has no transaction " + transaction + ".");
    return event_proof(*sql, *sequence);
  });
}

void add_proof(CLI::App& audit) {
  CLI::App* proof = audit.add_subcommand(
      "proof",
      "Print the proof that the last event of a transaction is in the register "
      "(C2SP tlog-proof)");
  const auto folder = std::make_shared<std::filesystem::path>();
  const auto transaction = std::make_shared<std::string>();
  proof->add_option("dir", *folder, "The server's folder")->required();
  proof->add_option("transaction", *transaction, "Its id")->required();
  proof->callback([folder, transaction] { print_proof(*folder, *transaction); });
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
}

}  // namespace signet::sealserver
