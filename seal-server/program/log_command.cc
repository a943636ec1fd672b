// `signet-seald rotate-key`, `recover` and `thin`: what happens to a log in its life.
#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <iostream>
#include <memory>

#include "common/descriptor.h"
#include "common/json_text.h"
#include "seal-server/clients/clients.h"
#include "seal-server/program/commands.h"
#include "seal-server/program/settings.h"
#include "seal-server/register/log_history.h"
#include "seal-server/register/thinning.h"
#include "seal-server/register/tree_store.h"
#include "seal-server/server/json_reader.h"
#include "seal-server/store/schema.h"

namespace signet::sealserver {

namespace {

constexpr std::int64_t kThinAtOnce = 1000;  // transactions of one commit

std::string key_event(const LogIdentity& next, boost::json::object content) {
  content["verifier"] = verifier_key(next);
  return json_text(content);
}

// A repeat after a kill at any place ends in the same state: the next key is kept before the database names it, and becomes
// the key after that.
void rotate_key(const std::filesystem::path& dir) {
  const ServerFolder folder = ServerFolder::open(dir);
  const LogKey next = folder.next_log_key(folder.settings().origin);
  const LogIdentity identity = identity_of(next);
  const auto sql = storage::SqlConnection::open(folder.database());
  sql->migrate(schema());
  if (stored_log(*sql) != identity) {
    Sequencer sequencer(folder.log_key(), folder.sequencer_options());
    // This process writes nothing else, so that the event is the last one of its group.
    sequencer.write([&](Group& group) {
      const Receipt receipt = group.add({.kind = std::string(kNewLogKey),
                                         .client = {},
                                         .seal = {},
                                         .content = key_event(identity, {})});
      replace_log(group.sql(), receipt.sequence + 1, identity);
    });
  }
  folder.take_next_log_key(folder.settings().origin);
  std::cout << verifier_key(identity) << '\n';
}

struct RecoverOptions {
  std::filesystem::path folder;
  std::string origin;
};

// What the lost log had, by the checkpoint outside the database; throws where the database continues it.
crypto::TreeState lost_tree(storage::SqlConnection& sql, const KeptCheckpoint& kept,
                            const LogHistory& log, std::uint64_t size) {
  const auto lost = kept.read(log);
  if (!lost)
    throw std::runtime_error("The file " + kept.file().string() +
                             " with the newest checkpoint is missing: there is nothing to recover "
                             "from.");
  const auto root = lost->size <= size ? crypto::tree_root(lost->size, stored_nodes(sql))
                                       : crypto::TreeResult<crypto::TreeHash>(std::string());
  if (root && root.assume_value() == lost->root)
    throw std::runtime_error("The database has all that was acknowledged: nothing is lost.");
  return *lost;
}

std::uint64_t newest_size(storage::SqlConnection& sql) {
  const auto newest = newest_checkpoint(sql);
  return newest ? newest->size : 0;
}

boost::json::object lost_json(const std::string& origin, const crypto::TreeState& lost) {
  return {{"origin", origin}, {"size", lost.size}, {"root", to_hex(lost.root)}};
}

// All but what is suspended or has ended already.
void suspend_clients(Group& group) {
  for (const auto& row : group.sql().query("SELECT id FROM client WHERE state = 'active'"))
    set_client_state(group, row.text(0), "suspended");
}

// A repeat after a kill at any place goes on: the lost log's checkpoint is moved away before the database names the new log, and
// the folder names it last.
class Recovery {
 public:
  explicit Recovery(const RecoverOptions& options)
      : folder_(ServerFolder::open(options.folder)),
        origin_(options.origin),
        sql_(storage::SqlConnection::open(folder_.database())),
        lost_(folder_.checkpoint_file().string() + ".lost") {
    sql_->migrate(schema());
  }

  void run() {
    const std::string former = folder_.settings().origin;
    // The lost log's checkpoint lies there until all is done.
    if (origin_ == former && !std::filesystem::exists(lost_))
      throw std::runtime_error(
          "A new log has a new origin: two of one name contradict each other.");
    if (origin_ != former) open_log(former);
    folder_.set_origin(origin_);
    folder_.take_next_log_key(origin_);
    std::filesystem::rename(lost_, lost_.string() + "." + std::to_string(newest_size(*sql_)));
    std::cout << verifier_key(stored_log(*sql_).value()) << '\n';
  }

 private:
  void open_log(const std::string& former) {
    if (!std::filesystem::exists(folder_.next_key_file())) (void)find_loss();
    const LogIdentity next = identity_of(folder_.next_log_key(origin_));
    const crypto::TreeState lost = stored_log(*sql_) == next ? moved_loss(next) : begin(next);
    Sequencer::Options options = folder_.sequencer_options();
    options.read_key = nullptr;
    Sequencer sequencer(LogKey::read(origin_, folder_.next_key_file()), options);
    sequencer.write([&](Group& group) {
      const auto recovered = group.sql().query(
          "SELECT count(*) FROM event WHERE sequence >= (SELECT max(size) FROM former_log)");
      if (recovered.front().number(0) > 0) return;
      group.add({.kind = std::string(kRecovered),
                 .client = {},
                 .seal = {},
                 .content = key_event(next, {{"lost", lost_json(former, lost)}})});
      suspend_clients(group);
    });
  }

  LogHistory history(const LogIdentity& log) const {
    return sql_->snapshot([&] { return LogHistory::read(*sql_, log); });
  }

  crypto::TreeState find_loss() const {
    const LogIdentity former = identity_of(folder_.log_key());
    if (stored_log(*sql_) != former)
      throw std::runtime_error("The database is that of another log, or its key is another one.");
    const KeptCheckpoint kept(std::filesystem::exists(lost_) ? lost_ : folder_.checkpoint_file());
    return lost_tree(*sql_, kept, history(former), newest_size(*sql_));
  }

  crypto::TreeState moved_loss(const LogIdentity& next) const {
    const LogHistory log = history(next);
    // It is of more events than the former log has now.
    const auto tree = KeptCheckpoint(lost_).read(LogHistory(log.former().back().log));
    if (!tree) throw std::runtime_error(lost_.string() + " is missing.");
    return *tree;
  }

  // What the database has is where the new log begins.
  crypto::TreeState begin(const LogIdentity& next) {
    const crypto::TreeState lost = find_loss();
    if (!std::filesystem::exists(lost_)) std::filesystem::rename(folder_.checkpoint_file(), lost_);
    const LogHistory former = history(identity_of(folder_.log_key()));
    if (const auto newest = newest_checkpoint(*sql_))
      KeptCheckpoint(folder_.checkpoint_file()).keep(former, newest->note, newest->size);
    sql_->exclusive("log", [&] { replace_log(*sql_, newest_size(*sql_), next); });
    return lost;
  }

  const ServerFolder folder_;
  const std::string origin_;
  const std::unique_ptr<storage::SqlConnection> sql_;
  const std::filesystem::path lost_;
};

struct ThinOptions {
  std::filesystem::path folder;
  std::string before;
  std::filesystem::path file;  // empty: what is deleted is not kept
};

// Appended and on disk before anything is deleted.
class Export {
 public:
  explicit Export(const std::filesystem::path& file) : name_(file.string()) {
    if (!file.empty())
      opened_ = Descriptor(open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!file.empty() && !opened_) refuse();
  }

  void add(std::string_view lines) const {
    if (!opened_) return;
    while (!lines.empty()) {
      const ssize_t written = write(opened_.get(), lines.data(), lines.size());
      if (written < 0 && errno != EINTR) refuse();
      if (written > 0) lines.remove_prefix(static_cast<std::size_t>(written));
    }
    if (fsync(opened_.get()) != 0) refuse();
  }

 private:
  [[noreturn]] void refuse() const { throw std::runtime_error(name_ + ": " + system_text(errno)); }

  const std::string name_;
  Descriptor opened_;
};

void thin_folder(const ThinOptions& options) {
  const ServerFolder folder = ServerFolder::open(options.folder);
  const std::string before = time_in(options.before, "--before");
  const Export file(options.file);
  Sequencer sequencer(folder.log_key(), folder.sequencer_options());
  std::uint64_t events = 0;
  std::uint64_t transactions = 0;
  while (true) {
    const std::size_t done = sequencer.write([&](Group& group) {
      const auto old = old_transactions(group.sql(), before, kThinAtOnce);
      std::string lines;
      for (const std::string& id : old) lines += exported(group.sql(), id);
      file.add(lines);
      events += thin(group, old, before);
      return old.size();
    });
    transactions += done;
    if (done == 0) break;
  }
  std::cout << transactions << " transactions with " << events << " events are thinned\n";
}

}  // namespace

void add_log_commands(CLI::App& app) {
  CLI::App* rotate = app.add_subcommand(
      "rotate-key",
      "Give the log another key, which the present one signs in; prints the new verifier key");
  const auto dir = std::make_shared<std::filesystem::path>();
  rotate->add_option("dir", *dir, "The server's folder")->required();
  rotate->callback([dir] { rotate_key(*dir); });

  CLI::App* recover = app.add_subcommand(
      "recover",
      "After a backup was restored: begin a new log on what the database has; its clients are "
      "suspended. Prints the new verifier key");
  const auto recovery = std::make_shared<RecoverOptions>();
  recover->add_option("dir", recovery->folder, "The server's folder")->required();
  recover->add_option("--origin", recovery->origin, "The new log's name, another one than before")
      ->required();
  recover->callback([recovery] { Recovery(*recovery).run(); });

  CLI::App* thin = app.add_subcommand(
      "thin", "Delete what the events of old transactions tell; their entries stay");
  const auto options = std::make_shared<ThinOptions>();
  thin->add_option("dir", options->folder, "The server's folder")->required();
  thin->add_option("--before", options->before,
                   "Of transactions that ended before: RFC 3339 in UTC")
      ->required();
  thin->add_option("--export", options->file, "Append what is deleted to this file first");
  thin->callback([options] { thin_folder(*options); });
}

}  // namespace signet::sealserver
